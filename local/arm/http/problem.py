"""Errors of the controls under /_sim: application/problem+json, with every error at once."""

from http import HTTPStatus
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.responses import Response


def problem(status: int, detail: str, **more: Any) -> Response:
    """An RFC 9457 problem."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(orjson.dumps(body), status, media_type="application/problem+json")


def invalid(error: ValidationError) -> Response:
    """400 with the path and message of each error."""
    errors = [{"path": _path(entry["loc"]), "message": entry["msg"]} for entry in error.errors()]
    detail = "; ".join(f"{entry['path'] or 'body'}: {entry['message']}" for entry in errors)
    return problem(HTTPStatus.BAD_REQUEST, detail, errors=errors)


def _path(location: tuple[int | str, ...]) -> str:
    """As in "targetRegions[0].name"."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")
