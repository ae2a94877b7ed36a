"""What the operator has asked for so far, and what that means for the next step."""

from dataclasses import dataclass

from rollout.base import Phase, Proceed, Value
from rollout.run.command import Command
from rollout.run.verb import Verb

_MOVING_FORWARD = {Phase.PENDING, Phase.PROGRESSING}


@dataclass(frozen=True)
class WaitForOperator:
    """Begin nothing, in this phase and for this reason, until the operator sends a command."""

    phase: Phase
    reason: str


@dataclass(frozen=True)
class EndRequested:
    """Begin nothing more: the operator has asked for the end."""

    command: Command


class Control(Value):
    """What the operator wants. Repeating a command has no effect: the first one counts. But an
    abort takes the place of a rollback that has yet to begin: it can be rolled back afterwards.
    """

    paused: Command | None = None
    ending: Command | None = None
    """An abort, or a rollback that has yet to begin."""
    approval: Command | None = None
    decision: Command | None = None
    """What to do with failed instances: retry or skip."""
    glass: Command | None = None
    """Because of which windows and freezes no longer count."""

    def apply(self, command: Command) -> "Control":
        """With one more command."""
        match command.verb:
            case Verb.PAUSE:
                return self._with(paused=self.paused or command)
            case Verb.RESUME:
                return self._with(paused=None)
            case Verb.APPROVE:
                return self._with(approval=command)
            case Verb.ABORT | Verb.ROLLBACK:
                return self._with(ending=self._sooner(command))
            case Verb.RETRY | Verb.SKIP:
                return self._with(decision=command, paused=None)
            case Verb.BREAK_GLASS:
                return self._with(glass=self.glass or command)

    @property
    def holding(self) -> Command | None:
        """The command because of which nothing more begins now: an end, else a pause."""
        return self.ending or self.paused

    def _sooner(self, command: Command) -> Command:
        """Which of two ends counts."""
        if self.ending is None or (self.ending.verb, command.verb) == (Verb.ROLLBACK, Verb.ABORT):
            return command
        return self.ending

    def stands(self, verb: Verb) -> bool:
        """Whether that pause or end has been asked for, so that saying it again changes nothing."""
        asked = (self.ending, self.paused, self.glass)
        return any(command is not None and command.verb is verb for command in asked)

    def consumed(self) -> "Control":
        """Without what counts once: an approval is for one step, a decision for one failure."""
        return self._with(approval=None, decision=None)

    def _with(self, **commands: Command | None) -> "Control":
        return self.model_copy(update=commands)

    def standing(self) -> "Control":
        """Only what says whether the next step may begin, shortened for a custom status."""
        if self.ending:
            return Control(ending=self.ending.shortened())
        paused, glass = (each and each.shortened() for each in (self.paused, self.glass))
        return Control(paused=paused, glass=glass)

    def notice(self, phase: Phase) -> str | None:
        """Commands that have yet to take effect, shown beside the message of a running batch."""
        if phase.ended:
            return None
        if self.ending and self.ending.verb is Verb.ABORT:
            what = "what is under way finishes, nothing more begins"
            return f"Abort requested {self.ending.attribution}: {what}"
        if self.ending:
            what = "it begins when the batch has finished"
            return f"Rollback requested {self.ending.attribution}: {what}"
        if self.paused and phase is not Phase.PAUSED:
            what = "it takes effect before the next batch"
            return f"Pause requested {self.paused.attribution}: {what}"
        return None

    def before_step(
        self, asked: str | None = None
    ) -> Proceed[None] | WaitForOperator | EndRequested:
        """What to do before a batch, a wave, or a wave's next scale set. `asked` is what needs
        approval, None if nothing does.
        """
        if self.ending:
            return EndRequested(self.ending)
        if self.paused:
            return WaitForOperator(Phase.PAUSED, f"Paused {self.paused.attribution}")
        if asked and not self.approval:
            return WaitForOperator(Phase.AWAITING_APPROVAL, asked)
        return Proceed(None)

    def verbs(self, phase: Phase, *, needs_decision: bool = False) -> list[Verb]:
        """The verbs accepted in this phase; `needs_decision` while it waits for a decision about
        failed instances. None that would change nothing: what stands can be said again, and is
        answered, but is not offered.
        """
        return [
            verb for verb in self._taken(phase, needs_decision=needs_decision) if self._adds(verb)
        ]

    def _taken(self, phase: Phase, *, needs_decision: bool) -> list[Verb]:
        if needs_decision and phase is Phase.PAUSED:
            return [Verb.RETRY, Verb.SKIP, Verb.ABORT, Verb.ROLLBACK]
        taken = [verb for verb in Verb if phase in verb.rule.phases]
        return [Verb.RESUME, *taken] if self.paused and phase in _MOVING_FORWARD else taken

    def glass_verbs(self, phase: Phase) -> list[Verb]:
        """That it may be told to wait for no window, as long as that would change something."""
        forward = phase in Verb.PAUSE.rule.phases
        return [] if self.ending or self.glass or not forward else [Verb.BREAK_GLASS]

    def _adds(self, verb: Verb) -> bool:
        """Whether it changes something. After an abort nothing does, and after a rollback that has
        yet to begin only an abort.
        """
        if self.ending:
            return self.ending.verb is Verb.ROLLBACK and verb is Verb.ABORT
        return not self.stands(verb)


def start_asked(approval: str, instances: int) -> str | None:
    """What needs approval before the model is set; None if nothing does."""
    if approval != "start" or not instances:
        return None
    return f"{instances} instance(s) are to be upgraded: approve that before anything is changed"


def approval_asked(approval: str, place: str, *, after_canary: bool) -> str | None:
    """What needs approval before a batch at that place; None if nothing does."""
    if approval == "everyBatch":
        return f"{place} waits for approval"
    if approval == "canary" and after_canary:
        return f"The canary is healthy: {place} and all that follow wait for approval"
    return None
