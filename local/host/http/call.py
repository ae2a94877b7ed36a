"""A request to Durable's management API, and the answers they all share.

Source: Durable extension source (HTTP API handler, 2026): query names are case-insensitive, a
repeated name holds its values with commas between; booleans, numbers that cannot be read are as if
they were not there; error bodies are in Pascal case.
"""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.http.pairs import joined
from local.host.replay import stamp

WHOLE = re.compile(r"\s*[+-]?\d{1,9}\s*")
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*")
SHORT_YEAR = re.compile(r"^\d{1,3}(?=-)")
AMERICAN = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")


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

    def count(self, name: str) -> int | None:
        """None when it is missing or not a whole number."""
        value = self.text(name)
        return int(value) if WHOLE.fullmatch(value) else None

    def seconds(self, name: str) -> float | None:
        """At most what a thread can wait; None when it is missing or not a number."""
        value = self.text(name)
        return min(float(value), threading.TIMEOUT_MAX) if NUMBER.fullmatch(value) else None

    def moment(self, name: str) -> str | None:
        """A stamp; None when it is missing.

        Raises BadRequest when it is not a date: Azure goes on as if it had not been given.
        """
        value = self.text(name)
        if not value:
            return None
        moment = _moment(value)
        if moment is None:
            raise BadRequest(
                f"{name} is {value!r}, which is not a date. The local host refuses it; Azure "
                "ignores it, and lists or purges without it."
            )
        return stamp(moment.astimezone(UTC) if moment.tzinfo else moment)

    @property
    def sends_json(self) -> bool:
        kind = self.headers.get("content-type", "").partition(";")[0]
        return kind.strip().lower() == "application/json"

    def json_text(self, complaint: str = "Invalid JSON content") -> str:
        """The body as it was sent. Raises BadRequest when it is not JSON."""
        try:
            json.loads(self.body)
            return self.body.decode()
        except ValueError as error:
            raise BadRequest(complaint) from error


async def call_of(request: Request) -> Call:
    return Call(
        method=request.method,
        path=request.path_params["path"].strip("/"),
        url=str(request.url),
        origin=f"{request.url.scheme}://{request.url.netloc}",
        query=joined((name.lower(), value) for name, value in request.query_params.multi_items()),
        headers=request.headers,
        body=await request.body(),
    )


def empty(status: int) -> Response:
    return Response(status_code=status)


def message(status: int, text: str) -> Response:
    return JSONResponse({"Message": text}, status)


def failure(status: int, kind: str, error: Exception, text: str = "") -> Response:
    """An answer with an exception in it; `kind` is its .NET type, which clients may look at."""
    general = (
        "One or more of the arguments submitted is incorrect"
        if status == 400  # noqa: PLR2004 - HTTP's number for it
        else "Something went wrong while processing your request"
    )
    body: dict[str, Any] = {
        "Message": text or general,
        "ExceptionMessage": str(error),
        "ExceptionType": kind,
        "StackTrace": "",
    }
    return JSONResponse(body, status)


def _moment(value: str) -> datetime | None:
    """What .NET reads as a date: ISO 8601, also with a year below 1000, or month/day/year."""
    padded = SHORT_YEAR.sub(lambda year: year[0].zfill(4), value.strip(), count=1)
    try:
        return datetime.fromisoformat(padded)
    except ValueError:
        return next((found for form in AMERICAN if (found := _in_form(value, form))), None)


def _in_form(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value.strip(), form).replace(tzinfo=UTC)
    except ValueError:
        return None
