"""The record of a rollout and the list of rollouts, as pure functions of what was recorded."""

from datetime import datetime
from typing import Any

from rollout.event import EventKind
from rollout.image import ImageChange
from rollout.phase import Phase
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value
from rollout.view import Counts, RolloutView

RECORD_ENTITY = "rollout_record"
INDEX_ENTITY = "rollout_index"
INDEX_KEY = "all"
FLEET_INDEX_KEY = "fleets"
FOLLOWED_INDEX_KEY = "followed"
KEPT = 500
"""How many rollouts the list keeps: the newest ones. The rollouts themselves are kept longer."""

type State = dict[str, Any]


class Summary(Value):
    """A line of the list of rollouts."""

    id: str
    scale_set: ScaleSetIdField
    image: ImageChange = ImageChange()
    phase: Phase
    message: str = ""
    counts: Counts = Counts()
    percent: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @classmethod
    def of(cls, view: RolloutView) -> "Summary":
        """The line for a rollout that is seen like this."""
        return cls.model_construct(**{name: getattr(view, name) for name in cls.model_fields})


def recorded(state: State | None, operation: str | None, payload: Any) -> State:
    """The record after one more operation.

    "baseline" keeps the packed fleet as it was before anything moved; "reasons" says of instances
    why they were skipped or have failed, and replaces what was said before; "event" appends a line
    to the log; "trim" drops the lines of before that moment. Raises ValueError for any other
    operation.
    """
    state = state or {"baseline": None, "reasons": {}, "events": []}
    match operation:
        case "baseline":
            return {**state, "baseline": payload}
        case "reasons":
            return {**state, "reasons": payload}
        case "event":
            return {**state, "events": [*state["events"], payload]}
        case "trim":
            older = older_events(state, datetime.fromisoformat(payload))
            return {**state, "events": [one for one in state["events"] if one not in older]}
        case _:
            raise ValueError(f"a rollout's record has no operation {operation!r}")


def older_events(state: State | None, before: datetime) -> list[State]:
    """The lines of the log that are older than that."""
    events: list[State] = (state or {}).get("events", [])
    return [one for one in events if datetime.fromisoformat(one["at"]) < before]


class LeftBehind(Value):
    """What a rollout that was ended from outside has left undone."""

    repairs_suspended: bool = False


def left_behind(state: State | None) -> LeftBehind:
    """What its record says that it did and did not undo."""
    done = [event["kind"] for event in (state or {}).get("events", [])]
    suspended = done.count(EventKind.REPAIRS_SUSPENDED)
    return LeftBehind(repairs_suspended=suspended > done.count(EventKind.REPAIRS_RESTORED))


def indexed(state: State | None, operation: str | None, payload: Any) -> State:
    """The list after "put": that rollout is in it once, with what was said of it last. After
    "drop": it is not in it any more. Raises ValueError for any other operation.
    """
    rollouts: State = state or {}
    match operation:
        case "put":
            rollouts = {**rollouts, payload["id"]: payload}
            return dict(list(rollouts.items())[-KEPT:])
        case "drop":
            return {one: line for one, line in rollouts.items() if one != payload}
        case _:
            raise ValueError(f"the list of rollouts has no operation {operation!r}")
