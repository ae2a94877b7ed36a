"""Reads fleet rollouts from Durable's instances and entities, as users see them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from durable.client import (
    Client,
    OrchestrationInstance,
    find_instance,
    index_lines,
    started_as,
)
from durable.overruled import overruled
from durable.rollouts import find_rollout
from rollout.base import Cell, Phase
from rollout.fleet import (
    MOST_FLEETS,
    ROLL_OUT_FLEET,
    FleetOrder,
    FleetProgress,
    FleetRolloutView,
    FleetSummary,
    MembersRead,
    ReadFleet,
    RolloutEnded,
    ScaleSetRow,
    WaveStatus,
    fleet_attempts,
    fleet_id_of,
    wave_id,
)
from rollout.run import (
    FLEET_INDEX_KEY,
    INDEX_KEY,
    Command,
    Control,
    RolloutSummary,
    Verb,
    rollback_id,
)

type FindFleet = Callable[[Client, str], Awaitable[FleetRolloutView | None]]


async def find_fleet(client: Client, fleet_id: str) -> FleetRolloutView | None:
    """The fleet rollout as it is now, with its running wave; None if unknown. The wave of one that
    was ended by hand goes on for a while.
    """
    found = await fleet_running_as(client, fleet_id)
    if found is None:
        return None
    _, instance = found
    said = published_fleet(instance)
    tries = fleet_attempts(FleetOrder.from_json(instance.input), said.wave)
    view = overruled(said, instance, _TERMINATED, tries)
    wave = await find_instance(client, current_wave(said)) if has_wave(said) else None
    if wave and (wave.active or view.phase.ended) and wave.custom_status:
        shown = view.with_wave(WaveStatus.from_json(wave.custom_status))
        goes_on = view.phase is said.phase
        return shown if goes_on else shown.model_copy(update={"message": view.message})
    return view


async def find_fleet_with_instances(client: Client, fleet_id: str) -> FleetRolloutView | None:
    """The same, with what the rollouts under way have done so far."""
    view, order = await find_fleet(client, fleet_id), await find_order(client, fleet_id)
    if view is None or order is None:
        return view
    running = [
        member.rollout_id
        for wave, members in zip(view.waves, order.members, strict=True)
        for member, letter in zip(members, wave.cells, strict=True)
        if letter == Cell.UPGRADING
    ]
    found = await asyncio.gather(*(find_rollout(client, rollout_id) for rollout_id in running))
    live = {rollout.id: rollout for rollout in found if rollout}
    counts = {rollout_id: rollout.counts for rollout_id, rollout in live.items()}
    seen = [shown.updated_at for shown in (view, *live.values()) if shown.updated_at]
    return view.weighed(order, counts, max(seen)) if seen else view


def published_fleet(instance: OrchestrationInstance) -> FleetRolloutView:
    """What the orchestration itself has said last."""
    order = FleetOrder.from_json(instance.input)
    if instance.custom_status:
        return FleetRolloutView.from_status(instance.custom_status, order)
    if order.resume and order.resume.started_at:
        began = order.resume.started_at
        return FleetProgress.begun(order, began).view(began)
    if order.rollback and not order.resume:
        return FleetProgress.to_roll_back(order, order.rollback).view(order.rollback.started_at)
    return FleetRolloutView.waiting(order)


def has_wave(view: FleetRolloutView) -> bool:
    """Whether a wave may be running."""
    return view.wave > 0 and not view.phase.ended


def current_wave(view: FleetRolloutView) -> str:
    """The id of the current or last wave."""
    return wave_id(view.id, view.wave, rolling_back=view.phase is Phase.ROLLING_BACK)


async def find_order(client: Client, fleet_id: str) -> FleetOrder | None:
    """What the fleet rollout of that id was started with; None if unknown."""
    instance = await started_as(client, fleet_id)
    return instance.started_with(ROLL_OUT_FLEET, FleetOrder) if instance else None


async def read_fleet(client: Client, task: ReadFleet) -> MembersRead:
    """Whether that fleet rollout has ended, and how."""
    view = await find_fleet(client, task.fleet_id)
    if view is None:
        return MembersRead(missing=[task.fleet_id])
    if not view.phase.ended:
        return MembersRead()
    untouched = await _untouched(client, view)
    return MembersRead(ended=[RolloutEnded.of(view)], untouched=untouched)


async def rolled_as(client: Client, version_id: str, version: str) -> str | None:
    """The fleet rollout of a published version that runs or has touched an instance; None if there
    is none, so that it may be rolled (again).
    """
    for attempt in range(1, MOST_FLEETS + 1):
        fleet_id = fleet_id_of(version_id, version, attempt)
        read = await read_fleet(client, ReadFleet(fleet_id=fleet_id))
        if read.missing:
            return None
        if not read.untouched:
            return fleet_id
    return fleet_id_of(version_id, version, MOST_FLEETS)


async def _untouched(client: Client, view: FleetRolloutView) -> bool:
    """Whether it failed, and no rollout of it touched an instance; one that was refused is no
    longer there, or never was.
    """
    order = await find_order(client, view.id)
    if view.phase is not Phase.FAILED or order is None or Cell.DONE in "".join(view.cells):
        return False
    for members in order.members:
        for member in members:
            rollout = await find_rollout(client, member.rollout_id)
            if rollout and not rollout.untouched:
                return False
    return True


async def control_of_fleet(client: Client, fleet_id: str) -> Control:
    """What the operator wants of that fleet rollout now. One that has ended begins nothing more."""
    view = await find_fleet(client, fleet_id)
    if view is None or view.phase.ended:
        return Control(ending=_ENDED)
    return view.control


_ENDED = Command(verb=Verb.ABORT, by="the end of its fleet rollout")
"""What a wave is told that goes on although its fleet rollout was terminated or purged by hand."""


async def fleet_running_as(
    client: Client, fleet_id: str
) -> tuple[str, OrchestrationInstance] | None:
    """The orchestration that the fleet rollout is now, with its id: its rollback, if there is
    one.
    """
    for instance_id in (rollback_id(fleet_id), fleet_id):
        instance = await find_instance(client, instance_id)
        if instance and instance.started_with(ROLL_OUT_FLEET, FleetOrder):
            return instance_id, instance
    return None


_TERMINATED = (
    "Terminated through Durable's management API: nothing more of it begins, and what had begun "
    "ends by itself: look at its rollouts"
)


async def list_fleets(client: Client) -> list[FleetSummary]:
    """Every fleet rollout, newest first; active ones as they are now."""
    return [
        await fleet_now(client, line, find_fleet_with_instances)
        for line in await listed_fleets(client)
    ]


async def listed_fleets(client: Client) -> list[FleetSummary]:
    """The lines of the list as they were written, newest first."""
    return [FleetSummary.from_json(line) for line in await index_lines(client, FLEET_INDEX_KEY)]


async def fleet_now(
    client: Client, line: FleetSummary, find: FindFleet = find_fleet
) -> FleetSummary:
    """The line as it is now; `find` says how much is read for that."""
    if line.phase.ended:
        return line
    view = await find(client, line.id)
    return FleetSummary.of(view) if view else line.vanished()


async def list_rows(client: Client, view: FleetRolloutView) -> list[ScaleSetRow]:
    """A row per scale set, in the order in which they begin."""
    order = await find_order(client, view.id)
    lines = {line["id"]: line for line in await index_lines(client, INDEX_KEY)}
    rows = [
        ScaleSetRow(
            scale_set=member.scale_set,
            wave=wave.name,
            rollout_id=member.rollout_id,
            state=Cell(letter).state,
        )
        for wave, members in zip(view.waves, order.members if order else [], strict=True)
        for member, letter in zip(members, wave.cells, strict=True)
    ]
    return [await _row_now(client, row, lines.get(row.rollout_id)) for row in rows]


async def _row_now(client: Client, row: ScaleSetRow, line: dict[str, Any] | None) -> ScaleSetRow:
    """The list of rollouts, with that line, is updated when a rollout begins and ends, not in
    between.
    """
    running = row.state == Cell.UPGRADING.state
    if found := await find_rollout(client, row.rollout_id) if running else None:
        return row.of_rollout(found)
    return row.of_rollout(RolloutSummary.from_json(line)) if line else row
