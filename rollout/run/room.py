"""The room in a Durable custom status: 16 KB of UTF-16."""

import json
from collections.abc import Iterator
from typing import Any, cast

from rollout.base import shortened

type _Status = dict[str, Any]

_ROOM = 8_190
"""In characters of JSON."""
_CHECKS = ("gates", "hooks")
_TEXTS = ("message", "repairs", "control")
_SHORT = 80


def with_room(status: _Status) -> _Status:
    """A status without what there is no room for. Its rows and questions stay: an answer counts
    only if its question is shown.
    """
    shown = status
    for shown in _lighter(status):
        if len(json.dumps(shown)) <= _ROOM:
            break
    return shown


def _lighter(status: _Status) -> Iterator[_Status]:
    """Lighter and lighter. Whoever reads it fills in what checks the policy has."""
    yield status
    questions = [
        each if each["answered"] else _without("answered", each) for each in status["questions"]
    ]
    status = {**status, "questions": questions}
    yield status
    for name in ("message", "at"):
        status = {**status, **{of: [_without(name, each) for each in status[of]] for of in _CHECKS}}
        yield status
    status = {name: value for name, value in status.items() if name not in _CHECKS}
    yield status
    yield {**status, **{name: _cut(status[name]) for name in _TEXTS if name in status}}


def _without(name: str, line: dict[str, Any]) -> dict[str, Any]:
    return {each: value for each, value in line.items() if each != name}


def _cut(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _cut(value) for name, value in cast("dict[str, Any]", said).items()}
    return shortened(said, _SHORT) if isinstance(said, str) else said
