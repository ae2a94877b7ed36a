"""Error responses of Azure Resource Manager, as values."""

import re
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from math import ceil, isfinite
from typing import Annotated

from pydantic import AfterValidator

from rollout.base.missing_right import forbidden_because
from rollout.base.problem import Problem, SettingError
from rollout.base.value import Value
from rollout.base.wording import first_line, sentence, without_secrets

LONGEST_WAIT = timedelta(minutes=20)
"""We ask again after that time, however much longer Azure asks us to wait: an operator's word must
be heard, and health must be seen. The longest wait that anybody has recorded of Azure is as long.
"""


def _bounded(seconds: float | None) -> float | None:
    longest = LONGEST_WAIT.total_seconds()
    if seconds is None or isfinite(seconds):
        return seconds if seconds is None else min(max(seconds, 0.0), longest)
    return longest if seconds > 0 else None


class ArmErrorKind(StrEnum):
    """What an error response from Azure means for us."""

    NOT_FOUND = "notFound"
    REFUSED = "refused"
    STALE = "stale"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


_GATE_CLOSED = "GateClosed"


class ArmError(Value):
    """An error response of Azure Resource Manager, or no response at all (status 0: no connection).

    `retry_after` is in seconds, from 0 to `LONGEST_WAIT`. Stale (412, or an instance that is gone)
    means: read again. Busy (409, another operation is running) and unavailable (429, 5xx, no
    connection, a token that was refused) are transient. None of them says anything about health.
    """

    kind: ArmErrorKind
    action: str
    resource: str
    status: int
    code: str
    message: Annotated[str, AfterValidator(without_secrets)]
    retry_after: Annotated[float | None, AfterValidator(_bounded)] = None
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
    def of_closed_gate(cls, scale_set: str, reason: str) -> "ArmError":
        """Azure is not called, because something has changed since the batch might begin."""
        return cls(
            kind=ArmErrorKind.STALE,
            action="upgrade",
            resource=scale_set,
            status=0,
            code=_GATE_CLOSED,
            message=reason,
        )

    @classmethod
    def of_outdated_order(cls, action: str, resource: str, reason: str) -> "ArmError":
        """Azure is not called, because who has ordered it does not want it, or not any more."""
        return cls(
            kind=ArmErrorKind.STALE,
            action=action,
            resource=resource,
            status=0,
            code="OrderOutdated",
            message=reason,
        )

    @property
    def gate_closed(self) -> bool:
        """Whether Azure was not called."""
        return self.code == _GATE_CLOSED

    @property
    def ambiguous(self) -> bool:
        """Whether what was sent may have been done all the same: without an answer, or with one
        that says that something broke on the way, nobody knows.
        """
        unavailable = self.kind is ArmErrorKind.UNAVAILABLE
        return self.sent and unavailable and self.status not in _NOT_DONE

    @property
    def passes(self) -> bool:
        return self.kind in {ArmErrorKind.BUSY, ArmErrorKind.UNAVAILABLE}

    @property
    def throttled(self) -> bool:
        """Whether Azure limits how often it may be called; codes differ, and one is a refusal's."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS

    def __str__(self) -> str:
        """What matters most comes first: Azure's own words may be long, and are cut."""
        code = "throttled (429)" if self.throttled else self.code
        because = forbidden_because(self.code, self.message)
        why = f"{because}. Azure: {sentence(self.message)}" if because else sentence(self.message)
        return f"could not {self.action} {self._name}: {code}: {why}"

    @property
    def _name(self) -> str:
        """Of a scale set, its name: the rest of its id is always the same."""
        before, of_scale_set, name = self.resource.rpartition("/virtualMachineScaleSets/")
        return name if before and of_scale_set else self.resource

    def as_problem(self) -> Problem:
        """The response for the caller of our API."""
        status = _PROBLEM_STATUS.get(self.kind, 403 if self.status == HTTPStatus.FORBIDDEN else 502)
        wait = None if self.retry_after is None else ceil(self.retry_after)
        return Problem(
            status=status,
            title=self._title(),
            detail=f"Azure Resource Manager: {self}. {self._advice()}",
            retry_after=wait if wait or status != HTTPStatus.SERVICE_UNAVAILABLE else 15,
        )

    def _title(self) -> str:
        if self.throttled:
            return "Azure throttles this app (429)"
        if self.kind is ArmErrorKind.NOT_FOUND:
            return f"No such {self._missing()}"
        return _TITLES[self.kind]

    def _missing(self) -> str:
        """What is not there: Azure names the outermost thing that is missing."""
        if self.code in _MISSING:
            return _MISSING[self.code]
        return "scale set" if _SCALE_SET.fullmatch(self.resource) else "resource in Azure"

    def _advice(self) -> str:
        if self.throttled:
            return _LATER
        return _ADVICE.get(self.kind, "Nothing was changed.")


_SCALE_SET = re.compile(r"/subscriptions/.+/virtualMachineScaleSets/[^/]+", re.IGNORECASE)
_MISSING = {
    "InvalidSubscriptionId": "subscription",
    "SubscriptionNotFound": "subscription",
    "ResourceGroupNotFound": "resource group",
}
_TITLES = {
    ArmErrorKind.REFUSED: "Azure refuses it",
    ArmErrorKind.STALE: "It has changed in Azure meanwhile",
    ArmErrorKind.BUSY: "Another operation is running in Azure",
    ArmErrorKind.UNAVAILABLE: "Azure does not answer now",
}
_NOT_DONE = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}

_PROBLEM_STATUS = {
    ArmErrorKind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ArmErrorKind.STALE: HTTPStatus.CONFLICT,
    ArmErrorKind.BUSY: HTTPStatus.CONFLICT,
    ArmErrorKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_LATER = (
    "Nothing was started and nothing was changed: send the same request, with the same id, again "
    "when the time in Retry-After is over."
)
_ADVICE = {
    ArmErrorKind.NOT_FOUND: "Check the id, and that the app's identity may read it.",
    ArmErrorKind.UNAVAILABLE: "Nothing was changed; try again later.",
}


class ArmFailure(Exception):  # noqa: N818
    """Raised when Azure Resource Manager returned an error or did not respond; see `error`."""

    def __init__(self, error: ArmError) -> None:
        super().__init__(str(error))
        self.error = error
