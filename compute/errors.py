"""Converts what the SDK raises into values the core understands."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from rollout.base import ArmError, ArmErrorKind, ArmFailure

_PASSING_CONFLICTS = {"conflict", "operationpreempted", "anotheroperationinprogress"}
_NO_ANSWER = 0
_NO_TOKEN = "NoAccessToken"  # noqa: S105 - an error code
_QUERY = re.compile(r"(/[^\s?'\"]*)\?[^\s'\")]*")


@contextmanager
def explained(action: str, resource: str, *, sent: bool = False) -> Generator[None]:
    """Turn whatever the SDK raises inside into an ArmFailure with what was tried, and on what;
    `sent` if it changes something in Azure.
    """
    try:
        yield
    except AzureError as error:
        explained_error = _explain(error, action, resource)
        sent = sent and explained_error.code != _NO_TOKEN
        raise ArmFailure(explained_error.model_copy(update={"sent": sent})) from error


def _explain(error: AzureError, action: str, resource: str) -> ArmError:
    if isinstance(error, ClientAuthenticationError) and error.response is None:
        return _no_token(error, action, resource)
    status = (error.status_code or _NO_ANSWER) if isinstance(error, HttpResponseError) else 0
    detail = error.error if isinstance(error, HttpResponseError) else None
    code = (detail.code if detail else None) or (str(status) if status else type(error).__name__)
    target = (detail.target if detail else None) or ""
    return ArmError(
        kind=kind_of(status, code, target),
        action=action,
        resource=resource,
        status=status,
        code=code,
        message=without_queries((detail.message if detail else None) or str(error)).strip(),
        retry_after=_retry_after(error),
    )


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
    unavailable = {_NO_ANSWER, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    if status in unavailable or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ArmErrorKind.UNAVAILABLE
    match status:
        case HTTPStatus.NOT_FOUND:
            return ArmErrorKind.NOT_FOUND
        case HTTPStatus.PRECONDITION_FAILED:
            return ArmErrorKind.STALE
        case HTTPStatus.BAD_REQUEST if target.casefold() == "instanceids":
            return ArmErrorKind.STALE
        case HTTPStatus.CONFLICT if code.casefold() in _PASSING_CONFLICTS:
            return ArmErrorKind.BUSY
        case _:
            return ArmErrorKind.REFUSED


def _retry_after(error: AzureError) -> float | None:
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
    try:
        return float(headers.get("Retry-After", ""))
    except ValueError:
        return None
