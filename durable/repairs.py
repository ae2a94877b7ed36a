"""Automatic repairs that rollouts have left suspended, from the list of them."""

from durable.client import Client, find_instance, index_lines
from durable.lock import owner_now
from durable.record import read_record
from durable.rollouts import listed_rollouts, published
from rollout.inventory import ScaleSetId
from rollout.run import (
    REPAIRS_INDEX_KEY,
    RepairsLine,
    RolloutSummary,
    RolloutView,
    SuspendedRepairs,
    last_position,
)


async def repairs_lines(client: Client) -> dict[str, RepairsLine]:
    """The lines of the list, by the ids of the rollouts."""
    found = await index_lines(client, REPAIRS_INDEX_KEY)
    return {line.id: line for line in map(RepairsLine.from_json, found)}


async def repairs_shown_by(client: Client, owner: str) -> SuspendedRepairs | None:
    """What the rollout that runs as `owner` says of the repairs that it has suspended; None if it
    has not, or has ended.
    """
    instance = await find_instance(client, owner)
    return published(owner, instance).repairs if instance and instance.active else None


async def are_repairs_left(client: Client) -> bool:
    """Whether automatic repairs are suspended, or were suspended by what still runs."""
    return any(line.pending for line in (await repairs_lines(client)).values())


async def with_repairs[V: (RolloutView, RolloutSummary)](client: Client, views: list[V]) -> list[V]:
    """The views or lines; of those that have ended, with what has become of their automatic repairs
    since.
    """
    if not any(view.phase.ended and view.repairs for view in views):
        return views
    lines = await repairs_lines(client)
    return [
        view.with_repairs(lines[view.id]) if view.phase.ended and view.id in lines else view
        for view in views
    ]


async def scale_set_held_by(client: Client, scale_set: ScaleSetId) -> str | None:
    """The id of the rollout that has this scale set now."""
    return await owner_now(client, scale_set, await listed_rollouts(client))


async def events_written(client: Client, rollout_id: str) -> int:
    """How many events the rollout has written."""
    return last_position(await read_record(client, rollout_id))
