"""The record of a rollout, as pure functions: what it keeps beside its log, and what both tell."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rollout.base import EventKind, Value
from rollout.hooks import Owed
from rollout.run.log import FIRST_PART, Parts, State, events_of, mark_of

RECORD_ENTITY = "rollout_record"
_SETTLED = {EventKind.PUT_BACK, EventKind.NOT_PUT_BACK}


def record_after(state: State | None, operation: str | None, payload: Any) -> State:
    """The record after one more operation.

    "baseline" stores the packed inventory from before anything moved; "reasons" replaces the
    reasons why instances were skipped or have failed; "part" notes a further part of the log;
    "drop" that there is nothing in that one any more. Raises ValueError for any other operation.
    """
    state = state or {"baseline": None, "reasons": {}, "parts": [FIRST_PART]}
    parts: list[str] = state["parts"]
    match operation:
        case "baseline":
            return {**state, "baseline": payload}
        case "reasons":
            return {**state, "reasons": payload}
        case "part":
            return {**state, "parts": list(dict.fromkeys([*parts, payload]))}
        case "drop":
            return {**state, "parts": [each for each in parts if each != payload]}
        case _:
            raise ValueError(f"a rollout's record has no operation {operation!r}")


def parts_of(state: State | None) -> list[str]:
    """The parts of the log, the newest last."""
    return state["parts"] if state else [FIRST_PART]


def record_of(state: State | None, parts: Parts) -> State:
    """The record as a whole: with all events in order, and the `mark` of how far they go."""
    kept = {name: (state or {}).get(name) for name in ("baseline", "reasons")}
    events = events_of(parts)
    return {
        "baseline": kept["baseline"],
        "reasons": kept["reasons"] or {},
        "events": events,
        "mark": mark_of(parts),
    }


def last_position(state: State | None) -> int:
    """How many events the rollout itself had written."""
    events: list[State] = (state or {}).get("events", [])
    return max((event["position"][0] for event in events if event.get("position")), default=0)


def events_since_start(state: State | None) -> list[State]:
    """The lines of the log since it was started: one that was purged by hand has left its lines to
    the next one of the same id.
    """
    events: list[State] = (state or {}).get("events", [])
    starts = [index for index, each in enumerate(events) if each["kind"] == EventKind.STARTED]
    return events[starts[-1] if starts else 0 :]


def was_broken_off(state: State | None) -> bool:
    """Whether the last thing that its log says of it is that it was ended from outside."""
    events = [each for each in events_since_start(state) if each["kind"] not in _SETTLED]
    return bool(events) and events[-1]["kind"] == EventKind.BROKEN_OFF


def model_was_set(state: State | None) -> bool:
    """Whether the rollout has changed the scale set's model."""
    events: list[State] = (state or {}).get("events", [])
    kinds = [event for event in events if event["kind"] == EventKind.MODEL_SET]
    return any(event["evidence"].get("changed") for event in kinds)


class LeftBehind(Value):
    """What a rollout has left undone. `repairs_untried` if it suspended automatic repairs and has
    not tried to resume them: it was ended from outside. `repairs_since` is when it suspended them.
    `owed` is what hooks have yet to put back.
    """

    repairs_suspended: bool = False
    repairs_untried: bool = False
    repairs_since: datetime | None = None
    owed: Owed | None = None


def left_behind_by(state: State | None) -> LeftBehind:
    """What it did and did not undo, according to its record."""
    events: list[State] = (state or {}).get("events", [])
    done = [event["kind"] for event in events]
    at = [event["at"] for event in events if event["kind"] == EventKind.REPAIRS_SUSPENDED]
    left = done.count(EventKind.REPAIRS_SUSPENDED) - done.count(EventKind.REPAIRS_RESTORED)
    return LeftBehind(
        repairs_suspended=left > 0,
        repairs_untried=left > done.count(EventKind.REPAIRS_NOT_RESTORED),
        repairs_since=datetime.fromisoformat(at[-1]) if left > 0 else None,
        owed=_owed(events_since_start(state)),
    )


def _owed(events: Iterable[State]) -> Owed | None:
    owed: Owed | None = None
    for event in events:
        if event["kind"] == EventKind.HOOKS_DUE:
            due = event["evidence"]
            more = Owed.by(due["putBack"], due["instanceIds"], owed)
            owed = more.numbered(event["position"][0], due["number"]) if more.hooks else None
        elif event["kind"] in _SETTLED:
            owed = None
    return owed
