"""Ending early, with a reason."""

from rollout.phase import Phase


class Stop(Exception):  # noqa: N818
    """Ends a rollout or fleet rollout early, in this phase and with this message."""

    def __init__(self, phase: Phase, message: str) -> None:
        super().__init__(message)
        self.phase = phase
        self.message = message
