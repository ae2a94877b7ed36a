"""What the cells of a heat map are marked with."""

from collections.abc import Mapping

import pytest
from builders import START, instance, inventory, planned

from rollout.base import Phase
from rollout.inventory import HeatMap
from rollout.plan import PROTECTED
from rollout.plan.skip import given_up_reason
from rollout.run import with_health

SICK = "on the target image but unhealthy"
LETTERS = [("healthy", "h"), ("unhealthy", "u"), ("initializing", "i"), ("unknown", "n")]


def healths(
    cells: str, reasons: Mapping[str, str] | None = None, before: str = "unhealthy"
) -> str | None:
    """The letters of as many instances of one update domain, whose health before was this."""
    there = inventory([instance(number, 0, health=before) for number in range(len(cells))])
    view = planned(there).view(START).model_copy(update={"model_set": True})
    heat_map = HeatMap.of(there.instances, view.policy.batch_by)
    [row] = view.rows
    view = view.model_copy(update={"rows": [row.model_copy(update={"cells": cells})]})
    [marked] = with_health(view.identified(heat_map), there.instances, reasons or {}).rows
    return marked.health


@pytest.mark.parametrize(("before", "letter"), LETTERS)
def test_who_was_not_touched_is_as_before(before: str, letter: str) -> None:
    assert healths("pk", {"1": PROTECTED}, before) == letter * 2


def test_who_is_through_was_seen_healthy_and_who_is_under_way_was_not_seen() -> None:
    assert healths("ucsdrg") == "--hhh-"


@pytest.mark.parametrize(
    ("reason", "letter"),
    [
        (SICK, "u"),
        ("on the target image but still initializing", "i"),
        ("on the target image but reporting no health", "n"),
        ("not healthy for long enough", "h"),
        ("still on the old image", "-"),
    ],
)
def test_who_has_failed_is_as_its_reason_tells(reason: str, letter: str) -> None:
    assert healths("f", {"0": reason}) == letter


def test_nobody_has_looked_at_who_was_given_up() -> None:
    assert healths("k", {"0": given_up_reason("by bob")}, "healthy") == "-"


def test_rows_without_ids_say_nothing() -> None:
    view = planned(inventory([instance(0, 0)])).view(START)
    rows = [row.model_copy(update={"instance_ids": []}) for row in view.rows]
    view = view.model_copy(update={"rows": rows, "phase": Phase.PROGRESSING})
    assert with_health(view, [], {}).rows == rows
