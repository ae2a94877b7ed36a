from collections.abc import Mapping

import pytest
from builders import NEW, OLD, START, instance, inventory, planned, spread

from rollout.base import Phase
from rollout.batch import Selection
from rollout.inventory import Image, Inventory
from rollout.plan import ON_TARGET
from rollout.plan.skip import PROTECTED
from rollout.run import InstanceRow, RolloutView, instance_rows

TWO = inventory([instance(0, 0), instance(1, 1)])


def _view(cells: list[str], there: Inventory = TWO) -> RolloutView:
    """A view of a rollout whose rows hold these cells."""
    view = planned(there).view(START)
    rows = [
        row.model_copy(update={"cells": letters})
        for row, letters in zip(view.rows, cells, strict=True)
    ]
    return view.model_copy(update={"rows": rows})


def _first(letter: str, reasons: Mapping[str, str] | None = None) -> InstanceRow:
    return instance_rows(TWO, _view([letter, "p"]), reasons or {})[0]


@pytest.mark.parametrize(
    ("letter", "state", "image"),
    [
        pytest.param("p", "pending", OLD, id="before its upgrade: the old one"),
        pytest.param("u", "upgrading", None, id="in between: nobody knows"),
        pytest.param("c", "checking", NEW, id="on the target, not healthy yet"),
        pytest.param("s", "settling", NEW, id="on the target, not stable yet"),
        pytest.param("d", "done", NEW, id="through: the target"),
        pytest.param("f", "failed", None, id="failed: nobody knows"),
        pytest.param("k", "skipped", OLD, id="left alone: the one before"),
        pytest.param("g", "gone", None, id="gone: none"),
    ],
)
def test_the_image_an_instance_is_known_to_run(
    letter: str, state: str, image: Image | None
) -> None:
    row = _first(letter)
    assert (row.state, row.image, row.image_before) == (state, image, OLD)


def test_a_row_says_why() -> None:
    assert _first("k", {"0": PROTECTED}).reason == PROTECTED


@pytest.mark.parametrize(
    ("reason", "health"),
    [
        pytest.param("on the target image but unhealthy", "unhealthy", id="unhealthy"),
        pytest.param("on the target image but reporting no health", "unknown", id="silent"),
        pytest.param("on the target image but still initializing", "initializing", id="starting"),
        pytest.param("not healthy for long enough", "healthy", id="too late"),
    ],
)
def test_an_instance_that_has_failed_on_the_target_runs_it(reason: str, health: str) -> None:
    view = _view(["f", "p"]).model_copy(update={"model_set": True})
    row = instance_rows(TWO, view, {"0": reason})[0]
    assert (row.image, row.health) == (NEW, health)


@pytest.mark.parametrize("letter", ["c", "s"])
def test_an_instance_that_has_arrived_on_the_way_back_runs_the_image_before(letter: str) -> None:
    view = _view([letter, "p"]).model_copy(update={"phase": Phase.ROLLING_BACK})
    assert instance_rows(TWO, view, {})[0].image == OLD


def test_an_instance_that_has_failed_on_the_way_back_runs_nobody_knows_what() -> None:
    view = _view(["f", "p"]).model_copy(update={"phase": Phase.ROLLING_BACK})
    row = instance_rows(TWO, view, {"0": "on the target image but unhealthy"})[0]
    assert (row.image, row.health) == (None, None)


@pytest.mark.parametrize("reason", ["failed to provision: no space", "still on the old image"])
def test_an_instance_that_has_failed_before_that_runs_nobody_knows_what(reason: str) -> None:
    row = _first("f", {"0": reason})
    assert (row.image, row.health) == (None, None)


def test_an_instance_left_out_because_it_got_the_target_meanwhile_runs_the_target() -> None:
    left_out = Selection([], {"0": ON_TARGET}).left_out
    assert _first("k", left_out).image == NEW


def test_a_row_says_where_the_instance_stands_and_what_it_was() -> None:
    there = inventory(
        [instance(3, 2, zone="1", fault_domain=4, placement_group_id="a", health="unhealthy")]
    )
    (row,) = instance_rows(there, _view(["p"], there), {})
    assert row.to_json() == {
        "instanceId": "3",
        "name": f"{there.scale_set.id.name}_3",
        "zone": "1",
        "updateDomain": 2,
        "faultDomain": 4,
        "placementGroupId": "a",
        "state": "pending",
        "image": OLD.to_json(),
        "imageBefore": OLD.to_json(),
        "healthBefore": "unhealthy",
    }


def test_rows_are_in_the_order_of_the_heat_map() -> None:
    there = inventory(spread(6, update_domains=3))
    rows = instance_rows(there, planned(there).view(START), {})
    assert [row.instance_id for row in rows] == ["0", "3", "1", "4", "2", "5"]


def test_an_instance_that_came_while_the_view_was_made_is_pending() -> None:
    later = inventory([*TWO.instances, instance(2, 0)])
    rows = instance_rows(later, _view(["d", "d"]), {})
    assert [row.state for row in rows] == ["pending"] * 3
