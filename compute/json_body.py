"""Reads Azure's JSON bodies, in which any part may be missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

type Body = Mapping[str, Any]


def dig(body: object, *path: str) -> Any:
    """The value at the end of that path, or None if any part of it is missing."""
    for key in path:
        if not isinstance(body, Mapping):
            return None
        body = cast("Body", body).get(key)
    return body


def dig_list(body: object, *path: str) -> list[Any]:
    """The list at the end of that path, empty if there is none."""
    return dig(body, *path) or []


def moment_of(published: object) -> datetime | None:
    """Azure writes seven fractional digits; the SDK's models may have parsed them already. Raises
    ValueError.
    """
    if isinstance(published, datetime) or published is None:
        return published
    return datetime.fromisoformat(str(published))
