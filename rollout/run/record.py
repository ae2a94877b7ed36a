"""The record of a rollout and the list of rollouts, as pure functions of their operations."""

from datetime import datetime
from typing import Any

from rollout.base import EventKind, Phase, Value

RECORD_ENTITY = "rollout_record"
INDEX_ENTITY = "rollout_index"
INDEX_KEY = "all"
FLEET_INDEX_KEY = "fleets"
FOLLOWED_INDEX_KEY = "followed"
KEPT = 500
"""How many rollouts the list keeps: the newest, and all that have not ended, however many these
are. The rollouts themselves are kept longer.
"""

type State = dict[str, Any]


def record_after(state: State | None, operation: str | None, payload: Any) -> State:
    """The record after one more operation.

    "baseline" stores the packed inventory from before anything moved; "reasons" replaces the
    reasons why instances were skipped or have failed; "event" adds a line to the log; "trim"
    drops the lines from before that moment. Raises ValueError for any other operation.
    """
    state = state or {"baseline": None, "reasons": {}, "events": []}
    match operation:
        case "baseline":
            return {**state, "baseline": payload}
        case "reasons":
            return {**state, "reasons": payload}
        case "event":
            return _with_event(state, payload)
        case "trim":
            return _without(state, older_events(state, datetime.fromisoformat(payload)))
        case _:
            raise ValueError(f"a rollout's record has no operation {operation!r}")


def _with_event(state: State, event: State) -> State:
    """In order of the time at which each was written, not at which it arrived: the events of a
    rollout and of its batches come from different orchestrations. `arrived` has the numbers in
    order of arrival, beside the events.
    """
    events: list[State] = state["events"]
    numbers = _numbers(state)
    at = len(events)
    while at and _written(events[at - 1]) > _written(event):
        at -= 1
    newest = max(numbers, default=0) + 1
    return {
        **state,
        "events": [*events[:at], event, *events[at:]],
        "arrived": [*numbers[:at], newest, *numbers[at:]],
    }


def _numbers(state: State) -> list[int]:
    """A record of an older version counts as one that has them in this order."""
    events, known = state.get("events", []), state.get("arrived", [])
    return known if len(known) == len(events) else list(range(1, len(events) + 1))


def _without(state: State, older: list[State]) -> State:
    kept = [
        (event, number)
        for event, number in zip(state["events"], _numbers(state), strict=True)
        if event not in older
    ]
    events, numbers = [event for event, _ in kept], [number for _, number in kept]
    return {**state, "events": events, **({"arrived": numbers} if "arrived" in state else {})}


def numbered_events(state: State | None, after: int = 0) -> list[State]:
    """The log in order, each event with its `number` in order of arrival: one that arrives late
    stands before those that were there, with a higher number. Only those of a number above `after`.
    """
    known = state or {}
    return [
        {**event, "number": number}
        for event, number in zip(known.get("events", []), _numbers(known), strict=True)
        if number > after
    ]


def newest_event(state: State | None) -> int:
    """The number of the event that arrived last; 0 if there is none."""
    return max(_numbers(state or {}), default=0)


def _written(event: State) -> tuple[datetime, list[int]]:
    return datetime.fromisoformat(event["at"]), event.get("position", [])


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


def model_was_set(state: State | None) -> bool:
    """Whether the rollout has changed the scale set's model."""
    events: list[State] = (state or {}).get("events", [])
    kinds = [event for event in events if event["kind"] == EventKind.MODEL_SET]
    return any(event["evidence"].get("changed") for event in kinds)


def older_events(state: State | None, before: datetime) -> list[State]:
    """The lines of the log from before that moment."""
    events: list[State] = (state or {}).get("events", [])
    return [event for event in events if datetime.fromisoformat(event["at"]) < before]


class LeftBehind(Value):
    """What a rollout has left undone. `repairs_untried` if it suspended automatic repairs and has
    not tried to resume them: it was ended from outside. `repairs_since` is when it suspended them.
    """

    repairs_suspended: bool = False
    repairs_untried: bool = False
    repairs_since: datetime | None = None


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
    )


def index_after(state: State | None, operation: str | None, payload: Any) -> State:
    """The list after "put": that rollout is in it once, with its latest line. After "add": it is in
    it, with that line unless it had one. After "drop": it is no longer in it. Raises ValueError for
    any other operation.
    """
    rollouts: State = state or {}
    if operation == "add" and payload["id"] in rollouts:
        return rollouts
    match operation:
        case "put" | "add":
            rollouts = {**rollouts, payload["id"]: payload}
            return _kept(rollouts)
        case "drop":
            return {
                rollout_id: line for rollout_id, line in rollouts.items() if rollout_id != payload
            }
        case _:
            raise ValueError(f"the list of rollouts has no operation {operation!r}")


def _kept(lines: State) -> State:
    """Without the oldest lines of what has ended, as long as there are too many."""
    surplus = max(0, len(lines) - KEPT)
    ended = [key for key, line in lines.items() if _has_ended(line)]
    forgotten = set(ended[:surplus])
    return {key: line for key, line in lines.items() if key not in forgotten}


def _has_ended(line: State) -> bool:
    """What has no phase, such as a followed image, is never active; what lasts `since` then lasts
    until it says that it is over. A phase that only a later version of the app knows may mean
    anything.
    """
    phase = line.get("phase")
    if phase is None:
        return "since" not in line or "restoredAt" in line
    return phase in set(Phase) and Phase(phase).ended
