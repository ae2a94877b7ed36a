"""Automatic repairs that a rollout has left suspended, and when they may run meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import START, inventory, planned, spread

from rollout.base import EventKind
from rollout.inventory import Image, Inventory, ScaleSetId
from rollout.run import (
    Progress,
    RepairsLine,
    RepairsTried,
    RolloutSummary,
    SuspendedRepairs,
    left_behind_by,
    why_repairs_stay_suspended,
)

SCALE_SET = ScaleSetId.parse(
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
)
LINE = RepairsLine(id="r1", scale_set=SCALE_SET, since=START)
REFUSED = RepairsTried(why="AuthorizationFailed")
MISSING = RepairsTried(why="ResourceNotFound", missing=True)
HOUR = timedelta(hours=1)


def test_it_is_reported_at_once_that_they_are_suspended_and_again_after_half_a_day() -> None:
    first = LINE.tried(REFUSED, START)
    assert (first.reported_at, first.why, first.pending) == (START, "AuthorizationFailed", True)
    assert first.tried(REFUSED, START + 11 * HOUR) == first
    again = first.tried(RepairsTried(why="TooManyRequests"), START + 12 * HOUR)
    assert (again.reported_at, again.why) == (START + 12 * HOUR, "TooManyRequests")


def test_once_they_run_it_is_over() -> None:
    line = LINE.tried(REFUSED, START).tried(RepairsTried(running=True), START + HOUR)
    assert (line.pending, line.restored_at, line.why) == (False, START + HOUR, "")
    assert line.ended_with == "automatic instance repairs are running again"


def test_one_answer_does_not_make_a_scale_set_disappear() -> None:
    line = LINE.tried(MISSING, START).tried(MISSING, START).tried(REFUSED, START)
    assert (line.pending, line.missing) == (True, 0)
    for _ in range(3):
        line = line.tried(MISSING, START)
    assert not line.pending
    assert "does not exist any more" in line.ended_with


def _suspended() -> Progress:
    return replace(planned(inventory(spread(4))), repairs=SuspendedRepairs(since=START))


def test_a_line_of_the_list_says_what_has_become_of_them() -> None:
    line = RolloutSummary.of(_suspended().view(START))
    still = line.with_repairs(LINE.tried(REFUSED, START))
    assert still.repairs == SuspendedRepairs(since=START, why="AuthorizationFailed")
    over = line.with_repairs(LINE.tried(RepairsTried(running=True), START))
    assert over.repairs is None
    assert over.message.endswith("By now: automatic instance repairs are running again.")
    assert RolloutSummary.of(planned(inventory(spread(4))).view(START)).with_repairs(LINE) == (
        RolloutSummary.of(planned(inventory(spread(4))).view(START))
    )


def test_the_record_says_since_when_they_are_suspended() -> None:
    def events(*kinds: EventKind) -> dict[str, object]:
        at = [(START + number * HOUR).isoformat() for number in range(len(kinds))]
        both = zip(kinds, at, strict=True)
        return {"events": [{"kind": kind, "at": moment} for kind, moment in both]}

    suspended, restored = EventKind.REPAIRS_SUSPENDED, EventKind.REPAIRS_RESTORED
    assert left_behind_by(events(suspended)).repairs_since == START
    assert left_behind_by(events(suspended, restored)).repairs_since is None
    again = left_behind_by(events(suspended, restored, suspended))
    assert again.repairs_since == START + 2 * HOUR


def _named(there: Inventory, image: Image | None) -> Inventory:
    scale_set = there.scale_set.model_copy(update={"image": image})
    return there.model_copy(update={"scale_set": scale_set})


def test_they_may_run_while_the_model_names_what_the_untouched_run() -> None:
    there = inventory(spread(4))
    progress = _suspended()
    assert why_repairs_stay_suspended(progress, _named(there, there.instances[0].image)) == ""
    why = why_repairs_stay_suspended(progress, _named(there, progress.image.to_image))
    assert "4 instance(s) that no batch has begun with" in why
    touched = {each.instance_id: 1 for each in there.instances}
    through = replace(progress, tally=replace(progress.tally, touched=touched))
    assert why_repairs_stay_suspended(through, _named(there, progress.image.to_image)) == ""


@pytest.mark.parametrize(
    ("image", "says"),
    [
        (None, "names no image"),
        (Image(publisher="p", offer="o", sku="s", version="latest"), "nobody knows"),
    ],
)
def test_they_stay_suspended_if_nobody_knows_what_they_would_make(
    image: Image | None, says: str
) -> None:
    there = inventory(spread(4))
    assert says in why_repairs_stay_suspended(_suspended(), _named(there, image))


def test_they_stay_suspended_while_a_batch_is_open() -> None:
    there = inventory(spread(4))
    there = _named(there, there.instances[0].image)
    asks = replace(_suspended(), needs_decision=True, batch=2)
    assert why_repairs_stay_suspended(asks, there) == "batch 2 is open"
    began = replace(_suspended(), batch_began=START, batch=1)
    assert why_repairs_stay_suspended(began, there) == "batch 1 is open"
