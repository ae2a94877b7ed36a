"""What all tests share."""

import gc
from collections import Counter

import pytest
from nightly import NIGHTLY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of what is marked with `by_day`, only so many cases are played by day."""
    cases: Counter[str] = Counter()
    items[:] = [item for item in items if NIGHTLY or _is_played_by_day(item, cases)]


def _is_played_by_day(item: pytest.Item, cases: Counter[str]) -> bool:
    mark = item.get_closest_marker("by_day")
    if mark is None:
        return True
    test = item.nodeid.partition("[")[0]
    cases[test] += 1
    return cases[test] <= mark.args[0]


def pytest_collection_finish() -> None:
    """What has been imported and collected stays: each later collection of garbage would look
    through it again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20)
