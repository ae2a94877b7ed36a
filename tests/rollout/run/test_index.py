from itertools import pairwise

import pytest
from builders import START, inventory, planned, spread
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import Phase
from rollout.run import (
    FLEET_INDEX_KEY,
    FOLLOWED_INDEX_KEY,
    INDEX_KEY,
    RolloutSummary,
    State,
    index_after,
    lines_of,
    list_of,
    shard_of,
    shards_of,
)
from rollout.run.index import KEPT, SHARDS


def _listed(*rollouts: tuple[str, str], shard: str = FOLLOWED_INDEX_KEY) -> State:
    state: State = {}
    for rollout_id, phase in rollouts:
        state = index_after(state, "put", {"id": rollout_id, "phase": phase}, shard)
    return state


def test_a_shard_has_the_newest_rollout_last() -> None:
    assert list(_listed(("r1", "Pending"), ("r2", "Pending"))) == ["r1", "r2"]


def test_a_rollout_is_listed_once_where_it_began_with_what_was_said_last() -> None:
    state = _listed(("r1", "Pending"), ("r2", "Pending"), ("r1", "Succeeded"))
    assert list(state.values()) == [
        {"id": "r1", "phase": "Succeeded"},
        {"id": "r2", "phase": "Pending"},
    ]


@pytest.mark.parametrize(("shard", "kept"), [(FOLLOWED_INDEX_KEY, KEPT), ("all.3", 64)])
def test_a_shard_keeps_the_newest_rollouts(shard: str, kept: int) -> None:
    state = _listed(*((f"r{number}", "Succeeded") for number in range(kept + 2)), shard=shard)
    assert (len(state), next(iter(state))) == (kept, "r2")


@pytest.mark.parametrize(("shard", "kept"), [(FOLLOWED_INDEX_KEY, KEPT), ("all.3", 64)])
def test_a_shard_forgets_nothing_that_has_not_ended(shard: str, kept: int) -> None:
    active = [f"a{number}" for number in range(kept + 1)]
    state = _listed(("old", "Succeeded"), *((each, "Paused") for each in active), shard=shard)
    assert list(state) == active
    state = index_after(state, "put", {"id": "new", "phase": "Failed"}, shard)
    assert list(state) == active
    state = index_after(state, "put", {"id": "a1", "phase": "Aborted"}, shard)
    assert list(state) == [each for each in active if each != "a1"]


@pytest.mark.parametrize("phase", [None, "Dancing"])
def test_the_list_takes_lines_of_another_kind_or_version(phase: str | None) -> None:
    """A followed image has no phase; a phase that is not known may mean anything."""
    line = {"phase": phase} if phase else {}
    state: State = {}
    for number in range(KEPT + 1):
        state = index_after(state, "put", {"id": f"r{number}", **line}, FOLLOWED_INDEX_KEY)
    assert len(state) == (KEPT + 1 if phase else KEPT)


@pytest.mark.parametrize("operation", ["delete", None])
def test_the_list_has_no_other_operation(operation: str | None) -> None:
    with pytest.raises(ValueError, match="has no operation"):
        index_after(None, operation, {"id": "r1"}, "all.0")


def test_a_rollout_can_be_dropped_from_the_list() -> None:
    state = _listed(("a", "Pending"), ("b", "Pending"))
    assert list(index_after(state, "drop", "a", FOLLOWED_INDEX_KEY)) == ["b"]
    assert index_after(state, "drop", "unknown", FOLLOWED_INDEX_KEY) == state
    assert index_after(None, "drop", "a", FOLLOWED_INDEX_KEY) == {}


def test_a_line_has_its_shard_for_ever() -> None:
    """What was written yesterday by another version of the app is found today."""
    assert shard_of(INDEX_KEY, "web-1") == "all.8"
    assert shard_of(FLEET_INDEX_KEY, "september") == "fleets.2"
    assert shard_of(FOLLOWED_INDEX_KEY, "follow~1") == FOLLOWED_INDEX_KEY
    assert {list_of(shard) for shard in shards_of(INDEX_KEY)} == {INDEX_KEY}
    assert len(set(shards_of(INDEX_KEY))) == SHARDS


def _at(second: int) -> str:
    return f"2026-07-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def _kept_in_shards(lines: list[State]) -> list[State]:
    shards: dict[str, State] = {key: {} for key in shards_of(INDEX_KEY)}
    for line in lines:
        shard = shard_of(INDEX_KEY, line["id"])
        shards[shard] = index_after(shards[shard], "put", line, shard)
    return lines_of(shards.values())


def test_the_list_has_the_newest_500_of_any_number_and_all_that_have_not_ended() -> None:
    ended = [{"id": f"e{n}", "phase": "Succeeded", "startedAt": _at(n)} for n in range(2 * KEPT)]
    active = [{"id": f"a{n}", "phase": "Paused", "startedAt": _at(n)} for n in range(20)]
    found = _kept_in_shards([*active, *ended])
    assert [line for line in found if line in ended] == ended[: -KEPT + 19 : -1]
    assert [line for line in found if line in active] == active[::-1]


@given(st.lists(st.integers(0, 300), unique=True, max_size=60))
def test_the_list_is_in_the_order_in_which_they_began(seconds: list[int]) -> None:
    lines = [{"id": f"r{n}", "phase": "Paused", "startedAt": _at(n)} for n in seconds]
    found = _kept_in_shards([*lines, {"id": "new", "phase": "Pending"}])
    assert found[0]["id"] == "new"
    assert all(one["startedAt"] > other["startedAt"] for one, other in pairwise(found[1:]))
    assert len(found) == len(lines) + 1


def test_a_line_of_the_list_says_what_the_view_says() -> None:
    view = planned(inventory(spread(20))).view(START)
    summary = RolloutSummary.of(view)
    assert RolloutSummary.from_json(summary.to_json()) == summary
    assert (summary.id, summary.phase, summary.counts) == (view.id, Phase.PENDING, view.counts)
