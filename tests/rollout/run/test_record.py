from datetime import datetime
from typing import Any

import pytest
from builders import START, inventory, planned, spread

from rollout.base import Phase
from rollout.run import RolloutSummary, State, index_after, older_events, record_after
from rollout.run.record import KEPT

STARTED = {"at": "2026-07-01T12:00:00Z", "kind": "started", "position": [1]}
PLANNED = {"at": "2026-07-01T12:00:00Z", "kind": "planned", "position": [2]}


def _after(*operations: tuple[str, Any]) -> State | None:
    state: State | None = None
    for operation, payload in operations:
        state = record_after(state, operation, payload)
    return state


def test_an_event_is_appended_to_the_log() -> None:
    state = _after(("event", STARTED), ("event", PLANNED))
    assert state is not None
    assert state["events"] == [STARTED, PLANNED]


def test_a_later_baseline_replaces_the_one_before() -> None:
    state = _after(("baseline", {"rows": [1]}), ("baseline", {"rows": [1, 2]}))
    assert state == {"baseline": {"rows": [1, 2]}, "reasons": {}, "events": []}


def test_the_reasons_are_those_that_were_said_last() -> None:
    state = _after(("reasons", {"1": "a", "2": "a"}), ("reasons", {"2": "b", "3": "b"}))
    assert state == {"baseline": None, "reasons": {"2": "b", "3": "b"}, "events": []}


def test_events_of_before_a_moment_are_trimmed_and_nothing_else() -> None:
    old, young = {"at": "2015-01-01T00:00:00Z"}, {"at": "2015-01-02T00:00:00+00:00"}
    moment = "2015-01-02T00:00:00+00:00"
    kept = _after(("reasons", {"1": "a"}), ("event", old), ("event", young), ("trim", moment))
    assert kept == {"baseline": None, "reasons": {"1": "a"}, "events": [young], "arrived": [2]}
    assert older_events(kept, datetime.fromisoformat(moment)) == []
    assert older_events(None, datetime.fromisoformat(moment)) == []


def test_what_was_recorded_before_is_not_changed() -> None:
    before = record_after(None, "event", STARTED)
    record_after(before, "event", PLANNED)
    assert before["events"] == [STARTED]


@pytest.mark.parametrize("operation", ["forget", "", None])
def test_a_record_has_no_other_operation(operation: str | None) -> None:
    with pytest.raises(ValueError, match="has no operation"):
        record_after(None, operation, {})


def _listed(*rollouts: tuple[str, str]) -> State:
    state: State = {}
    for rollout_id, phase in rollouts:
        state = index_after(state, "put", {"id": rollout_id, "phase": phase})
    return state


def test_the_list_has_the_newest_rollout_last() -> None:
    assert list(_listed(("r1", "Pending"), ("r2", "Pending"))) == ["r1", "r2"]


def test_a_rollout_is_listed_once_where_it_began_with_what_was_said_last() -> None:
    state = _listed(("r1", "Pending"), ("r2", "Pending"), ("r1", "Succeeded"))
    assert list(state.values()) == [
        {"id": "r1", "phase": "Succeeded"},
        {"id": "r2", "phase": "Pending"},
    ]


def test_the_list_keeps_the_newest_rollouts() -> None:
    state = _listed(*((f"r{number}", "Succeeded") for number in range(KEPT + 2)))
    assert (len(state), next(iter(state))) == (KEPT, "r2")


def test_the_list_forgets_nothing_that_has_not_ended() -> None:
    active = [f"a{number}" for number in range(KEPT + 1)]
    state = _listed(("old", "Succeeded"), *((each, "Paused") for each in active))
    assert list(state) == active
    state = index_after(state, "put", {"id": "new", "phase": "Failed"})
    assert list(state) == active
    state = index_after(state, "put", {"id": "a1", "phase": "Aborted"})
    assert list(state) == [each for each in active if each != "a1"]


@pytest.mark.parametrize("phase", [None, "Dancing"])
def test_the_list_takes_lines_of_another_kind_or_version(phase: str | None) -> None:
    """A followed image has no phase; a phase that is not known may mean anything."""
    line = {"phase": phase} if phase else {}
    state: State = {}
    for number in range(KEPT + 1):
        state = index_after(state, "put", {"id": f"r{number}", **line})
    assert len(state) == (KEPT + 1 if phase else KEPT)


@pytest.mark.parametrize("operation", ["delete", None])
def test_the_list_has_no_other_operation(operation: str | None) -> None:
    with pytest.raises(ValueError, match="has no operation"):
        index_after(None, operation, {"id": "r1"})


def test_a_rollout_can_be_dropped_from_the_list() -> None:
    state = index_after(index_after(None, "put", {"id": "a"}), "put", {"id": "b"})
    assert list(index_after(state, "drop", "a")) == ["b"]
    assert index_after(state, "drop", "unknown") == state
    assert index_after(None, "drop", "a") == {}


def test_a_line_of_the_list_says_what_the_view_says() -> None:
    view = planned(inventory(spread(20))).view(START)
    summary = RolloutSummary.of(view)
    assert RolloutSummary.from_json(summary.to_json()) == summary
    assert (summary.id, summary.phase, summary.counts) == (view.id, Phase.PENDING, view.counts)
