"""docs/cost.md counts what is really so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.counting import Counts, counts_of, row

PAGE = (Path(__file__).parents[2] / "docs/cost.md").read_text()
FORMULAS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "turns of orchestrators": ("(2L + 5)·B + 15", lambda b, looks: (2 * looks + 5) * b + 15),
    "activities": ("(L + 3)·B + 10", lambda b, looks: (looks + 3) * b + 10),
    "messages to entities": ("3·B + 11", lambda b, _: 3 * b + 11),
    "timers": ("L·B + 1", lambda b, looks: looks * b + 1),
    "rows of history": ("(8L + 23)·B + 70", lambda b, looks: (8 * looks + 23) * b + 70),
}


@pytest.fixture(scope="module")
def counts() -> Counts:
    return counts_of(capacity=20)


def test_the_page_has_the_counts_of_a_rollout_of_20_instances(counts: Counts) -> None:
    missing = [name for name in counts if row(name, [counts]) not in PAGE]
    assert not missing, "run: make bench, and put its table into docs/cost.md"


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_of_the_page_comes_to_what_was_counted(name: str, counts: Counts) -> None:
    text, formula = FORMULAS[name]
    assert f"| {text} |" in PAGE
    assert formula(counts["batches"], counts["looks per batch"]) == counts[name]
