"""The operator's verbs: what each one means, when it is accepted, and how it is logged.

To add one: its line here, its effect in `Control.apply`, its event in `EventKind`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rollout.base import EventKind, Phase


class Verb(StrEnum):
    """What an operator can command a rollout to do."""

    RESUME = "resume"
    APPROVE = "approve"
    RETRY = "retry"
    SKIP = "skip"
    PAUSE = "pause"
    ABORT = "abort"
    ROLLBACK = "rollback"
    BREAK_GLASS = "breakGlass"

    @property
    def rule(self) -> "VerbRule":
        return RULES[self]

    @property
    def spoken(self) -> str:
        """As the beginning of a sentence."""
        return "Break glass" if self is Verb.BREAK_GLASS else self.value.capitalize()

    @property
    def ends(self) -> bool:
        """Whether nothing begins after it."""
        return self in {Verb.ABORT, Verb.ROLLBACK}

    @property
    def goes_on(self) -> bool:
        """Whether it answers what the rollout waits for, so that more begins after it."""
        return self in {Verb.RESUME, Verb.APPROVE, Verb.RETRY, Verb.SKIP}


@dataclass(frozen=True)
class VerbRule:
    """`phases` are those in which it is accepted. `meaning` is its effect on a rollout,
    `fleet_meaning` its effect on a fleet rollout. `outlook` is what follows once it was accepted.
    """

    event: EventKind
    phases: frozenset[Phase]
    meaning: str
    fleet_meaning: str
    outlook: str


_FORWARD = frozenset({Phase.PENDING, Phase.PROGRESSING, Phase.PAUSED, Phase.AWAITING_APPROVAL})
_WHILE_HELD: frozenset[Phase] = frozenset()
"""Only while windows and freezes may hold it up: see `Progress.verbs`."""
_AFTER_FAILURES: frozenset[Phase] = frozenset()
"""Only while a rollout waits for a decision about failed instances: see `Control.verbs`."""

RULES: Mapping[Verb, VerbRule] = {
    Verb.RESUME: VerbRule(
        EventKind.RESUMED,
        frozenset({Phase.PAUSED}),
        "Go on after a pause",
        "Go on after a pause",
        "it goes on",
    ),
    Verb.APPROVE: VerbRule(
        EventKind.APPROVED,
        frozenset({Phase.AWAITING_APPROVAL}),
        "Approve the batch that waits for it",
        "Approve the wave that waits for it",
        "what waits for it begins, unless its checks say no",
    ),
    Verb.RETRY: VerbRule(
        EventKind.RETRY_REQUESTED,
        _AFTER_FAILURES,
        "Try failed instances once more",
        "Go on after it broke off, or ask a gate again that could not tell",
        "what has failed, or could not tell, is tried once more",
    ),
    Verb.SKIP: VerbRule(
        EventKind.SKIP_REQUESTED,
        _AFTER_FAILURES,
        "Skip the failed instances, and go on",
        "Go on without a gate that could not tell",
        "it goes on without what has failed",
    ),
    Verb.PAUSE: VerbRule(
        EventKind.PAUSE_REQUESTED,
        _FORWARD,
        "Begin no further batch until it is resumed",
        "Begin no further scale set, and pause those under way",
        "nothing more begins until it is resumed",
    ),
    Verb.ABORT: VerbRule(
        EventKind.ABORT_REQUESTED,
        _FORWARD | {Phase.ROLLING_BACK},
        "Begin no further batch; the one that runs settles, nothing is put back",
        "Begin no further scale set, and abort those under way; nothing is put back",
        "nothing more begins",
    ),
    Verb.ROLLBACK: VerbRule(
        EventKind.ROLLBACK_REQUESTED,
        _FORWARD,
        "Put the model and the touched instances back to the images they had",
        "Put back every scale set that was moved, the newest wave first",
        "it goes back",
    ),
    Verb.BREAK_GLASS: VerbRule(
        EventKind.GLASS_BROKEN,
        _WHILE_HELD,
        "Wait for no window and no freeze any more; needs a reason",
        "Have none of its scale sets wait for a window or a freeze any more; needs a reason",
        "windows and freezes no longer hold it up",
    ),
}
