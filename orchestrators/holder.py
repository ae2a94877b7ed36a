"""One rollout per scale set: whoever holds it, is alone."""

from typing import Any

from orchestrators.context import Context, Steps
from orchestrators.hands import Hands
from orchestrators.journal import Journal
from orchestrators.repairs import restored
from rollout.event import EventKind
from rollout.names import ROLL_OUT, rollback_id
from rollout.order import RolloutOrder
from rollout.problem import ArmError
from rollout.task import RepairsState, SetRepairs


def hold_scale_set(context: Context) -> Steps[dict[str, Any]]:
    """Runs the rollout it is given. Its instance id is made from the scale set's id, and Durable
    starts an id only once while it runs: of any number of simultaneous starts exactly one wins.
    The hold cannot be left behind, because it ends with the rollout, whatever its end is.
    """
    payload = context.get_input()
    instance_id = rollback_id(payload["id"]) if payload.get("back") else payload["id"]
    try:
        return (yield context.call_sub_orchestrator(ROLL_OUT, payload, instance_id))
    except Exception as error:  # noqa: BLE001 - terminated or broken, the scale set is free again
        yield from _tidied_up(context, RolloutOrder.from_json(payload), str(error))
        return {"id": payload["id"], "error": str(error)}


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
