"""Where two JSON values differ."""

from collections.abc import Iterator
from typing import Any, cast


def differences(before: object, after: object, path: str = "") -> Iterator[str]:
    """The path of each field in which two JSON values differ, as in "policy.canary"; a list is
    compared as a whole.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield path or "$"
        return
    mine, theirs = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
    for name in sorted(mine.keys() | theirs.keys()):
        yield from differences(mine.get(name), theirs.get(name), f"{path}.{name}".lstrip("."))
