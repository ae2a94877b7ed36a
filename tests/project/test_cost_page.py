"""docs/cost.md counts what is really so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.counting import Counts, counts_of, row

ROOT = Path(__file__).parents[2]
STORAGE = json.loads((ROOT / "host.json").read_text())["extensions"]["durableTask"][
    "storageProvider"
]
LONGEST = float(STORAGE["maxQueuePollingInterval"][-2:])
PAGE = (ROOT / "docs/cost.md").read_text()
FORMULAS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "turns of orchestrators": ("2N + 4·B + 14", lambda b, looks: 2 * looks + 4 * b + 14),
    "activities": ("N + 2·B + 8", lambda b, looks: looks + 2 * b + 8),
    "messages to entities": ("3·B + 11", lambda b, _: 3 * b + 11),
    "timers": ("N + 2", lambda _, looks: looks + 2),
    "rows of history": ("8N + 19·B + 66", lambda b, looks: 8 * looks + 19 * b + 66),
}
COLUMNS = [(5, 33), (5, 66), (50, 295)]
"""Batches, and looks in all."""
MINUTES = {33: 13, 66: 58, 295: 126}
"""How long a rollout of so many looks takes."""
TURNS, ACTIVITIES, MESSAGES, TIMERS, ROWS = (formula for _, formula in FORMULAS.values())
QUEUES = 3


def together(b: int, looks: int) -> int:
    """Transactions of the storage account."""
    scheduled = 6 * ACTIVITIES(b, looks) + 3 * TIMERS(b, looks) + 6 * (b + 1)
    return scheduled + 6 * MESSAGES(b, looks) + 3 * TURNS(b, looks)


LINES: dict[str, Callable[[int, int], int]] = {
    "turns of orchestrators": TURNS,
    "activities | N": ACTIVITIES,
    "messages to entities, each": MESSAGES,
    "**executions": lambda b, looks: sum(f(b, looks) for f in (TURNS, ACTIVITIES, MESSAGES)),
    "timers *T*": TIMERS,
    "rows of history | 8N": ROWS,
    "activities | 6": lambda b, looks: 6 * ACTIVITIES(b, looks),
    "timers | 3": lambda b, looks: 3 * TIMERS(b, looks),
    "sub-orchestrations, and": lambda b, _: 6 * (b + 1),
    "messages to entities, and": lambda b, looks: 6 * MESSAGES(b, looks),
    "turns | 3": lambda b, looks: 3 * TURNS(b, looks),
    "**together**": together,
    "polls of the queues": lambda _, looks: round(QUEUES * 60 / LONGEST * MINUTES[looks]),
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
    assert formula(counts["batches"], counts["looks"]) == counts[name]
