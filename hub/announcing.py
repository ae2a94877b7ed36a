"""Telling whoever follows an image that a version of it was published."""

import asyncio
from typing import Any

from hub.durable import Client, Instance, entity_state, find_instance, raised, start_once
from rollout.fleet_order import fleet_id_of
from rollout.follow_task import FollowedImage, FollowOrder, FollowStatus
from rollout.image import by_number
from rollout.names import FOLLOW_IMAGE, PUBLISHED, follow_id
from rollout.publication import Publication
from rollout.record import FOLLOWED_INDEX_KEY, INDEX_ENTITY

_LOOKS, _BETWEEN_LOOKS_SECONDS = 100, 0.1


class NotHeard(Exception):  # noqa: N818
    """Raised when it is not certain that the version was heard of: it has to be told again."""


async def announce(client: Client, publication: Publication) -> str:
    """Tell it once, however often it is called: a line for the log that says what came of it.
    Raises NotHeard.
    """
    instance_id = follow_id(publication.definition)
    for _ in range(_LOOKS):
        instance = await find_instance(client, instance_id)
        if instance and instance.active:
            if await _heard(client, instance_id, instance, publication):
                return f"{instance_id} has heard of version {publication.version}"
            continue  # it ended meanwhile: look again
        if instance and (known := _known(instance, publication)):
            return known
        fleet_id = fleet_id_of(publication.version_id, publication.version)
        if await find_instance(client, fleet_id):
            return f"version {publication.version} needs nothing: fleet rollout {fleet_id} rolls it"
        payload = FollowOrder(publication=publication).to_json()
        if await start_once(client, FOLLOW_IMAGE, instance_id, payload):
            return f"{instance_id} follows version {publication.version}"
    raise _not_heard(instance_id, publication)


def _not_heard(instance_id: str, publication: Publication) -> NotHeard:
    told = f"{instance_id} did not answer about version {publication.version}"
    return NotHeard(f"{told}: Event Grid sends it again")


async def _heard(
    client: Client, instance_id: str, instance: Instance, publication: Publication
) -> bool:
    """Whether the one that runs is about that version or a newer one, or has noted it; False when
    it has ended in this very moment and hears nothing any more. Raises NotHeard when it is silent.
    """
    if instance.input == FollowOrder(publication=publication).to_json() and not _status(instance):
        return True
    await raised(client, instance_id, PUBLISHED, publication)
    for _ in range(_LOOKS):
        now = await find_instance(client, instance_id)
        if now is None or not now.active:
            return False
        status = _status(now)
        if status and by_number(status.heard) >= by_number(publication.version):
            return True
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    raise _not_heard(instance_id, publication)


def _status(instance: Instance) -> FollowStatus | None:
    return FollowStatus.from_json(instance.custom_status) if instance.custom_status else None


def _known(instance: Instance, publication: Publication) -> str | None:
    """Why a version needs nothing: it, or a newer one, was rolled. What was not usable then may be
    so now.
    """
    if instance.status != "Completed":
        return None
    last = FollowedImage.from_json(instance.output)
    if last.rolled and not publication.newer_than(last.version):
        return f"version {publication.version} needs nothing: {last.version} was rolled"
    if by_number(last.version) > by_number(publication.version):
        return f"version {publication.version} is older than {last.version}"
    return None


async def list_followed(client: Client) -> list[FollowedImage]:
    """The images that are followed, each with its last version."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, FOLLOWED_INDEX_KEY) or {}
    return [FollowedImage.from_json(one) for one in reversed(state.values())]
