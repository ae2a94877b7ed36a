"""Azure's long-running operations."""

from enum import StrEnum

from rollout.base import Value


class OperationState(StrEnum):
    """The states of an Azure long-running operation that matter here."""

    RUNNING = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


class Operation(Value):
    """One read of a long-running operation; `error` is Azure's own text if it failed."""

    state: OperationState
    error: str | None = None
