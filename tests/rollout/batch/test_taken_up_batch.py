"""A batch whose orchestration broke off: anything may have been sent, so everything is watched."""

from typing import Any

import pytest
from builders import (
    NEW,
    START,
    batch_order,
    instance,
    inventory,
    policy,
    seconds,
    spread,
    unhealthy,
)

from rollout.base import Cell, Proceed, Stop, Wait
from rollout.batch import BatchOrder, BatchOutcome, Selection, may_have_been_sent, may_upgrade
from rollout.batch.report import status_of
from rollout.inventory import Instance
from rollout.plan import ON_TARGET

INSTANCES = spread(20)
BATCH = ["0", "5", "10", "15"]
"""Update domain 0, the first batch."""


def order(*, taken_up: bool = True, **rules: Any) -> BatchOrder:
    first = batch_order(inventory(INSTANCES), policy(**rules))
    return first.model_copy(update={"taken_up": taken_up})


def gate(instances: list[Instance], asked: BatchOrder) -> Proceed[Selection] | Wait | Stop:
    return may_upgrade(asked, inventory(instances, image=NEW), START + seconds(60))


def having(*changed: Instance) -> list[Instance]:
    """All instances, of which these are like this now."""
    now = {there.instance_id: there for there in changed}
    return [now.get(there.instance_id, there) for there in INSTANCES]


def own_ill(count: int) -> list[Instance]:
    return having(*(unhealthy(instance(number, 0)) for number in BATCH[:count]))


@pytest.mark.parametrize("taken_up", [True, False])
def test_its_own_instances_may_be_down_because_they_were_sent(*, taken_up: bool) -> None:
    verdict = gate(own_ill(4), order(taken_up=taken_up, maxUnhealthyInstances=0))
    assert isinstance(verdict, Proceed) is taken_up


def test_those_of_others_still_count() -> None:
    ill = having(*(unhealthy(instance(number, 1)) for number in (1, 6)), unhealthy(instance(0, 0)))
    verdict = gate(ill, order(maxUnhealthyInstances=1))
    assert isinstance(verdict, Stop)
    assert verdict.reason.startswith("2 of 20 instances are unhealthy")
    assert verdict.unhealthy


@pytest.mark.parametrize("taken_up", [True, False])
def test_an_instance_that_is_on_the_image_already_is_watched(*, taken_up: bool) -> None:
    """Its upgrade was sent by the orchestration that broke off, and its health is not known."""
    verdict = gate(having(instance(5, 0, image=NEW)), order(taken_up=taken_up))
    if taken_up:
        assert verdict == Proceed(Selection(BATCH, {}))
    else:
        assert verdict == Proceed(Selection(["0", "10", "15"], {"5": ON_TARGET}))


def test_all_of_them_on_the_image_are_watched_too() -> None:
    through = having(*(instance(number, 0, image=NEW) for number in BATCH))
    assert gate(through, order()) == Proceed(Selection(BATCH, {}))


def test_what_azure_is_still_at_is_waited_for() -> None:
    """Nothing is sent twice without a look at what the first sending came to."""
    moving = having(instance(5, 0, provisioning_state="Updating"))
    assert isinstance(gate(moving, order()), Wait)


def test_also_when_taken_up_it_does_not_take_down_the_last_that_serve() -> None:
    others = [there if there.instance_id in BATCH else unhealthy(there) for there in INSTANCES]
    baseline = [there.instance_id for there in INSTANCES if there.instance_id not in BATCH]
    asked = order().model_copy(update={"baseline_unhealthy": baseline})
    assert isinstance(gate(others, asked), Wait)


def test_whatever_may_have_been_sent_counts_as_sent() -> None:
    outcome = may_have_been_sent(order(), "its worker died")
    assert outcome == BatchOutcome(cells="uuuu", halt="its worker died")
    assert set(outcome.by_instance(BATCH).values()) == {Cell.UPGRADING}
    assert not outcome.unbegun


@pytest.mark.parametrize(
    ("pause", "after"),
    [
        pytest.param(None, 20, id="at the policy's interval"),
        pytest.param(5, 5, id="sooner when the batch should be healthy"),
        pytest.param(90, 90, id="later when Azure wants it so"),
    ],
)
def test_a_batch_says_when_it_will_look_again(pause: int | None, after: int) -> None:
    asked = order(health={"interval": "PT20S"})
    wait = None if pause is None else seconds(pause)
    status = status_of(asked, START, "working", pause=wait)
    assert status.next_look_at == START + seconds(after)


@pytest.mark.parametrize("done", [Cell.DONE, Cell.ROLLED_BACK])
def test_an_order_says_whether_it_rolls_back(done: Cell) -> None:
    assert order().model_copy(update={"done": done}).rolls_back is (done is Cell.ROLLED_BACK)
