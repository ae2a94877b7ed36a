"""Who goes back to which image, in what order."""

from dataclasses import replace

from builders import NEW, OLD, START, fleet, instance, planned, policy, sick, spread
from hypothesis import given
from hypothesis import strategies as st
from strategies import fleets, policies

from rollout.cell import Cell
from rollout.fleet import Fleet
from rollout.health import Health
from rollout.plan import plan_batches
from rollout.progress import Progress
from rollout.request import Policy
from rollout.rollback import rollback_stages
from rollout.upgrade import BatchOutcome

OLDER = OLD.model_copy(update={"version": "14.04.201401010"})


def after(there: Fleet, batches: int, rules: Policy | None = None) -> Progress:
    """A rollout after so many batches, all of them done."""
    progress = planned(there, rules)
    plan = plan_batches(progress.order.request.policy, there, NEW)
    for batch in plan.batches[:batches]:
        outcome = BatchOutcome(cells=Cell.DONE * len(batch.instance_ids))
        progress = progress.began(batch, START).after(batch, outcome, START)
    return progress


def now(there: Fleet, progress: Progress) -> Fleet:
    """The fleet in which everything touched runs the new image."""
    moved = [
        one.model_copy(update={"image": NEW}) if one.instance_id in progress.touched else one
        for one in there.instances
    ]
    return there.model_copy(update={"instances": moved})


def test_only_what_was_touched_goes_back_newest_domain_first() -> None:
    there = fleet(spread(20))
    progress = after(there, 3)
    [stage] = rollback_stages(progress, now(there, progress))
    assert stage.image == OLD
    assert [batch.update_domain for batch in stage.batches] == [2, 1, 0]
    assert sum(len(batch.instance_ids) for batch in stage.batches) == 12


def test_what_is_down_already_goes_back_first() -> None:
    there = fleet(spread(20))
    progress = after(there, 3)
    fallen_ill = [
        sick(one) if one.instance_id == "1" else one for one in now(there, progress).instances
    ]
    [stage] = rollback_stages(progress, fleet(fallen_ill))
    assert [batch.update_domain for batch in stage.batches] == [1, 2, 0]


def test_what_failed_while_it_boots_goes_back_before_a_healthy_newcomer() -> None:
    there = fleet(spread(20))
    progress = after(there, 1)
    progress = replace(progress, cells={**progress.cells, "0": Cell.FAILED})
    progress = replace(progress, touched={**progress.touched, "1": 2})
    booting = [
        one.model_copy(update={"health": Health.INITIALIZING}) if one.instance_id == "0" else one
        for one in now(there, progress).instances
    ]
    [stage] = rollback_stages(progress, fleet(booting))
    assert [batch.update_domain for batch in stage.batches] == [0, 1]


def test_each_goes_back_to_its_own_image() -> None:
    there = fleet([instance(0, 0), instance(1, 1, image=OLDER), instance(2, 2)])
    progress = after(there, 3)
    stages = rollback_stages(progress, now(there, progress))
    assert [(stage.image, stage.batches[0].instance_ids) for stage in stages] == [
        (OLD, ["2"]),
        (OLDER, ["1"]),
    ]


def test_what_is_on_its_own_image_already_is_left_alone() -> None:
    there = fleet(spread(20))
    assert rollback_stages(after(there, 3), there) == []


def test_what_failed_on_the_way_is_put_back_too() -> None:
    there = fleet(spread(5))
    progress = after(there, 1)
    broken = there.instances[0].model_copy(update={"provisioning_state": "Failed"})
    [stage] = rollback_stages(progress, fleet([broken, *there.instances[1:]]))
    assert stage.batches[0].instance_ids == ["0"]


def test_what_has_vanished_is_not_put_back() -> None:
    there = fleet(spread(5))
    progress = after(there, 2)
    left = now(there, progress)
    [stage] = rollback_stages(progress, fleet(left.instances[1:]))
    assert [batch.instance_ids for batch in stage.batches] == [["1"]]


def test_the_canary_of_the_way_there_is_none_on_the_way_back() -> None:
    there = fleet(spread(20))
    progress = after(there, 2, policy(canary={"instances": 1}))
    [stage] = rollback_stages(progress, now(there, progress))
    assert [batch.canary for batch in stage.batches] == [False]


@given(policies(), fleets(), st.integers(0, 20))
def test_every_touched_instance_goes_back_once_to_the_image_it_had(
    rules: Policy, there: Fleet, batches: int
) -> None:
    progress = after(there, batches, rules)
    stages = rollback_stages(progress, now(there, progress))
    back = {
        one: stage.image
        for stage in stages
        for batch in stage.batches
        for one in batch.instance_ids
    }
    planned_ids = [one for stage in stages for batch in stage.batches for one in batch.instance_ids]
    assert len(planned_ids) == len(back)
    elsewhere = {one for one in progress.touched if not progress.baseline[one].image.same(NEW)}
    assert elsewhere <= set(back) <= set(progress.touched)
    assert all(image.same(progress.baseline[one].image) for one, image in back.items())


@given(policies(), fleets(), st.integers(0, 20))
def test_no_batch_on_the_way_back_spans_two_update_domains_or_zones(
    rules: Policy, there: Fleet, batches: int
) -> None:
    progress = after(there, batches, rules)
    by_id = {one.instance_id: one for one in there.instances}
    for stage in rollback_stages(progress, now(there, progress)):
        for batch in stage.batches:
            members = [by_id[one] for one in batch.instance_ids]
            assert len({(one.zone, one.update_domain) for one in members}) == 1
