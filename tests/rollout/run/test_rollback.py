"""Who goes back to which image, in what order."""

from dataclasses import replace

import pytest
from builders import NEW, OLD, START, changed, instance, inventory, planned, policy, spread
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, policies

from rollout.base import Cell
from rollout.batch import BatchOutcome
from rollout.inventory import Health, Image, ImageChange, Inventory
from rollout.plan import Policy, plan_batches
from rollout.run import Progress, image_left, reason_with_image_left, rollback_stages

OLDER = OLD.model_copy(update={"version": "14.04.201401010"})


def after(there: Inventory, batches: int, rules: Policy | None = None) -> Progress:
    """A rollout after so many batches, all of them done."""
    progress = planned(there, rules)
    plan = plan_batches(progress.order.request.policy, there, NEW)
    for batch in plan.batches[:batches]:
        outcome = BatchOutcome(cells=Cell.DONE * len(batch.instance_ids))
        progress = progress.batch_started(batch, START).batch_finished(batch, outcome, START)
    return progress


def now(there: Inventory, progress: Progress) -> Inventory:
    """The scale set in which everything touched runs the new image."""
    moved = changed(there.instances, progress.tally.touched, image=NEW)
    return there.model_copy(update={"instances": moved})


def test_only_what_was_touched_goes_back_newest_domain_first() -> None:
    there = inventory(spread(20))
    progress = after(there, 3)
    [stage] = rollback_stages(progress, now(there, progress))
    assert stage.image == OLD
    assert [batch.update_domain for batch in stage.batches] == [2, 1, 0]
    assert sum(len(batch.instance_ids) for batch in stage.batches) == 12


def test_what_is_down_already_goes_back_first() -> None:
    there = inventory(spread(20))
    progress = after(there, 3)
    fallen_ill = changed(now(there, progress).instances, ["1"], health=Health.UNHEALTHY)
    [stage] = rollback_stages(progress, inventory(fallen_ill))
    assert [batch.update_domain for batch in stage.batches] == [1, 2, 1, 0]


def test_what_failed_while_it_boots_goes_back_before_a_healthy_newcomer() -> None:
    there = inventory(spread(20))
    progress = after(there, 1)
    tally = replace(
        progress.tally,
        cells={**progress.tally.cells, "0": Cell.FAILED},
        touched={**progress.tally.touched, "1": 2},
    )
    progress = replace(progress, tally=tally)
    booting = changed(now(there, progress).instances, ["0"], health=Health.INITIALIZING)
    [stage] = rollback_stages(progress, inventory(booting))
    assert [batch.update_domain for batch in stage.batches] == [0, 1, 0]


def test_each_goes_back_to_its_own_image() -> None:
    there = inventory([instance(0, 0), instance(1, 1, image=OLDER), instance(2, 2)])
    progress = after(there, 3)
    stages = rollback_stages(progress, now(there, progress))
    assert [(stage.image, stage.batches[0].instance_ids) for stage in stages] == [
        (OLD, ["2"]),
        (OLDER, ["1"]),
    ]


def test_what_is_on_its_own_image_already_is_left_alone() -> None:
    there = inventory(spread(20))
    assert rollback_stages(after(there, 3), there) == []


def test_what_failed_on_the_way_is_put_back_too() -> None:
    there = inventory(spread(5))
    progress = after(there, 1)
    broken = there.instances[0].model_copy(update={"provisioning_state": "Failed"})
    [stage] = rollback_stages(progress, inventory([broken, *there.instances[1:]]))
    assert stage.batches[0].instance_ids == ["0"]


def test_what_has_vanished_is_not_put_back() -> None:
    there = inventory(spread(5))
    progress = after(there, 2)
    left = now(there, progress)
    [stage] = rollback_stages(progress, inventory(left.instances[1:]))
    assert [batch.instance_ids for batch in stage.batches] == [["1"]]


def test_the_canary_of_the_way_there_is_none_on_the_way_back() -> None:
    there = inventory(spread(20))
    progress = after(there, 2, policy(canary={"instances": 1}))
    [stage] = rollback_stages(progress, now(there, progress))
    assert [batch.canary for batch in stage.batches] == [False]


@given(policies(), inventories(), st.integers(0, 20))
def test_every_touched_instance_goes_back_once_to_the_image_it_had(
    rules: Policy, there: Inventory, batches: int
) -> None:
    progress = after(there, batches, rules)
    stages = rollback_stages(progress, now(there, progress))
    returning = [
        (instance_id, stage.image)
        for stage in stages
        for batch in stage.batches
        for instance_id in batch.instance_ids
    ]
    back, touched = dict(returning), progress.tally.touched
    assert len(returning) == len(back)
    before = {key: there.image for key, there in progress.baseline.instances.items()}
    elsewhere = {key for key in touched if not before[key].same(NEW)}
    assert elsewhere <= set(back) <= set(touched)
    assert all(image.same(before[key]) for key, image in returning)


@given(policies(), inventories(), st.integers(0, 20))
def test_no_batch_on_the_way_back_spans_two_update_domains_or_zones(
    rules: Policy, there: Inventory, batches: int
) -> None:
    progress = after(there, batches, rules)
    places = {each.instance_id: (each.zone, each.update_domain) for each in there.instances}
    for stage in rollback_stages(progress, now(there, progress)):
        for batch in stage.batches:
            assert len({places[instance_id] for instance_id in batch.instance_ids}) == 1


LATEST = OLD.model_copy(update={"version": "latest"})


@pytest.mark.parametrize(
    ("named", "model_set", "left"),
    [
        pytest.param(OLDER, True, OLDER, id="the image that the model named before"),
        pytest.param(LATEST, True, OLD, id="what most ran, if that was left open"),
        pytest.param(LATEST, False, LATEST, id="as it is, if the rollout has not changed it"),
        pytest.param(Image(publisher="other", version="latest"), True, None, id="nothing to go by"),
    ],
)
def test_the_image_that_a_rollback_leaves_the_model_with(
    named: Image, left: Image | None, *, model_set: bool
) -> None:
    there = inventory(
        [*spread(3), instance(3, image=OLDER), *(instance(n, image=NEW) for n in range(4, 9))]
    )
    change = ImageChange(from_image=named, to_image=NEW)
    progress = replace(planned(there), image=change, model_set=model_set)
    assert image_left(progress) == (left or named)


@pytest.mark.parametrize(("touched", "left"), [(["3"], OLD), ([], NEW)])
def test_a_model_that_named_the_image_before_keeps_it_only_if_nothing_is_taken_back(
    touched: list[str], left: Image
) -> None:
    progress = planned(inventory(spread(4), image=NEW))
    progress = replace(progress, image=ImageChange(from_image=NEW, to_image=NEW))
    progress = replace(progress, tally=replace(progress.tally, touched=dict.fromkeys(touched, 1)))
    assert image_left(progress) == left


def test_why_new_instances_get_another_image_than_the_model_named_before() -> None:
    latest = OLD.model_copy(update={"version": "latest"})
    assert reason_with_image_left("asked.", OLD, OLD) == "asked."
    assert reason_with_image_left("asked.", latest, OLD) == (
        f"asked. Before the rollout it was {latest}, which may mean the version that failed: "
        "set it again when that is withdrawn"
    )
    assert reason_with_image_left("asked.", NEW, OLD) == (
        f"asked. Before the rollout it was {NEW} already, the image that was taken back: set it "
        "again if you want it"
    )
