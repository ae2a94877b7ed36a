"""Whether the app can work at all: its answer to a health check."""

from collections.abc import Sequence
from enum import StrEnum

from rollout.base import VERSION, FieldError, Value


class AppStatus(StrEnum):
    """Whether the app's configuration lets it work."""

    HEALTHY = "healthy"
    WRONG_SETTINGS = "wrongSettings"


class AppHealth(Value):
    """The running version, and every setting that is wrong or missing, with how to set it: the same
    sentences with which a start is refused.
    """

    status: AppStatus
    version: str = VERSION
    errors: list[FieldError] = []

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> "AppHealth":
        """Healthy when there are no errors."""
        status = AppStatus.WRONG_SETTINGS if errors else AppStatus.HEALTHY
        return cls(status=status, errors=list(errors))
