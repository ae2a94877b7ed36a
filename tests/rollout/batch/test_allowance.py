"""Azure's budget for lists of instances."""

import pytest
from builders import START, seconds
from hypothesis import given
from hypothesis import strategies as st

from rollout.batch import Allowance, pages_of
from rollout.inventory import Listing


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


def test_azures_own_word_counts() -> None:
    """Others may have listed, too; or a page does not count; or Azure allows more than it did."""
    spent = Allowance().spending(30, START)
    for left in (0, 7, 200):
        heard = spent.after(Listing(pages=10, left=left), START)
        assert heard.now(START) == left
        assert heard.now(START + seconds(600)) == max(30, left)


def test_how_fast_it_grows_is_seen_where_others_use_it_too() -> None:
    """Two minutes after 5 were left, 9 are: two a minute, and not ten."""
    before = Allowance(pages=5, at=START)
    heard = before.after(Listing(pages=1, left=8), START + seconds(120))
    assert (heard.pages, heard.each_minute) == (8, 2)
    assert heard.wait(10, START + seconds(120)) == seconds(60)
    assert heard.within(seconds(300), START + seconds(120)) == 18


@pytest.mark.parametrize(
    ("before", "after", "left", "growth"),
    [
        pytest.param(5, 120, 40, 10, id="it is full: nobody else uses it"),
        pytest.param(5, 10, 5, 10, id="too short a time to tell"),
        pytest.param(9, 120, 2, 0.5, id="others use all of it"),
        pytest.param(0, 60, 25, 10, id="no faster than Azure grants it"),
    ],
)
def test_it_is_not_taken_to_grow_otherwise(
    before: int, after: float, left: int, growth: float
) -> None:
    heard = Allowance(pages=before, at=START).after(
        Listing(pages=1, left=left), START + seconds(after)
    )
    assert heard.each_minute == growth


def test_a_list_of_which_azure_says_nothing_costs_its_pages() -> None:
    assert Allowance().after(Listing(pages=10), START) == Allowance().spending(10, START)


@given(st.lists(st.tuples(st.floats(0, 900), st.integers(1, 30)), max_size=30))
def test_who_waits_as_told_never_finds_it_empty(looks: list[tuple[float, int]]) -> None:
    allowance, now = Allowance(), START
    for after, pages in looks:
        now += seconds(after)
        now += allowance.wait(pages, now)
        assert allowance.now(now) >= pages - 1e-3
        allowance = allowance.spending(pages, now)
