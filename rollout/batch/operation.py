"""Azure's long-running operations."""

from enum import StrEnum

from rollout.base import Value


class OperationState(StrEnum):
    """The states of an Azure long-running operation that matter here. Lost: Azure no longer knows
    it (404), so that only the instances tell what became of it.
    """

    RUNNING = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    LOST = "lost"


class Operation(Value):
    """One read of a long-running operation; `error` is Azure's own text if it failed. `interrupted`
    if it failed because it was cancelled, or because another operation came first
    (OperationPreempted): that says nothing about what it was to do.
    """

    state: OperationState
    error: str | None = None
    interrupted: bool = False

    @property
    def running(self) -> bool:
        return self.state is OperationState.RUNNING

    @property
    def ended(self) -> bool:
        return self.state in {OperationState.SUCCEEDED, OperationState.FAILED}
