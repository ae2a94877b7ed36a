"""From Durable's instances and entities to what people see of fleet rollouts."""

from typing import Any

from hub.durable import Client, Instance, entity_state, find_instance, raised
from hub.rollouts import find_rollout
from rollout.cell import Cell
from rollout.command import Command
from rollout.fleet_order import FleetOrder, WaveStatus
from rollout.fleet_view import FleetRolloutView, FleetSummary, ScaleSetRow
from rollout.names import COMMAND, ROLL_OUT_FLEET, rollback_id, wave_id
from rollout.phase import Phase
from rollout.record import FLEET_INDEX_KEY, INDEX_ENTITY, INDEX_KEY


async def find_fleet(client: Client, fleet_id: str) -> FleetRolloutView | None:
    """The fleet rollout as it is now, with the wave that is running; None if unknown."""
    found = await _running(client, fleet_id)
    if found is None:
        return None
    _, instance = found
    order = FleetOrder.from_json(instance.input)
    view = _view_of(order, instance)
    if view.phase.ended or not view.wave:
        return view
    back = view.phase is Phase.ROLLING_BACK
    wave = await find_instance(client, wave_id(fleet_id, view.wave, back=back))
    if wave and wave.active and wave.custom_status:
        return view.with_wave(WaveStatus.from_json(wave.custom_status))
    return view


async def find_order(client: Client, fleet_id: str) -> FleetOrder | None:
    """What the fleet rollout of that id was started with; None if unknown."""
    instance = await find_instance(client, fleet_id)
    if instance is None or instance.name != ROLL_OUT_FLEET:
        return None
    return FleetOrder.from_json(instance.input)


async def _listening(client: Client, fleet_id: str) -> str:
    """The id of the orchestration that hears verbs now."""
    found = await _running(client, fleet_id)
    return found[0] if found else fleet_id


async def tell(client: Client, view: FleetRolloutView, command: Command) -> bool:
    """Tell a fleet rollout a verb, and the wave that runs, which passes it on to its rollouts;
    False when it has ended meanwhile.
    """
    if not await raised(client, await _listening(client, view.id), COMMAND, command):
        return False
    back = view.phase is Phase.ROLLING_BACK
    wave = await find_instance(client, wave_id(view.id, view.wave, back=back))
    if wave and wave.active:
        await raised(client, wave_id(view.id, view.wave, back=back), COMMAND, command)
    return True


async def _running(client: Client, fleet_id: str) -> tuple[str, Instance] | None:
    """The instance that speaks for it: the way back, where there is one."""
    there = await find_instance(client, fleet_id)
    if there is None or there.name != ROLL_OUT_FLEET:
        return None
    back = await find_instance(client, rollback_id(fleet_id))
    return (rollback_id(fleet_id), back) if back else (fleet_id, there)


def _view_of(order: FleetOrder, instance: Instance) -> FleetRolloutView:
    if instance.custom_status:
        view = FleetRolloutView.from_status(instance.custom_status, order)
    else:
        view = FleetRolloutView.waiting(order)
    if view.phase.ended or instance.status not in _OVERRULED:
        return view
    phase, message = _OVERRULED[instance.status]
    return view.model_copy(update={"phase": phase, "message": message, "verbs": []})


_OVERRULED = {
    "Suspended": (Phase.PAUSED, "Suspended through Durable's management API: resume it there"),
    "Terminated": (
        Phase.ABORTED,
        "Terminated through Durable's management API: its rollouts go on, look at them",
    ),
    "Failed": (
        Phase.FAILED,
        "The orchestration itself failed: see the output of its Durable instance",
    ),
}


async def is_listed(client: Client, fleet_id: str) -> bool:
    """Whether the list of fleet rollouts has heard of it: by that list, two are kept apart."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, FLEET_INDEX_KEY) or {}
    return fleet_id in state


async def list_fleets(client: Client) -> list[FleetSummary]:
    """Every fleet rollout, newest first; those that still run as they are now."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, FLEET_INDEX_KEY) or {}
    listed = [FleetSummary.from_json(one) for one in reversed(state.values())]
    return [await _now(client, one) for one in listed]


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
            state=Cell(letter).word,
            message=state.get(member.rollout_id, {}).get("message", ""),
        )
        for wave, members in zip(view.waves, order.members if order else [], strict=True)
        for member, letter in zip(members, wave.cells, strict=True)
    ]
    return [await _row_now(client, row) for row in rows]


async def _row_now(client: Client, row: ScaleSetRow) -> ScaleSetRow:
    """The list of rollouts is told of a rollout when it begins and when it ends, not in between."""
    running = row.state == Cell.UPGRADING.word
    found = await find_rollout(client, row.rollout_id) if running else None
    return row.model_copy(update={"message": found.message}) if found else row
