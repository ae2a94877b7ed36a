"""The event log of a rollout, kept in parts of bounded size, as pure functions.

An event belongs to the part that its position says, so that who writes it knows where it goes, and
what an entity is given to keep is never the whole log.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rollout.base import EventKind

LOG_ENTITY = "rollout_log"
FIRST_PART = "0"
SIZE = 24
"""How many events of one orchestration are in a part."""
WITH_ITS_START = 4
"""How many events of a batch or wave are in the part of the event with which it began: mostly all
of them. What it writes after these is in parts of its own.
"""

type State = dict[str, Any]
type Parts = Mapping[str, State | None]


def part_of(position: Sequence[int]) -> str:
    """The part that the event of that position belongs to."""
    outer, *inner = position
    beyond = inner[-1] - 1 - WITH_ITS_START if inner else -1
    if beyond < 0:
        return str(max(0, outer - 1) // SIZE)
    return f"{outer}.{beyond // SIZE}"


def log_key(rollout_id: str, part: str) -> str:
    """The key of the entity that has that part."""
    return f"{rollout_id}:{part}"


def rollout_of_log(key: str) -> str:
    """The id of the rollout whose log an entity of that key belongs to."""
    return key.rpartition(":")[0]


def log_after(state: State | None, operation: str | None, payload: Any) -> State:
    """A part of the log after one more operation.

    "event" adds a line, or counts one more of a wait for the same cause, `standing` is where the
    rollout stood before a part began; "trim" drops the lines from before that moment. Raises
    ValueError for any other operation.
    """
    state = state or {"events": [], "last": 0}
    match operation:
        case "event":
            known = {"standing": payload["standing"]} if "standing" in payload else {}
            return _with_event({**state, **known}, payload["event"])
        case "trim":
            before = datetime.fromisoformat(payload)
            kept = [event for event in state["events"] if not _is_older(event, before)]
            return {**state, "events": kept}
        case _:
            raise ValueError(f"a rollout's log has no operation {operation!r}")


def _with_event(state: State, event: State) -> State:
    """In order of the time at which each was written, not at which it arrived: the events of a
    rollout and of its batches come from different orchestrations. Its `number` is that of its
    arrival in this part; a line that was changed has arrived once more.
    """
    events, number = list[State](state["events"]), state["last"] + 1
    again = waits_again(events, event)
    if again is None:
        at = len(events)
        while at and _written(events[at - 1]) > _written(event):
            at -= 1
        events.insert(at, {**event, "number": number})
    else:
        events[again] = {**_once_more(events[again], event), "number": number}
    return {**state, "events": events, "last": number}


def cause_of(event: State) -> tuple[str, ...]:
    """What it waits for: Azure's error, or else what its message says."""
    if error := event.get("evidence", {}).get("error"):
        return tuple(str(error.get(name, "")) for name in ("action", "status", "code"))
    return (event["message"],)


def waits_again(events: Sequence[State], event: State) -> int | None:
    """Where the line stands to which this event adds only that it is still so: its writer has
    written nothing since but that it waits. None if it is a line of its own.
    """
    if event["kind"] != EventKind.WAITING:
        return None
    writer = event["position"][:-1]
    for at in range(len(events) - 1, -1, -1):
        line = events[at]
        if line["position"][:-1] != writer:
            continue
        if line["kind"] != EventKind.WAITING:
            return None
        if cause_of(line) == cause_of(event):
            return at
    return None


def _once_more(line: State, event: State) -> State:
    """Where and since when it stood, with what was said last."""
    since = {name: line[name] for name in ("at", "position")}
    return {**event, **since, "times": line.get("times", 1) + 1, "until": event["at"]}


def events_of(parts: Parts) -> list[State]:
    """The whole log in order, each event with its part, and its number in that."""
    found = [
        {**event, "part": part}
        for part, state in parts.items()
        for event in (state or _NONE)["events"]
    ]
    return sorted(found, key=_written)


_NONE: State = {"events": []}


def mark_of(parts: Parts) -> str:
    """How far the log goes: who has read up to here asks for what comes `after` it."""
    marks = {part: state["last"] for part, state in parts.items() if state}
    return ",".join(f"{part}:{last}" for part, last in marks.items())


def marked(text: str) -> dict[str, int]:
    """The last number of each part, by a mark; a number alone is one of the first part."""
    found = (each.rpartition(":") for each in text.split(",") if each)
    return {part or FIRST_PART: int(number) for part, _, number in found}


def events_after(events: Sequence[State], mark: Mapping[str, int]) -> list[State]:
    """Those that arrived after that mark: of a part that it does not name, all."""
    return [event for event in events if event["number"] > mark.get(event["part"], 0)]


def older_parts(parts: Parts, before: datetime) -> tuple[list[str], list[str]]:
    """The parts with events of before that moment; and those with nothing else, which are not
    written any more.
    """
    trimmed, gone = list[str](), list[str]()
    newest = list(parts)[-1:]
    for part, state in parts.items():
        older = [_is_older(event, before) for event in (state or _NONE)["events"]]
        if [part] != newest and all(older):
            gone.append(part)
        elif any(older):
            trimmed.append(part)
    return trimmed, gone


def _is_older(event: State, before: datetime) -> bool:
    return datetime.fromisoformat(event["at"]) < before


def _written(event: State) -> tuple[datetime, list[int]]:
    return datetime.fromisoformat(event["at"]), event["position"]
