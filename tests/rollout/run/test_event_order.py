"""The log has the order in which its events were written, whatever order they arrived in."""

from datetime import datetime, timedelta
from typing import Any

from builders import START
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import Event, EventKind
from rollout.run import State, last_position, newest_event, numbered_events, record_after

STEPS = st.lists(st.integers(0, 2), max_size=8)
"""The seconds from one event to the next: most come in the same moment as another."""


def written(steps: list[int], within: list[int], began: int = 0) -> list[State]:
    """The events of one orchestration, which is `within` an event of another."""
    at, events = START + timedelta(seconds=began), list[State]()
    for number, step in enumerate(steps, start=1):
        at += timedelta(seconds=step)
        said = f"event {number} within {within}"
        event = Event(at=at, kind=EventKind.WAITING, message=said, position=[*within, number])
        events.append(event.to_json())
    return events


def recorded(events: list[State]) -> list[State]:
    """The log after these have arrived in this order."""
    state: State | None = None
    for event in events:
        state = record_after(state, "event", event)
    return state["events"] if state else []


def interleaved(data: st.DataObject, *senders: list[State]) -> list[State]:
    """Any order of arrival that keeps the order of each sender."""
    left, arrived = [list(sender) for sender in senders], list[State]()
    while waiting := [sender for sender in left if sender]:
        arrived.append(data.draw(st.sampled_from(waiting)).pop(0))
    return arrived


@given(STEPS, STEPS, st.integers(0, 3), st.data())
def test_whichever_recorder_is_heard_first_the_log_is_the_same(
    outer: list[int], inner: list[int], began: int, data: st.DataObject
) -> None:
    rollout, batch = written(outer, []), written(inner, [3], began)
    log = recorded([*rollout, *batch])
    assert recorded(interleaved(data, rollout, batch)) == log
    assert [event for event in log if event in rollout] == rollout
    assert [event for event in log if event in batch] == batch


@given(STEPS, STEPS, st.data())
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


def test_events_of_an_older_version_stay_in_the_order_of_their_arrival() -> None:
    """They have no position."""
    old: list[dict[str, Any]] = [
        {"at": "2026-07-01T12:00:00Z", "kind": kind} for kind in ("started", "planned")
    ]
    assert recorded(old) == old
    assert last_position({"events": old}) == 0


def test_moments_are_compared_and_not_their_spelling() -> None:
    half, whole = "2026-07-01T12:00:00.500000Z", "2026-07-01T12:00:00Z"
    log = recorded([{"at": half, "position": [1]}, {"at": whole, "position": [2]}])
    assert [event["position"] for event in log] == [[2], [1]]


@given(STEPS, STEPS, st.data())
def test_the_last_position_counts_the_rollouts_own_events(
    outer: list[int], inner: list[int], data: st.DataObject
) -> None:
    within = [len(outer)] if outer else [1]
    own, of_batch = written(outer, []), written(inner if outer else [], within)
    state: State | None = None
    for event in interleaved(data, own, of_batch):
        state = record_after(state, "event", event)
    assert last_position(state) == len(outer)


@given(STEPS, STEPS, st.integers(0, 3), st.data())
def test_who_asks_for_what_came_after_the_last_one_misses_nothing(
    outer: list[int], inner: list[int], began: int, data: st.DataObject
) -> None:
    """Events arrive late; whoever merges what is new has the whole log each time."""
    rollout, batch = written(outer, []), written(inner, [3], began)
    state: State | None = None
    seen: list[State] = []
    last = 0
    for event in interleaved(data, rollout, batch):
        state = record_after(state, "event", event)
        if data.draw(st.booleans()):
            new = numbered_events(state, after=last)
            assert {each["number"] for each in new}.isdisjoint(each["number"] for each in seen)
            seen, last = sorted(seen + new, key=lambda each: each["number"]), newest_event(state)
    seen += numbered_events(state, after=last)
    assert sorted(seen, key=str) == sorted(numbered_events(state), key=str)


def test_a_record_of_an_older_version_is_numbered_in_its_order() -> None:
    old = {"events": written([0, 1, 1], [])}
    assert [each["number"] for each in numbered_events(old)] == [1, 2, 3]
    after = record_after(old, "event", written([5], [9])[0])
    assert newest_event(after) == 4
    assert newest_event(None) == 0
    trimmed = record_after(after, "trim", (START + timedelta(seconds=2)).isoformat())
    assert [each["number"] for each in numbered_events(trimmed)] == [3, 4]
