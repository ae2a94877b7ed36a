"""The phases of a rollout and of a fleet rollout."""

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


_ENDED = {Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.ABORTED, Phase.FAILED}
