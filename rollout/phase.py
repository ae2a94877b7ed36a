"""The phases of a rollout, and what an operator may do in each."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a rollout stands; always shown together with a message."""

    PENDING = "Pending"
    PROGRESSING = "Progressing"
    PAUSED = "Paused"
    AWAITING_APPROVAL = "AwaitingApproval"
    ROLLING_BACK = "RollingBack"
    SUCCEEDED = "Succeeded"
    ROLLED_BACK = "RolledBack"
    ABORTED = "Aborted"
    FAILED = "Failed"

    @property
    def ended(self) -> bool:
        return self in _ENDED


class Verb(StrEnum):
    """What an operator can tell a rollout."""

    ABORT = "abort"


_ENDED = {Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.ABORTED, Phase.FAILED}

_ALLOWED: dict[Verb, set[Phase]] = {
    Verb.ABORT: {Phase.PENDING, Phase.PROGRESSING},
}


def allowed_verbs(phase: Phase) -> list[Verb]:
    """The verbs a rollout in this phase takes."""
    return [verb for verb, phases in _ALLOWED.items() if phase in phases]
