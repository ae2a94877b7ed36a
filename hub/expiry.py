"""Finds what ended long ago: rollouts, fleet rollouts, and events of followed images."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import azure.durable_functions as df

from hub.announcing import list_followed
from hub.durable import Client, entity_state, find_instance
from hub.fleets import find_order, list_fleets
from hub.rollouts import list_rollouts
from rollout.fleet_view import FleetSummary
from rollout.names import ROLL_OUT, ROLL_OUT_FLEET
from rollout.record import RECORD_ENTITY, Summary, older_events
from rollout.retention import Expired, FindExpired

PAGE = 100
"""How many instances Durable answers at most; the client cannot ask for the next ones."""
_MOST_ASKED = 50
_NARROWEST = timedelta(minutes=1)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_OVER = [
    df.OrchestrationRuntimeStatus.Completed,
    df.OrchestrationRuntimeStatus.Failed,
    df.OrchestrationRuntimeStatus.Terminated,
]


async def find_expired(client: Client, task: FindExpired) -> Expired:
    """The rollouts and fleet rollouts of the lists that ended before, the oldest first, then those
    that are in the lists no more (they keep the newest only); and followed images with old events.

    The rollouts of a fleet rollout stay as long as it does: it may be rolled back.
    """
    rollouts, fleets = await list_rollouts(client), await list_fleets(client)
    old_fleets = await _ended_before(client, fleets, task.before)
    stays = [one.id for one in fleets if one.id not in old_fleets]
    spared = {member for one in stays for member in await _members(client, one)}
    others = [one for one in rollouts if one.id not in spared]
    old = await _ended_before(client, others, task.before) | old_fleets
    chosen = sorted(old, key=old.__getitem__)[: task.most]
    is_fleet = {one: one in old_fleets for one in chosen}
    if len(chosen) < task.most:
        known = spared.union(one.id for one in [*rollouts, *fleets])
        async for one in _roots(client, task.before):
            if one.instance_id not in known and len(is_fleet) < task.most:
                is_fleet[one.instance_id] = one.name == ROLL_OUT_FLEET
    return Expired(
        rollout_ids=[one for one, fleet in is_fleet.items() if not fleet],
        fleet_ids=[one for one, fleet in is_fleet.items() if fleet],
        followed_ids=(await _with_old_events(client, task.before))[: task.most],
    )


async def _ended_before[T: (Summary, FleetSummary)](
    client: Client, listed: list[T], before: datetime
) -> dict[str, datetime]:
    """Those that did, and when; the list is newest first."""
    ends = {one.id: await _end(client, one) for one in reversed(listed)}
    return {one: end for one, end in ends.items() if end and end < before}


async def _end(client: Client, summary: Summary | FleetSummary) -> datetime | None:
    """One that somebody terminated or purged by hand could not say when it ended."""
    when = summary.finished_at or summary.started_at
    over = summary.phase.ended or await find_instance(client, summary.id) is None
    return when if over else None


async def _members(client: Client, fleet_id: str) -> list[str]:
    order = await find_order(client, fleet_id)
    return [one.rollout_id for wave in order.members for one in wave] if order else []


async def _roots(client: Client, before: datetime) -> AsyncIterator[Any]:
    """The instances of rollouts and fleet rollouts that began before then and run no more."""
    async for one in _begun(client, before):
        if one.name in {ROLL_OUT, ROLL_OUT_FLEET} and ":" not in one.instance_id:
            yield one


async def _begun(client: Client, before: datetime) -> AsyncIterator[Any]:
    """Everything that began before then and runs no more; some of it more than once. A time of
    which Durable answers a full page is asked for in halves: so nothing hides behind the page.
    """
    windows = [(_LONG_AGO, before)]
    for _ in range(_MOST_ASKED):
        if not windows:
            return
        first, last = windows.pop()
        page = await client.get_status_by(first, last, _OVER)
        for one in page:
            yield one
        if len(page) == PAGE and last - first > _NARROWEST:
            middle = first + (last - first) / 2
            windows += [(middle, last), (first, middle)]


async def _with_old_events(client: Client, before: datetime) -> list[str]:
    """The followed images whose records tell of something before then."""
    ids = [one.id for one in await list_followed(client)]
    return [
        one for one in ids if older_events(await entity_state(client, RECORD_ENTITY, one), before)
    ]
