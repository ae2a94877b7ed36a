"""One rollout per scale set: whoever holds it, is alone."""

from typing import Any

from orchestrators.context import Context, Steps
from orchestrators.hands import Hands
from orchestrators.journal import Journal
from orchestrators.repairs import restored
from rollout.event import EventKind
from rollout.fleet_order import MemberEnded
from rollout.fleet_task import TellWave
from rollout.names import ROLL_OUT, rollback_id
from rollout.order import RolloutOrder
from rollout.phase import Phase
from rollout.problem import ArmError, shortened
from rollout.task import RepairsState, SetRepairs


def hold_scale_set(context: Context) -> Steps[dict[str, Any]]:
    """Runs the rollout it is given. Its instance id is made from the scale set's id, and Durable
    starts an id only once while it runs: of any number of simultaneous starts exactly one wins.
    The hold cannot be left behind, because it ends with the rollout, whatever its end is.
    """
    payload = context.get_input()
    result = yield from _held(context, payload)
    if wave := payload.get("wave"):
        told = TellWave(wave=wave, ended=_end_of(payload["id"], result))
        yield context.call_activity("tell_wave", told.to_json())
    return result


def _held(context: Context, payload: dict[str, Any]) -> Steps[dict[str, Any]]:
    instance_id = rollback_id(payload["id"]) if payload.get("back") else payload["id"]
    try:
        return (yield context.call_sub_orchestrator(ROLL_OUT, payload, instance_id))
    except Exception as error:  # noqa: BLE001 - terminated or broken, the scale set is free again
        yield from _tidied_up(context, RolloutOrder.from_json(payload), str(error))
        return {"id": payload["id"], "error": str(error)}


def _end_of(rollout_id: str, result: dict[str, Any]) -> MemberEnded:
    """What the wave is told: the last view, or that the rollout was ended from outside."""
    message = result.get("message") or f"ended from outside: {result.get('error')}"
    phase = Phase(result.get("phase") or Phase.FAILED)
    return MemberEnded(rollout_id=rollout_id, phase=phase, message=shortened(message, _TOLD))


_TOLD = 1000  # characters


def _tidied_up(context: Context, order: RolloutOrder, error: str) -> Steps[None]:
    """Undo what a rollout that was ended from outside could not undo itself."""
    journal, hands = Journal(context, order.id), Hands(context)
    journal.write(
        EventKind.BROKEN_OFF,
        "The rollout was ended from outside, in the middle of its work: look at the instances",
        error=error,
    )
    left = yield from hands.look_back(order.id)
    if isinstance(left, ArmError) or not left.repairs_suspended:
        return
    repairs = SetRepairs(scale_set=order.request.scale_set, state=RepairsState.RUNNING)
    done = yield from hands.set_repairs(repairs)
    journal.write(EventKind.REPAIRS_RESTORED, restored(done))
