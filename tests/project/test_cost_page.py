"""docs/cost.md counts what is really so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.counting import Counts, counts_of, row
from benchmarks.polling import polls

ROOT = Path(__file__).parents[2]
STORAGE = json.loads((ROOT / "host.json").read_text())["extensions"]["durableTask"][
    "storageProvider"
]
LONGEST = float(STORAGE["maxQueuePollingInterval"][-2:])
PAGE = (ROOT / "docs/cost.md").read_text()
FORMULAS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "turns of orchestrators": ("(2L + 5)·B + 15", lambda b, looks: (2 * looks + 5) * b + 15),
    "activities": ("(L + 3)·B + 10", lambda b, looks: (looks + 3) * b + 10),
    "messages to entities": ("3·B + 11", lambda b, _: 3 * b + 11),
    "timers": ("L·B + 1", lambda b, looks: looks * b + 1),
    "rows of history": ("(8L + 23)·B + 70", lambda b, looks: (8 * looks + 23) * b + 70),
}
COLUMNS = [(5, 10), (5, 41), (50, 41)]
"""Batches, and looks per batch."""
TURNS, ACTIVITIES, MESSAGES, TIMERS, ROWS = (formula for _, formula in FORMULAS.values())
QUEUES = 3
PAUSE = 15
"""Seconds between two looks, in the default policy."""


def together(b: int, looks: int) -> int:
    """Transactions of the storage account."""
    scheduled = 6 * ACTIVITIES(b, looks) + 3 * TIMERS(b, looks) + 6 * (b + 1)
    return scheduled + 6 * MESSAGES(b, looks) + 3 * TURNS(b, looks)


LINES: dict[str, Callable[[int, int], int]] = {
    "turns of orchestrators": TURNS,
    "activities | (L": ACTIVITIES,
    "messages to entities, each": MESSAGES,
    "**executions": lambda b, looks: sum(f(b, looks) for f in (TURNS, ACTIVITIES, MESSAGES)),
    "timers *T*": TIMERS,
    "rows of history | (8L": ROWS,
    "activities | 6": lambda b, looks: 6 * ACTIVITIES(b, looks),
    "timers | 3": lambda b, looks: 3 * TIMERS(b, looks),
    "sub-orchestrations, and": lambda b, _: 6 * (b + 1),
    "messages to entities, and": lambda b, looks: 6 * MESSAGES(b, looks),
    "turns | 3": lambda b, looks: 3 * TURNS(b, looks),
    "**together**": together,
    "polls of the queues": lambda b, looks: QUEUES * polls(PAUSE, LONGEST) * looks * b,
}
"""How a line of the second and third table begins, and its formula."""


@pytest.mark.parametrize("begins", LINES)
def test_the_columns_follow_from_the_formulas(begins: str) -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| {begins}")]
    cells = [cell.strip() for cell in lines[-1].replace("*", "").strip("|").split("|")]
    assert cells[-len(COLUMNS) :] == [f"{LINES[begins](b, looks):,}" for b, looks in COLUMNS]


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
