"""Whether the app can work at all: its answer to a health check."""

from collections.abc import Sequence
from enum import StrEnum

from rollout.base import ORCHESTRATION_VERSION, VERSION, FieldError, LineStop, Value


class AppStatus(StrEnum):
    """Whether the app's configuration lets it work."""

    HEALTHY = "healthy"
    WRONG_SETTINGS = "wrongSettings"
    STANDING_STILL = "standingStill"
    REPAIRS_SUSPENDED = "repairsSuspended"
    NEWS_GIVEN_UP = "newsGivenUp"


class Unwell(Value):
    """A rollout or fleet rollout that does not go on by itself, or that has left automatic repairs
    suspended, and why.
    """

    id: str
    message: str


class AppHealth(Value):
    """The running version; every setting that is wrong or missing, with how to set it: the same
    sentences with which a start is refused; the rollouts that do not go on by themselves; those
    that have ended and left automatic repairs suspended; the news that were not delivered; and why
    the line is stopped, if it is.
    """

    status: AppStatus
    version: str = VERSION
    orchestrators: int = ORCHESTRATION_VERSION
    errors: list[FieldError] = []
    rollouts: list[Unwell] = []
    repairs: list[Unwell] = []
    news: list[Unwell] = []
    stopped: LineStop | None = None

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> "AppHealth":
        """Healthy when there are no errors."""
        status = AppStatus.WRONG_SETTINGS if errors else AppStatus.HEALTHY
        return cls(status=status, errors=list(errors))

    def with_rollouts(self, unwell: Sequence[Unwell]) -> "AppHealth":
        """With the rollouts that do not go on."""
        status = AppStatus.STANDING_STILL if unwell and not self.errors else self.status
        return self.model_copy(update={"status": status, "rollouts": list(unwell)})

    def with_repairs(self, suspended: Sequence[Unwell]) -> "AppHealth":
        """With those whose automatic repairs are still suspended: nothing stands still for that."""
        healthy = self.status is AppStatus.HEALTHY
        status = AppStatus.REPAIRS_SUSPENDED if suspended and healthy else self.status
        return self.model_copy(update={"status": status, "repairs": list(suspended)})

    def with_news(self, undelivered: Sequence[Unwell]) -> "AppHealth":
        """With what was not delivered: rollouts go on all the same."""
        healthy = self.status is AppStatus.HEALTHY
        status = AppStatus.NEWS_GIVEN_UP if undelivered and healthy else self.status
        return self.model_copy(update={"status": status, "news": list(undelivered)})

    def with_line(self, stop: LineStop | None) -> "AppHealth":
        """With why nothing begins, if somebody has stopped the line: that is meant so."""
        return self.model_copy(update={"stopped": stop})
