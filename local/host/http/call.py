"""A request to Durable's management API, and the answers they all share.

Source: Durable extension source (HTTP API handler): query names are case-insensitive, booleans are
`true` or `false` and anything else is ignored, error bodies are in Pascal case.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.replay import stamp


class BadRequest(Exception):  # noqa: N818 - a condition, answered as 400
    """Answered as 400 with `{"Message": ...}`."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `path` below the API's base, query names in lower case."""

    method: str
    path: str
    url: str
    origin: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def text(self, name: str, default: str = "") -> str:
        return self.query.get(name.lower(), default)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        return value == "true" if value in {"true", "false"} else default

    def number(self, name: str) -> float | None:
        """Seconds or a count; None when it is missing or not a number."""
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def moment(self, name: str) -> str | None:
        """A stamp; None when it is missing or not a date."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            return None
        return stamp(moment.astimezone(UTC) if moment.tzinfo else moment)

    def json_text(self) -> str:
        """The body as it was sent. Raises BadRequest when it is not JSON."""
        try:
            json.loads(self.body)
            return self.body.decode()
        except ValueError as error:
            raise BadRequest("Invalid JSON content") from error


async def call_of(request: Request) -> Call:
    return Call(
        method=request.method,
        path=request.path_params["path"].strip("/"),
        url=str(request.url),
        origin=f"{request.url.scheme}://{request.url.netloc}",
        query={name.lower(): value for name, value in request.query_params.items()},
        headers=request.headers,
        body=await request.body(),
    )


def empty(status: int) -> Response:
    return Response(status_code=status)


def message(status: int, text: str) -> Response:
    return JSONResponse({"Message": text}, status)


def failure(status: int, kind: str, error: Exception) -> Response:
    """An answer with an exception in it; `kind` is its .NET type, which clients may look at."""
    text = (
        "One or more of the arguments submitted is incorrect"
        if status == 400  # noqa: PLR2004 - HTTP's number for it
        else "Something went wrong while processing your request"
    )
    body: dict[str, Any] = {
        "Message": text,
        "ExceptionMessage": str(error),
        "ExceptionType": kind,
        "StackTrace": "",
    }
    return JSONResponse(body, status)
