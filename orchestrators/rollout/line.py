"""While the line of the whole app is stopped, a rollout begins nothing."""

from orchestrators.engine import (
    LONG_WAIT,
    Steps,
    conclude_if_requested,
    may_begin,
    rest,
    wait_until,
)
from orchestrators.rollout.run import RolloutRun
from rollout.base import EventKind, LineStop, Proceed
from rollout.run import LineWait


def await_line(run: RolloutRun) -> Steps[bool]:
    """Returns once the line is lifted, if it was found to be stopped: whether that was waited for.
    Commands are heard meanwhile. Raises Concluded if the operator wants the end, or if the deadline
    comes first.
    """
    waited = False
    while wait := run.place.line:
        waited = True
        yield from _look_again(run, wait)
    if waited:
        run.place = run.place.asking_anew()
        yield from may_begin(run)  # automatic repairs may have run meanwhile
    return waited


def _look_again(run: RolloutRun, wait: LineWait) -> Steps[None]:
    """After the interval in which it would look at a batch."""
    _say(run, wait.stop)
    yield from wait_until(run, run.now + run.request.policy.health.interval)
    conclude_if_requested(run)
    yield from _wait_long(run, wait)
    rest(run)
    if not isinstance(run.progress.control.before_step(), Proceed):
        yield from may_begin(run)
    yield from run.keep_lock()


def _wait_long(run: RolloutRun, wait: LineWait) -> Steps[None]:
    """What is done in a wait that gets long."""
    if not run.minds_long_waits or run.now - wait.since < LONG_WAIT:
        return
    yield from run.waits_long(rested=wait.rested)
    run.place = run.place.rested_at_line()


def _say(run: RolloutRun, stop: LineStop) -> None:
    message = f"Nothing begins: {stop.message}"
    if message == run.progress.message:
        return
    run.report(message)
    run.recorder.write(EventKind.WAITING, message)
