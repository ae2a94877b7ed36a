"""Can the app work at all? What it says of itself, before anybody asks it to do something."""

from collections.abc import Sequence
from enum import StrEnum

from rollout.problem import FieldError
from rollout.value import Value
from rollout.version import VERSION


class AppStatus(StrEnum):
    """Whether the app can work as it is set up."""

    HEALTHY = "healthy"
    WRONG_SETTINGS = "wrongSettings"


class AppHealth(Value):
    """The version that runs, and every setting that is wrong or missing, with how to set it: the
    same sentences with which a start is refused.
    """

    status: AppStatus
    version: str = VERSION
    errors: list[FieldError] = []

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> "AppHealth":
        """Healthy when there is nothing wrong."""
        status = AppStatus.WRONG_SETTINGS if errors else AppStatus.HEALTHY
        return cls(status=status, errors=list(errors))
