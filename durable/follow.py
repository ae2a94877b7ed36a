"""Notifies the follower of an image that a version of it was published."""

from durable.client import (
    Client,
    OrchestrationInstance,
    add_to_list,
    find_instance,
    index_lines,
    raised,
    start_once,
)
from durable.fleets import rolled_as
from durable.record import read_record
from durable.until import LOOKS, until
from rollout.follow import (
    FOLLOW_IMAGE,
    PUBLISHED,
    FollowedImage,
    FollowOrder,
    FollowState,
    FollowStatus,
    Publication,
    follow_id,
)
from rollout.inventory import by_number
from rollout.run import FOLLOWED_INDEX_KEY, last_position


class NotDelivered(Exception):  # noqa: N818
    """Raised if it is not certain that a version was noted: it has to be sent again."""


async def notify(client: Client, publication: Publication) -> str:
    """Notify the follower of the image; repeating it has no effect. Returns a log line with the
    result. Raises NotDelivered.
    """
    for _ in range(LOOKS):
        if line := await _notified(client, publication):
            return line
    raise _not_delivered(publication)


async def _notified(client: Client, publication: Publication) -> str | None:
    """The log line; None if the follower ended at this very moment: look again."""
    instance_id = follow_id(publication.definition)
    instance = await find_instance(client, instance_id)
    if instance and instance.active:
        noted = await _noted(client, instance_id, instance, publication)
        return f"{instance_id} has noted version {publication.version}" if noted else None
    if instance and (known := _known(instance, publication)):
        return known
    if fleet_id := await rolled_as(client, publication.version_id, publication.version):
        return f"version {publication.version} needs nothing: fleet rollout {fleet_id} rolls it"
    order = FollowOrder(publication=publication)
    if instance and instance.status == "Failed" and (status := _status(instance)):
        order = order.at_newer(status.newest)
    order = await numbered(client, instance_id, order)
    started = await start_once(client, FOLLOW_IMAGE, instance_id, order.to_json())
    line = FollowedImage.waiting(instance_id, order.publication)
    await add_to_list(client, FOLLOWED_INDEX_KEY, line)
    return f"{instance_id} follows version {publication.version}" if started else None


async def numbered(client: Client, instance_id: str, order: FollowOrder) -> FollowOrder:
    """The order of a follower whose events come after those that are in the log."""
    events = last_position(await read_record(client, instance_id))
    return order.model_copy(update={"events": events})


def _not_delivered(publication: Publication) -> NotDelivered:
    instance_id = follow_id(publication.definition)
    message = f"{instance_id} did not answer about version {publication.version}"
    return NotDelivered(f"{message}: Event Grid sends it again")


async def _noted(
    client: Client, instance_id: str, instance: OrchestrationInstance, publication: Publication
) -> bool:
    """Whether the running follower handles that version or a newer one, or has noted it; False if
    it ended at this very moment. What changes nothing is not raised, and nothing is to one that
    hears no more: it has a newer version, and a new one goes on from that. Raises NotDelivered if
    it does not react.
    """
    status, order = _status(instance), FollowOrder.from_json(instance.input)
    newest = status.newest if status else order.publication.version
    if not publication.newer_than(newest):
        return True
    if status and status.full:
        raise _not_delivered(publication)
    await raised(client, instance_id, PUBLISHED, publication)

    async def noted() -> bool | None:
        now = await find_instance(client, instance_id)
        if now is None or not now.active:
            return False
        status = _status(now)
        return True if status and not publication.newer_than(status.newest) else None

    answer = await until(noted)
    if answer is None:
        raise _not_delivered(publication)
    return answer


def _status(instance: OrchestrationInstance) -> FollowStatus | None:
    return FollowStatus.from_json(instance.custom_status) if instance.custom_status else None


def _known(instance: OrchestrationInstance, publication: Publication) -> str | None:
    """Why a version needs nothing: it, or a newer one, was rolled. A version that was not usable
    then may be now.
    """
    if instance.status != "Completed":
        return None
    last = FollowedImage.from_json(instance.output)
    if last.state is FollowState.ROLLED and not publication.newer_than(last.version):
        return f"version {publication.version} needs nothing: {last.version} was rolled"
    if by_number(last.version) > by_number(publication.version):
        return f"version {publication.version} is older than {last.version}"
    return None


async def list_followed(client: Client) -> list[FollowedImage]:
    """The images that are followed, each with its last version."""
    lines = [
        FollowedImage.from_json(line) for line in await index_lines(client, FOLLOWED_INDEX_KEY)
    ]
    return [await _followed_now(client, line) for line in lines]


async def _followed_now(client: Client, line: FollowedImage) -> FollowedImage:
    """The line as it is now: it is written when a version begins and ends, and meanwhile the
    follower says what it waits for. One that was ended from outside could not update it.
    """
    if not line.active:
        return line
    follower = await find_instance(client, line.id)
    if follower is None or follower.status == "Terminated":
        return line.ended_by_hand()
    status = _status(follower)
    return line.with_message_of(status) if status else line
