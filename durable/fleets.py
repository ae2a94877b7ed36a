"""Reads fleet rollouts from Durable's instances and entities, as users see them."""

from typing import Any

from durable.client import Client, OrchestrationInstance, entity_state, find_instance, raised
from durable.overruled import overruled
from durable.rollouts import find_rollout
from rollout.base import Cell, Phase
from rollout.fleet import (
    ROLL_OUT_FLEET,
    FleetOrder,
    FleetRolloutView,
    FleetSummary,
    ScaleSetRow,
    WaveStatus,
    wave_id,
)
from rollout.run import COMMAND, FLEET_INDEX_KEY, INDEX_ENTITY, INDEX_KEY, Command, rollback_id


async def find_fleet(client: Client, fleet_id: str) -> FleetRolloutView | None:
    """The fleet rollout as it is now, with its running wave; None if unknown."""
    found = await _running(client, fleet_id)
    if found is None:
        return None
    _, instance = found
    view = _view_of(FleetOrder.from_json(instance.input), instance)
    wave = await find_instance(client, _wave_id(view)) if _has_wave(view) else None
    if wave and wave.active and wave.custom_status:
        return view.with_wave(WaveStatus.from_json(wave.custom_status))
    return view


def _has_wave(view: FleetRolloutView) -> bool:
    return view.wave > 0 and not view.phase.ended


def _wave_id(view: FleetRolloutView) -> str:
    """The id of the current or last wave."""
    return wave_id(view.id, view.wave, rolling_back=view.phase is Phase.ROLLING_BACK)


async def find_order(client: Client, fleet_id: str) -> FleetOrder | None:
    """What the fleet rollout of that id was started with; None if unknown."""
    instance = await find_instance(client, fleet_id)
    if instance is None or instance.name != ROLL_OUT_FLEET:
        return None
    return FleetOrder.from_json(instance.input)


async def send_command_to_fleet(client: Client, fleet_id: str, command: Command) -> bool:
    """Send a command to a fleet rollout, and then to the running wave, which forwards it to its
    rollouts; False if the fleet rollout has ended meanwhile. A wave that begins at this very moment
    checks for itself before each start (`holding_command`).
    """
    found = await _running(client, fleet_id)
    if found is None or not await raised(client, found[0], COMMAND, command):
        return False
    view = await find_fleet(client, fleet_id)
    wave = await find_instance(client, _wave_id(view)) if view and _has_wave(view) else None
    if view and wave and wave.active:
        await raised(client, _wave_id(view), COMMAND, command)
    return True


async def holding_command(client: Client, fleet_id: str) -> Command | None:
    """The command because of which nothing more of that fleet rollout begins now: an abort or a
    rollback, else a pause; None if there is none.
    """
    view = await find_fleet(client, fleet_id)
    return (view.control.ending or view.control.paused) if view else None


async def _running(client: Client, fleet_id: str) -> tuple[str, OrchestrationInstance] | None:
    """The instance that represents it now: the rollback, if there is one."""
    forward = await find_instance(client, fleet_id)
    if forward is None or forward.name != ROLL_OUT_FLEET:
        return None
    rollback = await find_instance(client, rollback_id(fleet_id))
    return (rollback_id(fleet_id), rollback) if rollback else (fleet_id, forward)


def _view_of(order: FleetOrder, instance: OrchestrationInstance) -> FleetRolloutView:
    if instance.custom_status:
        view = FleetRolloutView.from_status(instance.custom_status, order)
    else:
        view = FleetRolloutView.waiting(order)
    return overruled(view, instance, _TERMINATED)


_TERMINATED = "Terminated through Durable's management API: its rollouts go on, look at them"


async def is_listed(client: Client, fleet_id: str) -> bool:
    """Whether the fleet rollout is in the list yet: overlaps are detected by that list."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, FLEET_INDEX_KEY) or {}
    return fleet_id in state


async def list_fleets(client: Client) -> list[FleetSummary]:
    """Every fleet rollout, newest first; active ones as they are now."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, FLEET_INDEX_KEY) or {}
    listed = [FleetSummary.from_json(line) for line in reversed(state.values())]
    return [await _now(client, summary) for summary in listed]


async def _now(client: Client, summary: FleetSummary) -> FleetSummary:
    view = None if summary.phase.ended else await find_fleet(client, summary.id)
    return FleetSummary.of(view) if view else summary


async def list_rows(client: Client, view: FleetRolloutView) -> list[ScaleSetRow]:
    """A row per scale set, in the order in which they begin."""
    order = await find_order(client, view.id)
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, INDEX_KEY) or {}
    rows = [
        ScaleSetRow(
            scale_set=member.scale_set,
            wave=wave.name,
            rollout_id=member.rollout_id,
            state=Cell(letter).state,
            message=state.get(member.rollout_id, {}).get("message", ""),
        )
        for wave, members in zip(view.waves, order.members if order else [], strict=True)
        for member, letter in zip(members, wave.cells, strict=True)
    ]
    return [await _row_now(client, row) for row in rows]


async def _row_now(client: Client, row: ScaleSetRow) -> ScaleSetRow:
    """The list of rollouts is updated when a rollout begins and ends, not in between."""
    running = row.state == Cell.UPGRADING.state
    found = await find_rollout(client, row.rollout_id) if running else None
    return row.model_copy(update={"message": found.message}) if found else row
