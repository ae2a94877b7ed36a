"""The state of an instance as a letter, as JSON has it, and as people read it."""

import pytest

from rollout.base import IN_PROGRESS, LEFT_ALONE, Cell


@pytest.mark.parametrize(
    ("letter", "state", "label"),
    [
        ("p", "pending", "pending"),
        ("u", "upgrading", "upgrading"),
        ("c", "checking", "checking"),
        ("s", "settling", "settling"),
        ("d", "done", "done"),
        ("f", "failed", "failed"),
        ("k", "skipped", "skipped"),
        ("g", "gone", "gone"),
        ("r", "rolledBack", "rolled back"),
    ],
)
def test_a_letter_stands_for(letter: str, state: str, label: str) -> None:
    assert (Cell(letter).state, Cell(letter).label) == (state, label)


def test_a_cell_is_one_letter() -> None:
    assert {len(cell) for cell in Cell} == {1}


def test_what_is_in_progress_is_not_left_alone() -> None:
    assert IN_PROGRESS.isdisjoint(LEFT_ALONE)
