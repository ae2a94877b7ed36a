"""Azure's budget for lists of instances."""

import pytest
from builders import START, seconds
from hypothesis import given
from hypothesis import strategies as st

from rollout.batch import Allowance, pages_of


@pytest.mark.parametrize(("instances", "pages"), [(0, 1), (1, 1), (100, 1), (101, 2), (1000, 10)])
def test_a_list_has_a_page_for_each_hundred(instances: int, pages: int) -> None:
    assert pages_of(instances) == pages


def test_the_whole_budget_is_there_at_first() -> None:
    assert Allowance().wait(30, START) == seconds(0)


def test_what_was_spent_comes_back_minute_by_minute() -> None:
    spent = Allowance().spending(30, START)
    assert spent.wait(10, START) == seconds(60)
    assert spent.wait(10, START + seconds(45)) == seconds(15)


def test_a_list_that_is_longer_than_the_budget_waits_for_all_of_it() -> None:
    assert Allowance().wait(100, START) == seconds(0)
    assert Allowance().spending(100, START).wait(100, START) == seconds(600)


@given(st.lists(st.tuples(st.floats(0, 900), st.integers(1, 30)), max_size=30))
def test_who_waits_as_told_never_finds_it_empty(looks: list[tuple[float, int]]) -> None:
    allowance, now = Allowance(), START
    for after, pages in looks:
        now += seconds(after)
        now += allowance.wait(pages, now)
        assert allowance.now(now) >= pages - 1e-3
        allowance = allowance.spending(pages, now)
