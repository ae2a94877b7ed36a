"""Reading Azure's JSON bodies, in which any part may be missing."""

from collections.abc import Mapping
from typing import Any, cast

type Body = Mapping[str, Any]


def dig(body: object, *path: str) -> Any:
    """What is at the end of that path, or None when any part of it is not there."""
    for key in path:
        if not isinstance(body, Mapping):
            return None
        body = cast("Body", body).get(key)
    return body


def dig_list(body: object, *path: str) -> list[Any]:
    """The list at the end of that path, empty when there is none."""
    return dig(body, *path) or []
