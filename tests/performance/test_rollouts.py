"""What rollouts ask of Azure, and how long they take: exact, the same on every machine.

The bounds are today's figures: who needs fewer lowers them, nobody raises them. What each is to
come to is in benchmarks/calling.py and docs/performance.md.
"""

from functools import cache

import pytest

from benchmarks.buckets import refused
from benchmarks.rolling import CASES, Rolled, rolled

CALLS = {
    "10/2/1 s, default": 112,
    "10/5/1 s, default": 96,
    "100/5/1 s, default": 96,
    "10/2/1 s, tightest": 32,
    "10/5/1 s, tightest": 56,
    "100/5/1 s, tightest": 56,
    "10/2/60 s, default": 198,
    "20/5/80 s, default": 187,
    "20/5/240 s, default": 356,
    "100/5/240 s, default": 363,
    "100/5/240 s, default, alike": 343,
}
OVER_FLOOR = {
    "10/2/1 s, default": 1.2296,
    "10/5/1 s, default": 1.2296,
    "100/5/1 s, default": 1.2296,
    "10/2/1 s, tightest": 1.0,
    "10/5/1 s, tightest": 1.0,
    "100/5/1 s, tightest": 1.0,
    "10/2/60 s, default": 1.065,
    "20/5/80 s, default": 1.0788,
    "20/5/240 s, default": 1.0247,
    "100/5/240 s, default": 1.023,
    "100/5/240 s, default, alike": 1.0407,
}
LARGE = "1,000/5/240 s, default"
LARGE_CALLS, LARGE_OVER_FLOOR, LARGE_REFUSED = 1524, 1.0195, 970


@cache
def rollout(name: str) -> Rolled:
    return rolled(CASES[name])


@pytest.mark.parametrize("name", CALLS)
def test_it_asks_azure_no_more_than_this(name: str) -> None:
    assert rollout(name).calls <= CALLS[name]


@pytest.mark.parametrize("name", OVER_FLOOR)
def test_it_takes_no_longer_than_this(name: str) -> None:
    assert rollout(name).over_floor <= OVER_FLOOR[name]


@pytest.mark.parametrize("name", CALLS)
def test_azures_budget_is_never_exhausted(name: str) -> None:
    assert refused(rollout(name).served) == {}


@pytest.mark.timeout(600)
def test_1000_instances_ask_no_more_than_this() -> None:
    large = rollout(LARGE)
    assert large.calls <= LARGE_CALLS
    assert large.over_floor <= LARGE_OVER_FLOOR
    assert sum(refused(large.served).values()) <= LARGE_REFUSED


def test_every_case_is_held_to_its_bounds() -> None:
    assert CALLS.keys() == OVER_FLOOR.keys() == CASES.keys() - {LARGE}
