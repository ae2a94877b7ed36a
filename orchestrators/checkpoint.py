"""Before each batch: does the operator want it to begin?"""

from datetime import datetime

from orchestrators.context import Steps
from orchestrators.run import Run, TurnBack
from orchestrators.stop import Stop
from rollout import ending
from rollout.command import Command
from rollout.control import End, Go, Stay
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.phase import Phase, Verb

_KINDS = {
    Phase.PAUSED: EventKind.PAUSED,
    Phase.AWAITING_APPROVAL: EventKind.APPROVAL_ASKED,
}


def may_begin(run: Run, asked: str | None = None) -> Steps[None]:
    """Returns when the next batch may begin; `asked` is what an approval is asked for. Raises Stop
    or TurnBack when the operator wants that, or when the deadline passes meanwhile.
    """
    expires = None
    while True:
        match run.progress.control.before_batch(asked):
            case Go():
                run.progress = run.progress.going_on()
                return
            case End(command):
                end_as_told(run, command)
            case Stay(phase, reason):
                run.stay(phase, reason, _KINDS[phase])
                waits = phase is Phase.AWAITING_APPROVAL
                expires = (expires or _expiry(run)) if waits else None
                yield from _something_said(run, expires)


def end_as_told(run: Run, command: Command) -> None:
    """Raises Stop for an abort, TurnBack for a rollback."""
    if command.verb is Verb.ABORT:
        raise Stop(Phase.ABORTED, ending.aborted(run.progress, command.told))
    raise TurnBack(f"Rollback requested {command.told}")


def heed_the_end(run: Run) -> None:
    """Raises Stop or TurnBack if the operator has asked for that."""
    if command := run.progress.control.ending:
        end_as_told(run, command)


def _expiry(run: Run) -> datetime:
    return run.now + run.request.policy.approval_timeout


def _something_said(run: Run, expires: datetime | None) -> Steps[None]:
    """An approval that does not come in time pauses the rollout: nobody has to hurry then."""
    until = min(expires or run.deadline, run.deadline)
    said = yield from run.operator.sleep_until(until)
    if said:
        return
    if run.now >= run.deadline:
        run.halt(f"the deadline of {run.deadline:%Y-%m-%d %H:%M:%S} UTC passed while it waited")
    late = spoken(run.request.policy.approval_timeout)
    pause = Command(verb=Verb.PAUSE, by="the approval timeout", reason=f"none within {late}")
    run.progress = run.progress.told(pause)
