from datetime import timedelta
from typing import Any

import pytest
from builders import (
    NEW,
    SCALE_SET,
    START,
    batch_order,
    instance,
    inventory,
    policy,
    spread,
    unhealthy,
)

from rollout.base import Proceed, Stop, Wait
from rollout.batch import GONE, BatchOrder, Selection, Waited, may_upgrade, over_budget
from rollout.inventory import Instance
from rollout.plan import ON_TARGET, Batch

INSTANCES = spread(20)
BATCH = ["0", "5", "10", "15"]  # update domain 0


def _gate(
    instances: list[Instance],
    order: BatchOrder | None = None,
    after: timedelta = timedelta(minutes=1),
    waited: Waited | None = None,
    **facts: Any,
) -> Proceed[Selection] | Wait | Stop:
    now = inventory(instances, **{"image": NEW, **facts})
    order = order or batch_order(inventory(INSTANCES))
    return may_upgrade(order, now, START + after, waited)


def _with(changed: Instance) -> list[Instance]:
    """All instances, of which one is like this now."""
    return [changed if there.instance_id == changed.instance_id else there for there in INSTANCES]


def test_a_healthy_scale_set_goes_on_with_exactly_its_batch() -> None:
    assert _gate(INSTANCES) == Proceed(Selection(BATCH, {}))


@pytest.mark.parametrize(
    ("after", "goes_on"),
    [
        pytest.param(timedelta(hours=23), True, id="before the deadline"),
        pytest.param(timedelta(days=1), True, id="at the deadline"),
        pytest.param(timedelta(days=1, seconds=1), False, id="not after the deadline"),
    ],
)
def test_a_batch_begins(after: timedelta, *, goes_on: bool) -> None:
    assert isinstance(_gate(INSTANCES, after=after), Proceed) is goes_on


def test_a_passed_deadline_is_said() -> None:
    assert _gate(INSTANCES, after=timedelta(days=2)) == Stop(
        "the deadline of 2026-07-02 12:00:00 UTC has passed"
    )


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"image": INSTANCES[0].image}, id="another image"),
        pytest.param({"fingerprint": "with a new extension"}, id="another profile"),
        pytest.param({"upgrade_policy": "Automatic"}, id="another upgrade policy"),
        pytest.param(
            {"fingerprint": "x", "provisioning_state": "Updating"}, id="a change under way"
        ),
    ],
)
def test_a_foreign_change_halts(facts: dict[str, Any]) -> None:
    assert isinstance(_gate(INSTANCES, **facts), Stop)


def test_an_etag_that_moved_on_halts_nothing() -> None:
    assert isinstance(_gate(INSTANCES, etag='"99"'), Proceed)


def test_somebodys_operation_is_waited_for() -> None:
    assert _gate(INSTANCES, provisioning_state="Updating") == Wait(
        f"{SCALE_SET.name} is being updated by another operation"
    )


@pytest.mark.parametrize(
    ("count", "budget", "within"),
    [
        pytest.param(4, "20%", True, id="4 of 20 are 20 %"),
        pytest.param(5, "20%", False, id="5 of 20 are more than 20 %"),
        pytest.param(1, "9%", True, id="9 % of 20 are 1"),
        pytest.param(2, "9%", False, id="9 % of 20 are not 2: it rounds down"),
        pytest.param(0, 0, True, id="none are within a budget of none"),
        pytest.param(1, 0, False, id="one is not within a budget of none"),
    ],
)
def test_unhealthy_instances_are_within_the_budget(
    count: int, budget: int | str, *, within: bool
) -> None:
    there = inventory([*map(unhealthy, INSTANCES[:count]), *INSTANCES[count:]])
    assert (over_budget(policy(maxUnhealthyInstances=budget), [], there) is None) is within


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        pytest.param({"health": "unhealthy"}, True, id="unhealthy"),
        pytest.param({"provisioning_state": "Failed"}, True, id="failed to provision"),
        pytest.param({"power_state": "deallocated"}, False, id="not deallocated: its own limit"),
        pytest.param({"health": "unknown"}, False, id="not unknown: that is no verdict"),
        pytest.param({"health": "initializing"}, False, id="not initializing"),
    ],
)
def test_against_the_budget_counts(changes: dict[str, Any], *, counts: bool) -> None:
    there = inventory([instance(0, **changes)])
    assert (over_budget(policy(maxUnhealthyInstances=0), [], there) is not None) is counts


def test_who_is_switched_off_meanwhile_is_less_capacity_and_no_reason_to_go_back() -> None:
    off = [instance(number, 0, power_state="deallocated") for number in (0, 5)]
    there = [*off, *(each for each in INSTANCES if each.instance_id not in {"0", "5"})]
    order = batch_order(inventory(INSTANCES), policy(maxUnhealthyInstances=1))
    step = _gate(there, order)
    assert isinstance(step, Wait)
    assert not step.unhealthy
    assert "2 of 20 instances are unhealthy or switched off" in step.reason


def test_an_instance_that_was_unhealthy_before_counts_against_nobody() -> None:
    there = inventory([*map(unhealthy, INSTANCES[:10]), *INSTANCES[10:]])
    before = [ill.instance_id for ill in INSTANCES[:10]]
    assert over_budget(policy(maxUnhealthyInstances=0), before, there) is None


def test_too_many_unhealthy_instances_halt_and_are_named() -> None:
    ill = [*map(unhealthy, INSTANCES[:5]), *INSTANCES[5:]]
    assert _gate(ill) == Stop(
        "5 of 20 instances are unhealthy that were not before the rollout, and at most 4 may be "
        "(policy.maxUnhealthyInstances: 20%): 0, 1, 2, 3, 4",
        unhealthy=True,
    )


def test_the_baseline_of_the_rollout_is_asked() -> None:
    ill = [*map(unhealthy, INSTANCES[:5]), *INSTANCES[5:]]
    assert isinstance(_gate(ill, batch_order(inventory(ill))), Proceed)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"image": NEW}, ON_TARGET, id="it runs the target already"),
        pytest.param(
            {"protect_from_scale_set_actions": True},
            "was protected from scale set actions during the rollout",
            id="it was protected meanwhile",
        ),
    ],
)
def test_an_instance_is_left_out_because(changes: dict[str, Any], reason: str) -> None:
    changed = instance(5, 0, **changes)
    assert _gate(_with(changed)) == Proceed(Selection(["0", "10", "15"], {"5": reason}))


def test_an_instance_that_somebody_stopped_is_left_out() -> None:
    verdict = _gate(_with(instance(5, 0, power_state="stopped")))
    assert isinstance(verdict, Proceed)
    assert verdict.value.instance_ids == ["0", "10", "15"]
    assert verdict.value.left_out["5"].startswith("is stopped: whether it works")


def test_the_last_instance_that_serves_is_not_taken_down() -> None:
    """The baseline counts against no budget, and yet somebody must serve."""
    others = [there if there.instance_id in BATCH else unhealthy(there) for there in INSTANCES]
    assert _gate(others, batch_order(inventory(others))) == Wait(
        "changing 0, 5, 10, 15 would take down the last of 20 instances that is not unhealthy, "
        "switched off, failed, being created or being deleted: repair the others first"
    )


@pytest.mark.parametrize("state", ["Creating", "Deleting"])
def test_who_comes_or_goes_does_not_stay_up_for_the_others(state: str) -> None:
    moving = [there.model_copy(update={"provisioning_state": state}) for there in INSTANCES]
    settled = {there.instance_id: there for there in INSTANCES if there.instance_id in BATCH}
    assert isinstance(_gate([settled.get(there.instance_id, there) for there in moving]), Wait)


def test_where_nothing_serves_there_is_nothing_to_lose() -> None:
    ill = [*map(unhealthy, INSTANCES)]
    assert _gate(ill, batch_order(inventory(ill))) == Proceed(Selection(BATCH, {}))


@pytest.mark.parametrize("allowed", [True, False])
def test_the_only_instance_goes_down_when_that_is_allowed(*, allowed: bool) -> None:
    alone = [instance(0, 0)]
    verdict = _gate(alone, batch_order(inventory(alone), policy(allowFullOutage=allowed)))
    assert isinstance(verdict, Proceed if allowed else Wait)


def test_a_full_outage_of_more_than_one_instance_is_never_allowed() -> None:
    two = [instance(0, 0), instance(1, 0)]
    both = batch_order(inventory(two), policy(allowFullOutage=True))
    batch = both.batch.model_copy(update={"instance_ids": ["0", "1"]})
    both = both.model_copy(update={"batch": batch, "cells": "pp"})
    assert isinstance(_gate(two, both), Wait)


def test_an_instance_that_has_gone_is_left_out() -> None:
    left = [there for there in INSTANCES if there.instance_id != "5"]
    assert _gate(left) == Wait("5 missing from the list of instances: looking again")
    again = Waited(missing=frozenset({"5"}))
    assert _gate(left, waited=again) == Proceed(Selection(["0", "10", "15"], {"5": GONE}))


def test_the_target_image_alone_is_not_enough() -> None:
    half = instance(5, 0, image=NEW, provisioning_state="Failed")
    assert _gate(_with(half)) == Proceed(Selection(BATCH, {}))


@pytest.mark.parametrize("state", ["Creating", "Updating"])
def test_an_instance_that_others_are_at_is_waited_for(state: str) -> None:
    """Sent to an instance that is being made, an upgrade may be undone by the rest of that."""
    assert _gate(_with(instance(5, 0, provisioning_state=state))) == Wait(
        "5 still being created or updated by another operation"
    )


def test_an_instance_that_came_meanwhile_is_not_upgraded_with_the_batch() -> None:
    assert _gate([*INSTANCES, instance(20, 0)]) == Proceed(Selection(BATCH, {}))


def test_a_batch_of_which_nothing_is_left_goes_on_with_nothing() -> None:
    left = [there for there in INSTANCES if there.update_domain != 0]
    again = Waited(missing=frozenset(BATCH))
    assert _gate(left, waited=again) == Proceed(Selection([], dict.fromkeys(BATCH, GONE)))


def test_an_instance_that_is_being_deleted_is_left_out_at_once() -> None:
    proceed = _gate(_with(instance(5, 0, provisioning_state="Deleting")))
    assert proceed == Proceed(Selection(["0", "10", "15"], {"5": "is being deleted"}))


@pytest.mark.parametrize("state", ["Creating", "Updating"])
def test_one_that_is_stuck_is_left_out_when_the_others_have_waited_for_long_enough(
    state: str,
) -> None:
    proceed = _gate(_with(instance(5, 0, provisioning_state=state)), waited=Waited(overdue=True))
    assert isinstance(proceed, Proceed)
    assert proceed.value.instance_ids == ["0", "10", "15"]
    assert "still being created or updated" in proceed.value.left_out["5"]


def test_the_scale_set_is_named_when_it_is_not_ours_any_more() -> None:
    halt = _gate(INSTANCES, upgrade_policy="Rolling")
    assert isinstance(halt, Stop)
    assert SCALE_SET.name in halt.reason


@pytest.mark.parametrize("place", [{"update_domain": 1}, {"zone": "2"}])
def test_an_instance_that_stands_elsewhere_now_is_left_out(place: dict[str, Any]) -> None:
    """A batch never spans two update domains, whatever Azure did since the plan."""
    verdict = _gate(_with(INSTANCES[5].model_copy(update=place)))
    assert isinstance(verdict, Proceed)
    assert verdict.value.instance_ids == ["0", "10", "15"]
    assert "is in another update domain or zone" in verdict.value.left_out["5"]


def _second_batch(**rules: Any) -> BatchOrder:
    """Update domain 1, after domain 0 has gone well."""
    batch = Batch(number=2, update_domain=1, instance_ids=["1", "6"])
    return batch_order(inventory(INSTANCES), policy(**rules)).model_copy(
        update={"batch": batch, "cells": "pp", "upgraded": BATCH}
    )


def test_an_upgraded_instance_that_falls_ill_later_holds_up_the_next_batch() -> None:
    fallen_ill = unhealthy(instance(5, 0, image=NEW))
    verdict = _gate(_with(fallen_ill), _second_batch())
    assert verdict == Wait(
        "1 upgraded instance(s) are unhealthy now, and at most 0 may be "
        "(policy.maxUnhealthyUpgradedInstances): 5",
        unhealthy=True,
    )


@pytest.mark.parametrize(
    ("changed", "budget"),
    [
        pytest.param(unhealthy(instance(5, 0, image=NEW)), 1, id="within the budget"),
        pytest.param(instance(5, 0, image=NEW, health="unknown"), 0, id="not known to be ill"),
        pytest.param(unhealthy(instance(7, 2)), 0, id="not upgraded yet"),
    ],
)
def test_nothing_else_holds_it_up(changed: Instance, budget: int) -> None:
    order = _second_batch().model_copy(update={"upgraded_budget": budget})
    assert isinstance(_gate(_with(changed), order), Proceed)
