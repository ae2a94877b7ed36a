"""What may be called a success after the last batch."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import NEW, START, changed, inventory, model, planned, policy, scale_set, spread

from rollout.base import Cell, Proceed, Stop, Wait
from rollout.batch import BatchOutcome
from rollout.inventory import Health, Instance
from rollout.plan import Policy, plan_batches
from rollout.run import Progress, verified

BEFORE = inventory(spread(10))


def through(rules: Policy) -> Progress:
    """A rollout whose batches are all through."""
    progress = planned(BEFORE, rules)
    for batch in plan_batches(rules, BEFORE, NEW).batches:
        outcome = BatchOutcome(cells="d" * len(batch.instance_ids))
        progress = progress.batch_started(batch, START).batch_finished(batch, outcome, START)
    return progress


def seen(rules: Policy, there: Sequence[Instance]) -> Proceed[None] | Wait | Stop:
    return verified(through(rules), model(), inventory(there, image=NEW))


def test_healthy_instances_prove_it() -> None:
    assert seen(policy(), BEFORE.instances) == Proceed(None)


@pytest.mark.parametrize(("budget", "enough"), [(0, False), (1, True)])
def test_an_upgraded_instance_that_fell_ill_is_held_against_the_budget(
    budget: int, *, enough: bool
) -> None:
    there = changed(BEFORE.instances, ["3"], health=Health.UNHEALTHY)
    step = seen(policy(maxUnhealthyUpgradedInstances=budget), there)
    if enough:
        assert step == Proceed(None)
        return
    assert isinstance(step, Wait)
    assert step.unhealthy
    assert step.reason == (
        "1 upgraded instance(s) are unhealthy now, and at most 0 may be "
        "(policy.maxUnhealthyUpgradedInstances): 3"
    )


def test_others_that_fell_ill_are_held_against_theirs() -> None:
    rules = policy(updateDomains=[0], maxUnhealthyInstances=0)
    step = seen(rules, changed(BEFORE.instances, ["3"], health=Health.UNHEALTHY))
    assert isinstance(step, Wait)
    assert "policy.maxUnhealthyInstances: 0" in step.reason


def test_a_model_that_is_not_ours_any_more_stops_it() -> None:
    changed_by_others = scale_set(image=NEW, fingerprint="another")
    there = BEFORE.model_copy(update={"scale_set": changed_by_others})
    assert isinstance(verified(through(policy()), model(), there), Stop)


@pytest.mark.parametrize(
    ("cells", "proved"), [("kkkkkkkkkk", False), ("gkkkkkkkkk", False), ("dkkkkkkkkk", True)]
)
def test_instances_that_were_all_left_behind_prove_nothing(cells: str, *, proved: bool) -> None:
    ids = [instance.instance_id for instance in BEFORE.instances]
    left = dict(zip(ids, map(Cell, cells), strict=True))
    reasons = dict.fromkeys(left, "is being deleted")
    progress = planned(BEFORE)
    progress = replace(progress, tally=replace(progress.tally, cells=left, reasons=reasons))
    step = verified(progress, model(), inventory(BEFORE.instances, image=NEW))
    assert isinstance(step, Proceed if proved else Stop)
    if isinstance(step, Stop):
        there = 10 - cells.count("g")
        assert step.reason == (
            f"nothing was verified: each of the {there} instance(s) is being deleted"
        )
