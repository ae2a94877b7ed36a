"""Stop-the-line: the switch for the whole app, and what its log says of it."""

from typing import Any

from orchestrators.engine import Context, Recorder, Steps, by_caller, event_value
from rollout.base import EventKind
from rollout.line import LINE_ID, LineChange, LineOrder


def stop_the_line(context: Context) -> Steps[dict[str, Any]]:
    """Runs as long as the line is stopped: takes a LineOrder, ends when it is lifted. Like a lock
    it has no timer and calls nothing: so it costs nothing meanwhile, and can hardly break.
    """
    order = LineOrder.from_json(context.get_input())
    if context.instance_id != LINE_ID:
        return order.to_json()  # a copy that somebody has started: it stops nothing
    recorder = Recorder(context, LINE_ID, written=order.events)
    if not order.announced:
        _write(recorder, EventKind.LINE_STOPPED, order.stopped)
    recorder.publish(lambda: {"announced": True})
    lifted = order.lifted
    if lifted is None:
        lifted = _read((yield context.wait_for_external_event(order.lift_event)))
    _write(recorder, EventKind.LINE_LIFTED, lifted)
    return order.lifted_by(lifted).to_json()


def _read(said: Any) -> LineChange:
    """The event's name is known to the app alone; whoever raises it by hand may say nothing."""
    try:
        return LineChange.from_json(event_value(said))
    except ValueError:
        return LineChange(reason="nobody said why")


def _write(recorder: Recorder, kind: EventKind, change: LineChange) -> None:
    done = "stopped" if kind is EventKind.LINE_STOPPED else "lifted"
    evidence = {"reason": change.reason, "by": change.name, **by_caller(change.caller)}
    recorder.write(kind, f"The line was {done} {change.message}", **evidence)
