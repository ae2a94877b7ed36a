"""The lock of a scale set: one rollout at a time."""

from typing import Any

from orchestrators.engine import ActivityClient, Context, Recorder, Steps
from orchestrators.rollout.repairs import repairs_message
from rollout.base import EventKind, Phase, shortened
from rollout.batch import SET_REPAIRS, RepairsState, SetRepairs
from rollout.fleet import REPORT_END, ReportEnd, RolloutEnded
from rollout.run import FIND_LEFT_BEHIND, ROLL_OUT, FindLeftBehind, RolloutOrder, rollback_id

_LONGEST_MESSAGE = 1000
"""In characters of JSON: a wave stores one for each of its failed rollouts."""


def lock_scale_set(context: Context) -> Steps[dict[str, Any]]:
    """Runs the rollout it is given. Its instance id is derived from the scale set's id, and Durable
    starts an id only once while it is running: of several simultaneous starts exactly one wins. The
    lock cannot be left behind, because it ends with the rollout, however that ends.
    """
    payload = context.get_input()
    result = yield from _run_locked(context, payload)
    if wave := payload.get("wave"):
        report = ReportEnd(wave=wave, ended=_end_of(payload["id"], result))
        yield from ActivityClient(context).ask(REPORT_END, report)
    return result


def _run_locked(context: Context, payload: dict[str, Any]) -> Steps[dict[str, Any]]:
    instance_id = rollback_id(payload["id"]) if payload.get("rollback") else payload["id"]
    try:
        return (yield context.call_sub_orchestrator(ROLL_OUT, payload, instance_id))
    except Exception as error:  # noqa: BLE001 - terminated or failed: release the lock
        yield from _tidy_up(context, RolloutOrder.from_json(payload), str(error))
        return {"id": payload["id"], "error": str(error)}


def _end_of(rollout_id: str, result: dict[str, Any]) -> RolloutEnded:
    """The report to the wave: the last view's, or that the rollout was ended from outside."""
    message = result.get("message") or f"ended from outside: {result.get('error')}"
    phase = Phase(result.get("phase") or Phase.FAILED)
    short = shortened(message, _LONGEST_MESSAGE)
    return RolloutEnded(rollout_id=rollout_id, phase=phase, message=short)


def _tidy_up(context: Context, order: RolloutOrder, error: str) -> Steps[None]:
    """Undo what a rollout that was ended from outside could not undo itself."""
    recorder, activities = Recorder(context, order.id), ActivityClient(context)
    recorder.write(
        EventKind.BROKEN_OFF,
        "The rollout was ended from outside, in the middle of its work: look at the instances",
        error=error,
    )
    left = yield from activities.ask(FIND_LEFT_BEHIND, FindLeftBehind(rollout_id=order.id))
    if not left.repairs_suspended:
        return
    repairs = SetRepairs(scale_set=order.request.scale_set, state=RepairsState.RUNNING)
    done = yield from activities.call(SET_REPAIRS, repairs)
    recorder.write(EventKind.REPAIRS_RESTORED, repairs_message(done))
