"""Converts what the SDK raises into values the core understands."""

import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from compute.retry_after import retry_after
from compute.waiting import waiting
from rollout.base import LONGEST_WAIT, ArmError, ArmErrorKind, ArmFailure, spoken

_PASSING_CONFLICTS = {"conflict", "operationpreempted", "anotheroperationinprogress"}
_NO_ANSWER = 0
_NO_TOKEN = "NoAccessToken"  # noqa: S105 - an error code
_UNAVAILABLE = {
    _NO_ANSWER,
    HTTPStatus.UNAUTHORIZED,  # a token that has expired; the next call has a new one
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_QUERY = re.compile(r"(/[^\s?'\"]*)\?[^\s'\")]*")


@contextmanager
def explained(
    action: str,
    resource: str,
    *,
    sent: bool = False,
    means: Callable[[ArmError], ArmErrorKind | None] = lambda _: None,
) -> Generator[None]:
    """Turn whatever the SDK raises inside into an ArmFailure with what was tried, and on what;
    `sent` if it changes something in Azure. `means` says what an error means here, where that is
    something else than elsewhere.
    """
    try:
        with waiting():
            yield
    except AzureError as error:
        arm_error = _explain(error, action, resource)
        changes: dict[str, object] = {"sent": sent and arm_error.code != _NO_TOKEN}
        if kind := means(arm_error):
            changes["kind"] = kind
        raise ArmFailure(arm_error.model_copy(update=changes)) from error


def _explain(error: AzureError, action: str, resource: str) -> ArmError:
    if isinstance(error, ClientAuthenticationError) and error.response is None:
        return _no_token(error, action, resource)
    status = (error.status_code or _NO_ANSWER) if isinstance(error, HttpResponseError) else 0
    detail = error.error if isinstance(error, HttpResponseError) else None
    code = (detail.code if detail else None) or (str(status) if status else type(error).__name__)
    target = (detail.target if detail else None) or ""
    asked = retry_after(_headers(error))
    message = without_queries((detail.message if detail else None) or str(error)).strip()
    return ArmError(
        kind=kind_of(status, code, target),
        action=action,
        resource=resource,
        status=status,
        code=code,
        message=f"{message}{_too_long(asked)}",
        retry_after=asked,
    )


def _headers(error: AzureError) -> Mapping[str, str]:
    return getattr(getattr(error, "response", None), "headers", {})


def _too_long(asked: float | None) -> str:
    """What to add to the message if we do not wait for as long as Azure asks."""
    if asked is None or asked <= LONGEST_WAIT.total_seconds():
        return ""
    return f" (Azure asks to wait for {asked:g} s; this app waits for {spoken(LONGEST_WAIT)})"


def without_queries(text: str) -> str:
    """The text with the query string cut off every URL or path in it: a long-running operation's
    contains a signature, and a failed connection's message quotes it.
    """
    return _QUERY.sub(r"\1", text)


def _no_token(error: AzureError, action: str, resource: str) -> ArmError:
    """Resource Manager was not called at all: there was no token for it."""
    first_line = without_queries(str(error).partition("\n")[0])
    return ArmError(
        kind=ArmErrorKind.UNAVAILABLE,
        action=action,
        resource=resource,
        status=_NO_ANSWER,
        code=_NO_TOKEN,
        message=f"{first_line} Give the app a managed identity (or run `az login` on a laptop)",
    )


def kind_of(status: int, code: str, target: str) -> ArmErrorKind:
    """What an error response means: by its status, its code and its target."""
    if status in _UNAVAILABLE or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ArmErrorKind.UNAVAILABLE
    if status == HTTPStatus.NOT_FOUND or code == "InvalidSubscriptionId":
        return ArmErrorKind.NOT_FOUND
    match status:
        case HTTPStatus.PRECONDITION_FAILED:
            return ArmErrorKind.STALE
        case HTTPStatus.BAD_REQUEST if target.casefold() == "instanceids":
            return ArmErrorKind.STALE
        case HTTPStatus.CONFLICT if code.casefold() in _PASSING_CONFLICTS:
            return ArmErrorKind.BUSY
        case _:
            return ArmErrorKind.REFUSED
