"""What every orchestration that accepts commands has: its progress, and how it reports."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any, ClassVar, NoReturn

from orchestrators.engine.concluded import Concluded, conclude
from orchestrators.engine.context import Steps
from orchestrators.engine.events import ExternalEvents
from orchestrators.engine.generation import CountedContext, GoesOnAsNew
from orchestrators.engine.recorder import Recorder, by_caller
from rollout.base import EventKind, Phase, first_line
from rollout.run import (
    Command,
    Conclusion,
    End,
    Ending,
    ListedProgress,
    ProgressView,
    RollBack,
    RunProgress,
    Verb,
    Waits,
    channel_of,
    concluded_by,
)

_WAITING_EVENTS = {
    Phase.PAUSED: EventKind.PAUSED,
    Phase.AWAITING_APPROVAL: EventKind.APPROVAL_ASKED,
}


class OrchestrationRun[P: RunProgress](ABC):
    """A rollout, a fleet rollout, or a wave in progress. Everything known about it is in
    `progress`.
    """

    context: CountedContext
    recorder: Recorder
    events: ExternalEvents
    progress: P

    @abstractmethod
    def publish(self) -> None:
        """Set the custom status."""

    @abstractmethod
    def note_command(self, command: Command) -> None:
        """Handle a command that has changed something."""

    @abstractmethod
    def handed_on(self, heard: list[Any]) -> dict[str, Any]:
        """The input of its next generation; `heard` is what came at the change."""

    @property
    def now(self) -> datetime:
        return self.context.current_utc_datetime

    def report(self, message: str) -> None:
        self.progress = self.progress.doing(message)
        self.publish()

    def receive(self, command: Command) -> None:
        """Repeating a command has no effect; a verb that is not accepted now changes nothing."""
        if command.verb not in self.progress.verbs:
            return
        before = self.progress.control
        self.progress = self.progress.apply(command)
        if self.progress.control != before:
            self.note_command(command)
        self.publish()


class ListedRun[P: ListedProgress[Any], V: ProgressView](OrchestrationRun[P]):
    """A rollout or a fleet rollout: it has a view and a line in a list. Nothing begins after
    `deadline`; an approval may take `approval_timeout`.
    """

    index_key: ClassVar[str]
    deadline: datetime
    approval_timeout: timedelta

    @property
    @abstractmethod
    def ending(self) -> Ending:
        """The final messages with which it can end now."""

    @property
    def view(self) -> V:
        """The view that users see now."""
        return self.progress.view(self.now).hearing(self._hears)

    def _hears(self, verb: Verb) -> bool:
        return self.events.hears(channel_of(verb))

    def publish(self) -> None:
        progress, now = self.progress, self.now
        heard = {verb for verb in Verb if self._hears(verb)}
        self.recorder.publish(lambda: progress.view(now).hearing(heard.__contains__).published())

    def receive(self, command: Command) -> None:
        if not command.is_late(self.progress.step):
            super().receive(command)

    def update_list(self) -> None:
        """Add it to its list, or update its line."""
        self.recorder.put_in_list(self.view.summary(), self.index_key)

    def note_command(self, command: Command) -> None:
        message = f"{command.verb.spoken} {command.attribution}"
        self.recorder.write(command.verb.rule.event, message, **command.to_json())

    def wait_for_operator(
        self,
        phase: Phase,
        message: str,
        until: datetime,
        *,
        decision: bool = False,
        gate: str | None = None,
        hook: str | None = None,
    ) -> None:
        """Report that nothing begins until the operator sends a command; log it once. A `decision`
        is about failed instances, or about that `gate` or `hook`.
        """
        self.asks_people(gate)
        before = self.progress
        again = self.waits_already(phase, message)
        since = again.since if again else self.now
        waits = Waits(since=since, until=until, gate=gate, hook=hook)
        self.progress = before.waiting_for_operator(
            phase, message, needs_decision=decision, waits=waits
        )
        self.publish()
        if not again:
            asked = {"decision": True} if decision else {}
            self.recorder.write(_WAITING_EVENTS[phase], message, until=until, **asked)

    def asks_people(self, gate: str | None) -> None:
        """What becomes of its place once it waits for people, about that gate or anything else."""

    def waits_already(self, phase: Phase, message: str) -> Waits | None:
        """Since when, and until when, it waits for that; None if it does not."""
        before = self.progress
        same = (before.phase, before.message) == (phase, message)
        return before.waits if same else None

    @property
    def minds_long_waits(self) -> bool:
        """Whether there is something to do when a wait gets long."""
        return False

    def waits_long(self) -> Steps[None]:
        """What is done once it has waited for people for a long time."""
        yield from ()

    def goes_on(self) -> Steps[None]:
        """What is undone of that before it goes on."""
        yield from ()

    def ended_by(self, command: Command) -> Conclusion:
        """How it concludes because of an operator's command."""
        return concluded_by(command, self.ending)

    def halt(self, reason: str) -> NoReturn:
        """Stop because it is not safe to continue."""
        conclude(End(Phase.FAILED, self.ending.stopped(reason)))

    def refuse(self, reason: str) -> None:
        """Report that it does nothing, without a line in the log of the rollout whose id it has."""
        self.progress = self.progress.finished(Phase.FAILED, reason, self.now)
        self.publish()

    def finish(self, end: End, **evidence: Any) -> None:
        """Report that it has ended; `evidence` is added to the event that says so."""
        self.progress = self.progress.finished(
            end.phase, end.message, self.now, unforeseen=end.unforeseen
        )
        self.publish()
        counts = self.view.counts.to_json()
        shown = {"phase": end.phase, "counts": counts, **evidence}
        self.recorder.write(EventKind.FINISHED, end.message, **shown)
        self.update_list()


class Story[R: ListedRun[Any, Any]](ABC):
    """A way forward and a rollback, and how they conclude."""

    run: R

    @property
    @abstractmethod
    def rollback(self) -> RollBack | None:
        """Why only a rollback is run, or why it is on its way back already; None if the story goes
        forward.
        """

    @property
    @abstractmethod
    def going_back(self) -> bool:
        """Whether an earlier generation has begun the rollback."""

    @abstractmethod
    def forward(self) -> Steps[str]:
        """Run to the end; returns the message of success. Raises Concluded."""

    @abstractmethod
    def backward(self, rollback: RollBack) -> Steps[str]:
        """Roll back what was moved; returns the final message. Raises Concluded."""

    def turned(self, end: End) -> Steps[Conclusion]:
        """What comes of an early end on the way forward: that end, unless something is put back."""
        yield from ()
        return end

    def conclusion(self) -> Steps[End]:
        """How it ended. Whatever happens, it ends with a reason."""
        try:
            return (yield from self._forward_or_back())
        except Concluded as concluded:
            if isinstance(concluded.conclusion, End):
                return concluded.conclusion
            raise
        except GoesOnAsNew:
            raise
        except Exception as error:  # noqa: BLE001 - an unexpected error is reported too
            reason = f"an unexpected error: {_named(error)}"
            return End(Phase.FAILED, self.run.ending.stopped(reason), unforeseen=True)

    def _forward_or_back(self) -> Steps[End]:
        rollback = self.rollback
        if rollback is None:
            try:
                return End(Phase.SUCCEEDED, (yield from self.forward()))
            except Concluded as concluded:
                conclusion = concluded.conclusion
                if isinstance(conclusion, End):
                    conclusion = yield from self.turned(conclusion)
                if isinstance(conclusion, End):
                    return conclusion
                rollback = conclusion
        return End(Phase.ROLLED_BACK, (yield from self._back(rollback)))

    def _back(self, rollback: RollBack) -> Steps[str]:
        run = self.run
        if self.going_back:
            return (yield from self.backward(rollback))
        run.progress = run.progress.starting_rollback()
        message = f"Rolling back. {rollback.reason}"
        run.report(message)
        caller = rollback.command.caller if rollback.command else None
        run.recorder.write(EventKind.ROLLING_BACK, message, **by_caller(caller))
        return (yield from self.backward(rollback))


def _named(error: Exception) -> str:
    """Some errors' text means nothing without their type: a KeyError's is just its key."""
    return f"{type(error).__name__}: {first_line(str(error))}"
