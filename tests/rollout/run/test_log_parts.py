"""The log has the order in which its events were written, whatever order they arrived in, and
whatever parts they are kept in.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import START
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import Event, EventKind
from rollout.run import State, events_after, last_position, log_after, marked, older_parts, part_of
from rollout.run.log import SIZE, WITH_ITS_START, events_of, mark_of

STEPS = st.lists(st.integers(0, 2), max_size=3 * SIZE)
"""The seconds from one event to the next: most come in the same moment as another."""
CAUSES = st.sampled_from(["429", "503", "a batch", ""])
"""What an event waits for; an empty one does something else."""

type Log = dict[str, State | None]


def written(steps: list[int], within: list[int], began: int = 0) -> list[State]:
    """The events of one orchestration, which is `within` an event of another."""
    at, events = START + timedelta(seconds=began), list[State]()
    for number, step in enumerate(steps, start=1):
        at += timedelta(seconds=step)
        said = f"event {number} within {within}"
        event = Event(at=at, kind=EventKind.BAKING, message=said, position=[*within, number])
        events.append(event.to_json())
    return events


def arrived(log: Log, event: State) -> None:
    part = part_of(event["position"])
    log[part] = log_after(log.get(part), "event", {"event": event})


def recorded(events: list[State]) -> list[State]:
    """The log after these have arrived in this order, without their numbers."""
    log: Log = {}
    for event in events:
        arrived(log, event)
    return [_told(event) for event in events_of(log)]


def _told(event: State) -> State:
    return {name: value for name, value in event.items() if name not in {"number", "part"}}


def interleaved(data: st.DataObject, *senders: list[State]) -> list[State]:
    """Any order of arrival that keeps the order of each sender within each part: each part is an
    entity of its own, and Durable keeps the order of what one orchestration sends to one entity.
    """
    queues: dict[tuple[int, str], list[State]] = {}
    for number, sender in enumerate(senders):
        for event in sender:
            queues.setdefault((number, part_of(event["position"])), []).append(event)
    found = list[State]()
    while waiting := [queue for queue in queues.values() if queue]:
        found.append(data.draw(st.sampled_from(waiting)).pop(0))
    return found


@given(STEPS, STEPS, st.integers(0, 3), st.data())
def test_whichever_recorder_is_heard_first_the_log_is_the_same(
    outer: list[int], inner: list[int], began: int, data: st.DataObject
) -> None:
    rollout, batch = written(outer, []), written(inner, [3], began)
    log = recorded([*rollout, *batch])
    assert recorded(interleaved(data, rollout, batch)) == log
    assert [event for event in log if event in rollout] == rollout
    assert [event for event in log if event in batch] == batch
    assert len(log) == len(rollout) + len(batch)


@given(st.lists(st.integers(0, 2), max_size=40), STEPS, st.data())
def test_any_order_of_arrival_ends_in_the_same_log(
    outer: list[int], inner: list[int], data: st.DataObject
) -> None:
    events = [*written(outer, []), *written(inner, [2])]
    log = recorded(data.draw(st.permutations(events)))
    assert log == recorded(events)
    times = [datetime.fromisoformat(event["at"]) for event in log]
    assert times == sorted(times)


def test_in_one_moment_a_batchs_events_come_after_the_one_it_began_with() -> None:
    log = recorded([*written([0, 0], [2]), *written([0, 0, 0], [])])
    assert [event["position"] for event in log] == [[1], [2], [2, 1], [2, 2], [3]]


def test_moments_are_compared_and_not_their_spelling() -> None:
    half, whole = "2026-07-01T12:00:00.500000Z", "2026-07-01T12:00:00Z"
    lines = [{"kind": "baking", "message": "", "at": at} for at in (half, whole)]
    log = recorded([{**line, "position": [n]} for n, line in enumerate(lines, start=1)])
    assert [event["position"] for event in log] == [[2], [1]]


@given(STEPS, STEPS, st.data())
def test_the_last_position_counts_the_rollouts_own_events(
    outer: list[int], inner: list[int], data: st.DataObject
) -> None:
    within = [len(outer)] if outer else [1]
    own, of_batch = written(outer, []), written(inner if outer else [], within)
    events = recorded(interleaved(data, own, of_batch))
    assert last_position({"events": events}) == len(outer)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 100)), max_size=400))
def test_no_part_has_more_than_so_many_events(positions: list[tuple[int, int]]) -> None:
    """Of a rollout of up to 60 events, each the beginning of a batch of up to 100."""
    parts: dict[str, set[tuple[int, int]]] = {}
    for outer, inner in positions:
        part = part_of([outer, inner] if inner else [outer])
        parts.setdefault(part, set()).add((outer, inner))
    assert all(len(found) <= SIZE * (1 + WITH_ITS_START) for found in parts.values())


def test_few_events_are_in_one_part_and_what_a_batch_writes_stays_with_its_start() -> None:
    own = [part_of([number]) for number in range(1, 2 * SIZE + 2)]
    assert own == ["0"] * SIZE + ["1"] * SIZE + ["2"]
    inner = [part_of([30, number]) for number in range(1, WITH_ITS_START + SIZE + 2)]
    assert inner == ["1"] * WITH_ITS_START + ["30.0"] * SIZE + ["30.1"]


@given(STEPS, STEPS, st.integers(0, 3), st.lists(CAUSES, max_size=10), st.data())
def test_who_asks_for_what_came_after_has_the_whole_log_and_nothing_twice(
    outer: list[int], inner: list[int], began: int, causes: list[str], data: st.DataObject
) -> None:
    """Events arrive late, also in parts that were read before; waits are told again."""
    waits = list(_waiting(causes, [1]))
    log: Log = {}
    known: dict[str, State] = {}
    mark = ""
    for event in interleaved(data, written(outer, []), written(inner, [3], began), waits):
        arrived(log, event)
        if data.draw(st.booleans()):
            mark = _look(log, known, mark)
    mark = _look(log, known, mark)
    assert sorted(known.values(), key=str) == sorted(events_of(log), key=str)
    assert events_after(events_of(log), marked(mark)) == []


def _look(log: Log, known: dict[str, State], mark: str) -> str:
    """Merges what is new; returns how far was read now."""
    for event in events_after(events_of(log), marked(mark)):
        place = f"{event['at']} {event['position']}"
        assert place not in known or known[place]["number"] < event["number"]
        assert place not in known or event["kind"] == EventKind.WAITING
        known[place] = event
    return mark_of(log)


def test_a_mark_may_be_a_number_of_the_first_part() -> None:
    """That is all a short log has. Of a part that it does not name, everything is answered."""
    log: Log = {}
    for event in written([0] * (SIZE + 1), []):
        arrived(log, event)
    assert mark_of(log) == f"0:{SIZE},1:1"
    assert len(events_after(events_of(log), marked("20"))) == SIZE - 20 + 1
    assert len(events_after(events_of(log), marked("0"))) == SIZE + 1


def _waiting(causes: list[str], within: list[int]) -> Iterator[State]:
    """What one orchestration writes: it waits for these, or does something else."""
    for number, cause in enumerate(causes, start=1):
        at = START + timedelta(minutes=number)
        kind = EventKind.WAITING if cause else EventKind.BAKING
        error = {"action": "read", "status": cause, "code": "Busy"}
        evidence: dict[str, Any] = {"error": error} if cause.isdigit() else {}
        said = f"try {number}" if evidence else f"waits for {cause}"
        event = Event(at=at, kind=kind, message=said, evidence=evidence)
        yield event.model_copy(update={"position": [*within, number]}).to_json()


def test_a_wait_for_the_same_cause_is_one_line_with_what_was_said_last() -> None:
    first, _, _, last = list(_waiting(["429", "429", "429", "429"], []))
    log = recorded(list(_waiting(["429", "429", "429", "429"], [])))
    since = {"at": first["at"], "position": [1], "times": 4, "until": last["at"]}
    assert log == [{**last, **since}]


@pytest.mark.parametrize(
    ("causes", "times"),
    [
        (["429", "503", "429", "503", "429"], [3, 2]),
        (["429", "429", "", "429"], [2, None, None]),
        (["a batch", "429", "a batch"], [2, None]),
        (["429"], [None]),
    ],
)
def test_it_is_one_line_until_its_writer_goes_on(causes: list[str], times: list[Any]) -> None:
    log = recorded(list(_waiting(causes, [])))
    assert [event.get("times") for event in log] == times


@given(st.lists(CAUSES, max_size=20), st.lists(CAUSES, max_size=20), st.data())
def test_what_others_write_meanwhile_makes_no_further_line(
    one: list[str], other: list[str], data: st.DataObject
) -> None:
    rollout, batch = list(_waiting(one, [])), list(_waiting(other, [1]))
    log = recorded(interleaved(data, rollout, batch))
    apart = [*recorded(rollout), *recorded(batch)]
    assert sorted(log, key=str) == sorted(apart, key=str)


def _minutes(*minutes: int) -> list[State]:
    events = written([0] * len(minutes), [])
    return [
        {**event, "at": (START + timedelta(minutes=minute)).isoformat()}
        for event, minute in zip(events, minutes, strict=True)
    ]


def test_events_of_before_a_moment_are_trimmed_and_numbers_go_on() -> None:
    state: State | None = None
    for event in _minutes(2, 0, 1):
        state = log_after(state, "event", {"event": event})
    moment = START + timedelta(minutes=2)
    state = log_after(state, "trim", moment.isoformat())
    assert [event["number"] for event in state["events"]] == [1]
    state = log_after(state, "trim", (START + timedelta(days=1)).isoformat())
    state = log_after(state, "event", {"event": _minutes(3)[0]})
    assert [event["number"] for event in state["events"]] == [4]


def test_of_old_events_it_is_known_in_which_parts_they_are() -> None:
    log: Log = {}
    for event in _minutes(*range(3 * SIZE)):
        arrived(log, event)
    at = START + timedelta(minutes=SIZE + 3)
    assert older_parts(log, START) == ([], [])
    assert older_parts(log, at) == (["1"], ["0"])
    assert older_parts(log, START + timedelta(days=9)) == (["2"], ["0", "1"])
    assert older_parts({"0": None}, at) == ([], [])


def test_where_it_stood_before_a_part_began_is_kept_with_it() -> None:
    first, second = _minutes(0, 1)
    state = log_after(None, "event", {"event": first, "standing": {"batch": 2}})
    assert log_after(state, "event", {"event": second})["standing"] == {"batch": 2}


def test_what_was_recorded_before_is_not_changed() -> None:
    first, second = _waiting(["429", "429"], [])
    before = log_after(None, "event", {"event": first})
    log_after(before, "event", {"event": second})
    assert [_told(event) for event in before["events"]] == [first]


@pytest.mark.parametrize("operation", ["forget", "baseline", "", None])
def test_a_log_has_no_other_operation(operation: str | None) -> None:
    with pytest.raises(ValueError, match="has no operation"):
        log_after(None, operation, {})
