from typing import Any

import pytest

from rollout.run import State, parts_of, record_after, record_of


def _after(*operations: tuple[str, Any]) -> State | None:
    state: State | None = None
    for operation, payload in operations:
        state = record_after(state, operation, payload)
    return state


def test_a_later_baseline_replaces_the_one_before() -> None:
    state = _after(("baseline", {"rows": [1]}), ("baseline", {"rows": [1, 2]}))
    assert state == {"baseline": {"rows": [1, 2]}, "reasons": {}, "parts": ["0"]}


def test_the_reasons_are_those_that_were_said_last() -> None:
    state = _after(("reasons", {"1": "a", "2": "a"}), ("reasons", {"2": "b", "3": "b"}))
    assert state == {"baseline": None, "reasons": {"2": "b", "3": "b"}, "parts": ["0"]}


def test_it_knows_the_parts_of_the_log_each_once() -> None:
    assert parts_of(None) == ["0"]
    state = _after(("part", "1"), ("part", "30.0"), ("part", "1"), ("part", "2"))
    assert parts_of(state) == ["0", "1", "30.0", "2"]
    assert parts_of(record_after(state, "drop", "0")) == ["1", "30.0", "2"]


def test_as_a_whole_it_has_the_events_of_all_parts() -> None:
    """A part may not be there yet: it is written by another entity."""
    event = {"at": "2026-07-01T12:00:00Z", "kind": "started", "position": [1], "number": 1}
    parts: dict[str, State | None] = {"0": {"events": [event], "last": 1}, "1": None}
    record = record_of(_after(("reasons", {"1": "a"}), ("part", "1")), parts)
    assert record["events"] == [{**event, "part": "0"}]
    assert (record["baseline"], record["reasons"], record["mark"]) == (None, {"1": "a"}, "0:1")
    assert record_of(None, {"0": None})["mark"] == ""


@pytest.mark.parametrize("operation", ["event", "forget", "", None])
def test_a_record_has_no_other_operation(operation: str | None) -> None:
    with pytest.raises(ValueError, match="has no operation"):
        record_after(None, operation, {})
