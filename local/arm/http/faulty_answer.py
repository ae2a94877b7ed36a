"""The answer to a request that is hit by a fault."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import orjson
from starlette.responses import Response
from starlette.types import Receive

from local.arm.base import SUBSCRIPTION, ArmError, conflict, guid, instant
from local.arm.http.answer import error_answer
from local.arm.http.audience import Audience
from local.arm.http.right import Right
from local.arm.model import Conflict, Denied, ServerError, Throttle

_BUCKET = "HighCostGet"
LEFT = "x-ms-ratelimit-remaining-resource"
"""The header that says what is left of a budget."""


def faulty_answer(
    fault: Throttle | ServerError | Denied | Conflict, method: str, path: str, now: datetime
) -> Response:
    """The documented answer of a service in that state."""
    match fault:
        case Throttle():
            return throttled(fault.retry_after, now)
        case ServerError():
            return error_answer(_server_error(fault.status, now))
        case Denied():
            if Audience.of_path(path) is Audience.LOGS and fault.status == HTTPStatus.FORBIDDEN:
                return error_answer(_insufficient_access(now))
            return error_answer(_denied(fault.status, Right.needed(method, path), now))
        case Conflict():
            return error_answer(conflict())


async def drop_connection(receive: Receive) -> None:
    """Close the socket without an answer.

    ASGI has no way to say it, so this uses the transport behind uvicorn's `receive`. Raises
    ConnectionResetError where there is no socket, as in an in-process client.
    """
    cycle = getattr(receive, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:
        raise ConnectionResetError("the simulated Azure dropped the connection")
    transport.abort()
    # Returning before uvicorn knows that the peer is gone would make it write a 500.
    while (await receive())["type"] != "http.disconnect":
        pass


def left_in(left: Mapping[str, int]) -> str:
    """As recorded (reimage-ephemeral-list-before)."""
    return ",".join(f"Microsoft.Compute/{bucket};{count}" for bucket, count in left.items())


def throttled(retry_after: int, now: datetime, bucket: str = _BUCKET) -> Response:
    """429 as documented for the compute resource provider."""
    measured = {
        "operationGroup": bucket,
        "startTime": instant(now),
        "endTime": instant(now),
        "allowedRequestCount": 300,
        "measuredRequestCount": 1238,
    }
    detail = {
        "code": "TooManyRequests",
        "target": bucket,
        "message": orjson.dumps(measured).decode(),
    }
    error = ArmError(
        429,
        "OperationNotAllowed",
        "The server rejected the request because too many requests have been received for this "
        "subscription.",
        details=[detail],
    )
    headers = {"Retry-After": str(retry_after), LEFT: left_in({bucket: 0})}
    return error_answer(error, headers)


def _server_error(status: int, now: datetime) -> ArmError:
    """503 as recorded (503-ServerTimeout); the text of 500 is assumed."""
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return ArmError(500, "InternalServerError", "An internal server error occurred.")
    tracking = guid("tracking", now)
    return ArmError(
        503,
        "ServerTimeout",
        f"The request timed out. Diagnostic information: timestamp '{now:%Y%m%dT%H%M%SZ}', "
        f"subscription id '{SUBSCRIPTION}', tracking id '{tracking}', request correlation id "
        f"'{tracking}'.",
    )


def _insufficient_access(now: datetime) -> ArmError:
    """403 of Azure Monitor's logs, as real answers are quoted (microsoft/foundry-dev-tools 734)."""
    return ArmError(
        403,
        "InsufficientAccessError",
        "The provided credentials have insufficient access to perform the requested operation",
        correlationId=guid("correlation", now),
    )


def _denied(status: int, right: Right, now: datetime) -> ArmError:
    """403 as a real answer is documented (the client's id is ours); the text of 401 is as quoted in
    public, without the time at which the token expired.
    """
    if status == HTTPStatus.UNAUTHORIZED:
        message = f"The access token expiry UTC time is earlier than current UTC time '{now:%c}'."
        return ArmError(401, "ExpiredAuthenticationToken", message)
    client = guid("client", SUBSCRIPTION)
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{client}' with object id '{client}' does not have authorization to perform "
        f"action '{right.action}' over scope '{right.scope}' or the scope is invalid. If access "
        "was recently granted, please refresh your credentials.",
    )
