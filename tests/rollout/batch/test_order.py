"""What one batch is told, and what came of it."""

import pytest
from builders import batch_order, inventory, spread

from rollout.base import Cell
from rollout.batch import BatchOutcome

ORDER = batch_order(inventory(spread(20))).model_copy(update={"cells": "ppkf"})
"""Of the instances 0, 5, 10 and 15."""


def test_the_instances_of_an_order_are_those_of_its_batch() -> None:
    assert ORDER.instance_ids == ORDER.batch.instance_ids == ["0", "5", "10", "15"]


@pytest.mark.parametrize(
    ("cells", "letters"),
    [
        pytest.param({}, "ppkf", id="as they were"),
        pytest.param({"15": Cell.DONE, "0": Cell.UPGRADING}, "upkd", id="as they are now"),
        pytest.param({"10": Cell.GONE}, "ppgf", id="of one alone"),
        pytest.param({"99": Cell.DONE}, "ppkf", id="without those of another batch"),
    ],
)
def test_letters_stand_in_the_order_of_the_batch(cells: dict[str, Cell], letters: str) -> None:
    assert ORDER.letters(cells) == letters


def test_on_the_way_back_only_what_is_through_is_called_rolled_back() -> None:
    back = ORDER.model_copy(update={"done": Cell.ROLLED_BACK})
    assert back.letters({"0": Cell.DONE, "5": Cell.FAILED, "10": Cell.SETTLING}) == "rfsf"


@pytest.mark.parametrize(
    ("cells", "unbegun"),
    [
        pytest.param("pppp", True, id="all pending"),
        pytest.param("pkgf", True, id="left out, gone or failed before"),
        pytest.param("ppuk", False, id="one upgrading"),
        pytest.param("cppp", False, id="one checked"),
        pytest.param("spkg", False, id="one settling"),
    ],
)
def test_a_batch_that_halted_had_not_begun(cells: str, *, unbegun: bool) -> None:
    assert BatchOutcome(cells=cells, halt="x").unbegun is unbegun


def test_an_outcome_is_read_by_instance() -> None:
    assert BatchOutcome(cells="dg").by_instance(["3", "7"]) == {"3": Cell.DONE, "7": Cell.GONE}


@pytest.mark.parametrize("instance_ids", [["3"], ["3", "7", "9"]])
def test_an_outcome_of_another_batch_is_an_error(instance_ids: list[str]) -> None:
    with pytest.raises(ValueError, match="zip"):
        BatchOutcome(cells="dg").by_instance(instance_ids)
