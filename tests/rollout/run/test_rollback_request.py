"""What a rollback of an ended rollout knows of it."""

from datetime import timedelta

from builders import NEW, OLD, START, inventory, request, spread

from rollout.base import Cell
from rollout.inventory import HeatMap, ImageChange, Row
from rollout.run import Command, Progress, RolloutOrder, Verb
from rollout.run.earlier import RollbackRequest

INSTANCES = inventory(spread(6, update_domains=3))
"""Rows: 0 and 3, 1 and 4, 2 and 5."""
HEAT_MAP = HeatMap.of(INSTANCES.instances, "auto")


def rollback(*rows: str, given_up: list[str] | None = None) -> RollbackRequest:
    """Of a rollout that began an hour ago and ended with these rows."""
    return RollbackRequest(
        command=Command(verb=Verb.ROLLBACK, by="ann"),
        image=ImageChange(from_image=OLD, to_image=NEW),
        batch=2,
        baseline=INSTANCES.pack(),
        rows=[Row(cells=cells) for cells in rows],
        given_up=given_up or [],
        started_at=START - timedelta(hours=1),
    )


def begun(asked: RollbackRequest) -> Progress:
    return Progress.begun(RolloutOrder(id="r1", request=request(), rollback=asked), START)


def test_the_instances_as_they_were_are_unpacked() -> None:
    assert rollback("pp", "pp", "pp").inventory == INSTANCES


def test_the_cells_are_those_of_the_rows() -> None:
    assert rollback("df", "pk", "gu").cells(HEAT_MAP) == {
        "0": Cell.DONE,
        "3": Cell.FAILED,
        "1": Cell.PENDING,
        "4": Cell.SKIPPED,
        "2": Cell.GONE,
        "5": Cell.UPGRADING,
    }


def test_what_was_moved_is_touched_numbered_by_its_row() -> None:
    assert rollback("df", "pk", "gu").touched(HEAT_MAP) == {"0": 1, "3": 1, "5": 3}


def test_what_was_given_up_after_it_failed_was_touched_too() -> None:
    assert rollback("dp", "pk", "pp", given_up=["4"]).touched(HEAT_MAP) == {"0": 1, "4": 2}


def test_what_was_rolled_back_already_is_touched_no_longer() -> None:
    assert rollback("rr", "rp", "pp").touched(HEAT_MAP) == {}


def test_a_rollback_begins_with_what_the_rollout_knew() -> None:
    progress = begun(rollback("df", "pk", "pp"))
    assert (progress.image.from_image, progress.image.to_image) == (OLD, NEW)
    assert progress.started_at == START - timedelta(hours=1)
    assert (progress.batch, progress.batches) == (2, 2)
    assert progress.baseline.inventory(INSTANCES) == INSTANCES
    assert [row.cells for row in progress.view(START).rows] == ["df", "pk", "pp"]


def test_a_rollback_of_which_no_start_is_known_starts_now() -> None:
    asked = rollback("dd", "pp", "pp").model_copy(update={"started_at": None})
    assert begun(asked).started_at == START
