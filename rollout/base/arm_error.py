"""Error responses of Azure Resource Manager, as values."""

from enum import StrEnum
from http import HTTPStatus
from math import ceil
from typing import Annotated

from pydantic import AfterValidator

from rollout.base.missing_right import MissingRight
from rollout.base.problem import Problem, SettingError
from rollout.base.value import Value
from rollout.base.wording import first_line, sentence, without_secrets


class ArmErrorKind(StrEnum):
    """What an error response from Azure means for us."""

    NOT_FOUND = "notFound"
    REFUSED = "refused"
    STALE = "stale"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


class ArmError(Value):
    """An error response of Azure Resource Manager, or no response at all (status 0: no connection).

    `retry_after` is in seconds. Stale (412, or an instance that is gone) means: read again. Busy
    (409, another operation is running) and unavailable (429, 5xx, no connection) are transient.
    None of them says anything about health.
    """

    kind: ArmErrorKind
    action: str
    resource: str
    status: int
    code: str
    message: Annotated[str, AfterValidator(without_secrets)]
    retry_after: float | None = None
    sent: bool = False
    """Whether it is the answer, or the missing one, to a change that was sent to Azure."""

    @classmethod
    def of_settings(cls, error: SettingError) -> "ArmError":
        """For a rollout in progress: Azure could not be called. It waits for a correct setting."""
        return cls(
            kind=ArmErrorKind.UNAVAILABLE,
            action="ask",
            resource="Azure Resource Manager",
            status=0,
            code="WrongSetting",
            message=str(error),
        )

    @classmethod
    def of_death(cls, error: Exception) -> "ArmError":
        """For an activity that ended without an answer, because its worker died or because of a
        fault in it: what it was to send may have been sent.
        """
        return cls(
            kind=ArmErrorKind.UNAVAILABLE,
            action="finish",
            resource="an activity",
            status=0,
            code="WorkerDied",
            message=first_line(str(error)),
            sent=True,
        )

    @classmethod
    def of_lost_lock(cls, scale_set: str, reason: str) -> "ArmError":
        """Azure is not called, because the scale set is no longer this rollout's."""
        return cls(
            kind=ArmErrorKind.REFUSED,
            action="upgrade",
            resource=scale_set,
            status=0,
            code="LockLost",
            message=reason,
        )

    @classmethod
    def of_closed_gate(cls, scale_set: str, reason: str) -> "ArmError":
        """Azure is not called, because something has changed since the batch might begin."""
        return cls(
            kind=ArmErrorKind.STALE,
            action="upgrade",
            resource=scale_set,
            status=0,
            code="GateClosed",
            message=reason,
        )

    @property
    def ambiguous(self) -> bool:
        """Whether what was sent may have been done all the same: without an answer, or with one
        that says that something broke on the way, nobody knows.
        """
        unavailable = self.kind is ArmErrorKind.UNAVAILABLE
        return self.sent and unavailable and self.status != HTTPStatus.TOO_MANY_REQUESTS

    @property
    def passes(self) -> bool:
        return self.kind in {ArmErrorKind.BUSY, ArmErrorKind.UNAVAILABLE}

    def __str__(self) -> str:
        return f"could not {self.action} {self.resource}: {self.code}: {sentence(self.message)}"

    def as_problem(self) -> Problem:
        """The response for the caller of our API."""
        status = _PROBLEM_STATUS.get(self.kind, 403 if self.status in {401, 403} else 502)
        wait = None if self.retry_after is None else ceil(self.retry_after)
        lacking = MissingRight.in_message(self.message)
        advice = f"{lacking}. Nothing was changed." if lacking else _ADVICE.get(self.kind, _NOTHING)
        return Problem(
            status=status,
            title="Azure refused, or did not answer",
            detail=f"Azure Resource Manager: {self}. {advice}",
            retry_after=wait if wait or status != HTTPStatus.SERVICE_UNAVAILABLE else 15,
        )


_PROBLEM_STATUS = {
    ArmErrorKind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ArmErrorKind.STALE: HTTPStatus.CONFLICT,
    ArmErrorKind.BUSY: HTTPStatus.CONFLICT,
    ArmErrorKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


_NOTHING = "Nothing was changed."


_ADVICE = {
    ArmErrorKind.NOT_FOUND: "Check the id, and that the app's identity may read it.",
    ArmErrorKind.UNAVAILABLE: "Nothing was changed; try again later.",
}


class ArmFailure(Exception):  # noqa: N818
    """Raised when Azure Resource Manager returned an error or did not respond; see `error`."""

    def __init__(self, error: ArmError) -> None:
        super().__init__(str(error))
        self.error = error
