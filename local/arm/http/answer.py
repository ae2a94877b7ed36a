"""Answers as ARM sends them."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from local.arm.base import ArmError

_JSON = "application/json; charset=utf-8"
_COMMON = {
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


def json_answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON body with the headers every recorded answer has."""
    return Response(orjson.dumps(body), status, {**_COMMON, **(headers or {})}, _JSON)


def empty_answer(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An answer without a body."""
    return Response(b"", status, {**_COMMON, **(headers or {})})


def error_answer(error: ArmError, headers: Mapping[str, str] | None = None) -> Response:
    """An error in ARM's shape."""
    return json_answer(error.body, error.status, headers)
