"""Hooks as users see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rollout.base import Value, shortened
from rollout.gates import GateSaid, GateVerdict
from rollout.hooks.hook import Hook, HookPlace

_ROOM, _LEAST = 400, 40
"""In characters of JSON: what all messages share, since a custom status is limited."""
HOOK_STATIC = {"place", "kind", "action"}
"""What the policy says of a hook, so that it is not published."""


class HookLine(Value):
    """A hook of the policy with its last answer, if it was called: `pass` once it was done."""

    name: str
    place: HookPlace = HookPlace.BEFORE_BATCH
    kind: str = ""
    action: str = ""
    verdict: GateVerdict | None = None
    message: str | None = None
    at: datetime | None = None


def hook_lines(hooks: Sequence[Hook], said: Mapping[str, GateSaid]) -> list[HookLine]:
    """A line for each hook."""
    room = max(_LEAST, _ROOM // max(1, len(hooks)))
    return [_line(hook, said.get(hook.name), room) for hook in hooks]


def _line(hook: Hook, said: GateSaid | None, room: int) -> HookLine:
    line = HookLine(name=hook.name, **_static(hook))
    if said is None:
        return line
    message = shortened(said.message, room)
    return line.model_copy(update={"verdict": said.verdict, "message": message, "at": said.at})


def completed_hooks(hooks: Sequence[Hook], published: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What was published, with what the policy says."""
    by_name = {line["name"]: line for line in published}
    return [{**by_name.get(hook.name, {"name": hook.name}), **_static(hook)} for hook in hooks]


def _static(hook: Hook) -> dict[str, Any]:
    return {"place": hook.place, "kind": hook.call.kind, "action": hook.action}
