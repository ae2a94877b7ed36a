"""Finds what ended long ago: rollouts, fleet rollouts, and events of followed images."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import azure.durable_functions as df

from durable.client import Client, started_as
from durable.fleets import find_order, list_fleets
from durable.follow import list_followed
from durable.record import read_parts
from durable.rollouts import list_rollouts
from rollout.fleet import ROLL_OUT_FLEET, FleetSummary
from rollout.retention import Expired, FindExpired, OldEvents
from rollout.run import ROLL_OUT, RolloutSummary, older_parts

PAGE = 100
"""How many instances Durable returns at most; the client cannot ask for the next page."""
_MOST_ASKED = 50
_NARROWEST = timedelta(minutes=1)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_OVER = [
    df.OrchestrationRuntimeStatus.Completed,
    df.OrchestrationRuntimeStatus.Failed,
    df.OrchestrationRuntimeStatus.Terminated,
]


async def find_expired(client: Client, task: FindExpired) -> Expired:
    """The listed rollouts and fleet rollouts that ended before then, oldest first; then those that
    are no longer listed (a list keeps only the newest); and followed images with old events. The
    rollouts of a fleet rollout are kept as long as it is: it may be rolled back.
    """
    rollouts, fleets = await list_rollouts(client), await list_fleets(client)
    old_fleets = await _ended_before(client, fleets, task.before)
    stays = [fleet.id for fleet in fleets if fleet.id not in old_fleets]
    spared = {member for fleet_id in stays for member in await _members(client, fleet_id)}
    others = [rollout for rollout in rollouts if rollout.id not in spared]
    old = await _ended_before(client, others, task.before) | old_fleets
    chosen = sorted(old, key=old.__getitem__)[: task.most]
    is_fleet = {rollout_id: rollout_id in old_fleets for rollout_id in chosen}
    if len(chosen) < task.most:
        known = spared.union(summary.id for summary in [*rollouts, *fleets])
        async for instance in _roots(client, task.before):
            if instance.instance_id not in known and len(is_fleet) < task.most:
                is_fleet[instance.instance_id] = instance.name == ROLL_OUT_FLEET
    return Expired(
        rollout_ids=[rollout_id for rollout_id, fleet in is_fleet.items() if not fleet],
        fleet_ids=[rollout_id for rollout_id, fleet in is_fleet.items() if fleet],
        followed=(await _with_old_events(client, task.before))[: task.most],
    )


async def _ended_before[T: (RolloutSummary, FleetSummary)](
    client: Client, listed: list[T], before: datetime
) -> dict[str, datetime]:
    """Those that ended before then, and when; the list is newest first."""
    ends = {summary.id: await _end(client, summary) for summary in reversed(listed)}
    return {rollout_id: end for rollout_id, end in ends.items() if end and end < before}


async def _end(client: Client, summary: RolloutSummary | FleetSummary) -> datetime | None:
    """A rollout that was terminated or purged by hand could not report when it ended."""
    when = summary.finished_at or summary.started_at
    over = summary.phase.ended or await started_as(client, summary.id) is None
    return when if over else None


async def _members(client: Client, fleet_id: str) -> list[str]:
    order = await find_order(client, fleet_id)
    return [member.rollout_id for wave in order.members for member in wave] if order else []


async def _roots(client: Client, before: datetime) -> AsyncIterator[Any]:
    """The instances of rollouts and fleet rollouts that began before then and are not running."""
    async for instance in _begun(client, before):
        if instance.name in {ROLL_OUT, ROLL_OUT_FLEET} and ":" not in instance.instance_id:
            yield instance


async def _begun(client: Client, before: datetime) -> AsyncIterator[Any]:
    """Everything that began before then and is not running, possibly with duplicates. A window for
    which Durable returns a full page is split in half, so that nothing is hidden behind the page.
    """
    windows = [(_LONG_AGO, before)]
    for _ in range(_MOST_ASKED):
        if not windows:
            return
        first, last = windows.pop()
        page = await client.get_status_by(first, last, _OVER)
        for instance in page:
            yield instance
        if len(page) == PAGE and last - first > _NARROWEST:
            middle = first + (last - first) / 2
            windows += [(middle, last), (first, middle)]


async def _with_old_events(client: Client, before: datetime) -> list[OldEvents]:
    """What is to be trimmed of the logs of followed images."""
    found = [await _old_events(client, image.id, before) for image in await list_followed(client)]
    return [old for old in found if old.parts or old.whole]


async def _old_events(client: Client, followed_id: str, before: datetime) -> OldEvents:
    parts, whole = older_parts(await read_parts(client, followed_id), before)
    return OldEvents(id=followed_id, parts=parts, whole=whole)
