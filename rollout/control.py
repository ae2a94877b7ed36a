"""What the operator has said so far, and what follows from it before the next batch."""

from dataclasses import dataclass, replace

from rollout.command import Command
from rollout.phase import Phase, Verb

VERBS_HEARD = 50
"""How many verbs a rollout hears; the last is kept for one that ends it."""
MOST_VERBS_HEARD = 200
"""How many it hears when every batch has to be approved. Each costs a little in every turn."""


@dataclass(frozen=True)
class Go:
    """Begin the next batch."""


@dataclass(frozen=True)
class Stay:
    """Begin nothing, in this phase and for this reason, until the operator says something."""

    phase: Phase
    reason: str


@dataclass(frozen=True)
class End:
    """Begin nothing any more: the operator said so."""

    command: Command


@dataclass(frozen=True)
class Control:
    """The operator's will. Saying the same thing twice is saying it once: the first one counts."""

    paused: Command | None = None
    ending: Command | None = None
    """An abort or a rollback; the first of them."""
    approval: Command | None = None
    decision: Command | None = None
    """What to do with failed instances: retry or skip."""

    def heard(self, command: Command) -> "Control":
        """With one more thing said."""
        match command.verb:
            case Verb.PAUSE:
                return replace(self, paused=self.paused or command)
            case Verb.RESUME:
                return replace(self, paused=None)
            case Verb.APPROVE:
                return replace(self, approval=command)
            case Verb.ABORT | Verb.ROLLBACK:
                return replace(self, ending=self.ending or command)
            case Verb.RETRY | Verb.SKIP:
                return replace(self, decision=command)

    def used(self) -> "Control":
        """Without what holds once: an approval is for one batch, a decision for one failure."""
        return replace(self, approval=None, decision=None)

    def notice(self, phase: Phase) -> str | None:
        """What has been said and is yet to take effect, beside the message of a running batch."""
        if self.ending and self.ending.verb is Verb.ABORT:
            what = "what is under way settles, nothing more begins"
            return f"Abort requested {self.ending.told}: {what}"
        if self.ending:
            return f"Rollback requested {self.ending.told}: it begins when the batch has settled"
        if self.paused and phase is not Phase.PAUSED:
            return f"Pause requested {self.paused.told}: it takes effect before the next batch"
        return None

    def before_batch(self, asked: str | None) -> Go | Stay | End:
        """What to do before a batch. `asked` is what an approval is asked for, None for nothing."""
        if self.ending:
            return End(self.ending)
        if self.paused:
            return Stay(Phase.PAUSED, f"Paused {self.paused.told}")
        if asked and not self.approval:
            return Stay(Phase.AWAITING_APPROVAL, asked)
        return Go()

    def verbs(self, phase: Phase, *, stuck: bool = False) -> list[Verb]:
        """The verbs that a rollout in this phase takes now; `stuck` means that it waits for a
        decision about failed instances. What was said last may be said again.
        """
        if self.ending:
            return [self.ending.verb]
        if stuck and phase is Phase.PAUSED:
            return [Verb.RETRY, Verb.SKIP, Verb.ABORT, Verb.ROLLBACK]
        pending = [Verb.RESUME] if self.paused and phase is Phase.PROGRESSING else []
        return [*pending, *_VERBS.get(phase, ())]


_ALWAYS = (Verb.PAUSE, Verb.ABORT, Verb.ROLLBACK)
_VERBS = {
    Phase.PENDING: _ALWAYS,
    Phase.PROGRESSING: _ALWAYS,
    Phase.PAUSED: (Verb.RESUME, *_ALWAYS),
    Phase.AWAITING_APPROVAL: (Verb.APPROVE, *_ALWAYS),
    Phase.ROLLING_BACK: (Verb.ABORT, Verb.ROLLBACK),
}


def approval_asked(approval: str, place: str, *, after_canary: bool) -> str | None:
    """What an approval is asked for before a batch at that place; None when none is needed."""
    if approval == "everyBatch":
        return f"{place} waits for approval"
    if approval == "canary" and after_canary:
        return f"The canary is healthy: {place} and all that follow wait for approval"
    return None


def the_end_of(verbs: list[Verb]) -> list[Verb]:
    """Those of the verbs that end a rollout."""
    return [verb for verb in verbs if verb in {Verb.ABORT, Verb.ROLLBACK}]
