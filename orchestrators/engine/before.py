"""Before the next batch, wave or scale set: does the operator allow it to begin?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from orchestrators.engine.concluded import conclude
from orchestrators.engine.context import Steps
from orchestrators.engine.generation import rest
from orchestrators.engine.run import ListedRun
from rollout.base import Phase, Proceed, spoken
from rollout.run import (
    Command,
    End,
    EndRequested,
    ListedProgress,
    Verb,
    WaitForOperator,
    decided_about,
)

LONG_WAIT = timedelta(minutes=10)
"""After that a wait for people counts as long."""


def may_begin[P: ListedProgress[Any]](
    run: ListedRun[P, Any], asked: str | None = None
) -> Steps[None]:
    """Returns when the next step may begin; `asked` is what needs approval. Raises Concluded if the
    operator wants the end, or if the deadline passes meanwhile.

    An approval that does not come in time pauses the run, so that nobody has to hurry. Once it is
    resumed, approval is asked for again, with the full timeout.
    """
    while True:
        match run.progress.control.before_step(asked):
            case Proceed():
                yield from run.goes_on()
                run.progress = run.progress.consumed()
                return
            case EndRequested(command):
                conclude(run.ended_by(command))
            case WaitForOperator(phase, message):
                moment = _moment(run, phase, message)
                run.wait_for_operator(phase, message, moment)
                received = yield from wait_until(run, moment)
                if not received:
                    run.progress = run.progress.apply(_too_late(run))
                if isinstance(run.progress.control.before_step(asked), WaitForOperator):
                    rest(run)  # not before the first wait: so every generation gets somewhere


def _moment(run: ListedRun[Any, Any], phase: Phase, message: str) -> datetime:
    """Until when it waits for that."""
    if phase is not Phase.AWAITING_APPROVAL:
        return run.deadline
    waits = run.waits_already(phase, message)
    return min((waits and waits.until) or run.now + run.approval_timeout, run.deadline)


def wait_until[P: ListedProgress[Any]](run: ListedRun[P, Any], moment: datetime) -> Steps[bool]:
    """Wait until then, or until the operator sends a command; returns whether one came. Raises
    Concluded if the deadline passes meanwhile.
    """
    received = yield from wait_for_people(run, min(moment, run.deadline))
    if not received:
        halt_at_deadline(run)
    return received


def halt_at_deadline[P: ListedProgress[Any]](run: ListedRun[P, Any], waited: str = "") -> None:
    """Raises Concluded if the deadline has passed. `waited`: for what it did."""
    if run.now >= run.deadline:
        deadline = f"the deadline of {run.deadline:%Y-%m-%d %H:%M:%S} UTC"
        run.halt(" ".join(filter(None, (deadline, "passed while it waited", waited))))


def wait_for_people[P: ListedProgress[Any]](
    run: ListedRun[P, Any], moment: datetime
) -> Steps[bool]:
    """The same without the deadline. If the wait gets long, the run does what it then must."""
    if not run.minds_long_waits or run.now + LONG_WAIT >= moment:
        return (yield from run.events.sleep_until(moment))
    before = run.progress.control
    if (yield from run.events.sleep_until(run.now + LONG_WAIT)):
        return True
    yield from run.waits_long()
    if run.progress.control != before:
        return True
    return (yield from run.events.sleep_until(moment))


def wait_for_decision[P: ListedProgress[Any]](
    run: ListedRun[P, Any],
    message: str,
    until: datetime,
    late: Callable[[], str],
    gate: str | None = None,
    hook: str | None = None,
) -> Steps[Command | None]:
    """The operator's decision about what has failed; None if something else was said. One that was
    given before the run was taken up is there already, if it is about the same. Raises Concluded if
    the operator wants the end, or, with the message `late`, if nothing was said in time.
    """
    run.wait_for_operator(Phase.PAUSED, message, until, decision=True, gate=gate, hook=hook)
    decided = run.progress.control.decision
    if decided and not decided.decides(decided_about(gate, hook)):
        decided, run.progress = None, run.progress.consumed()
    received = decided or (yield from wait_for_people(run, until))
    conclude_if_requested(run)
    if not received:
        conclude(End(Phase.FAILED, late()))
    return run.progress.control.decision


def conclude_if_requested[P: ListedProgress[Any]](run: ListedRun[P, Any]) -> None:
    """Raises Concluded if the operator has asked for the end."""
    if command := run.progress.control.ending:
        conclude(run.ended_by(command))


def _too_late[P: ListedProgress[Any]](run: ListedRun[P, Any]) -> Command:
    late = spoken(run.approval_timeout)
    return Command(verb=Verb.PAUSE, by="the approval timeout", reason=f"none within {late}")
