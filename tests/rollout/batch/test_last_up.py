"""A batch of the way back that would take down everybody who serves goes without the last."""

from typing import Any

import pytest
from builders import NEW, START, batch_order, inventory, spread, unhealthy

from rollout.base import Cell, Proceed, Stop, Wait
from rollout.batch import Selection, may_upgrade
from rollout.inventory import Health, Instance

INSTANCES = spread(20)
BATCH = ["0", "5", "10", "15"]  # update domain 0
OTHERS = [each.instance_id for each in INSTANCES]
"""Counted against no budget here."""


def gate(up: list[str], **order: Any) -> Proceed[Selection] | Wait | Stop:
    """Asked for that batch of the way back, while only these serve."""

    def now(each: Instance) -> Instance:
        return each if each.instance_id in up else unhealthy(each)

    there = inventory([now(each) for each in INSTANCES], image=NEW)
    batch = batch_order(inventory(INSTANCES)).model_copy(
        update={"done": Cell.ROLLED_BACK, "baseline_unhealthy": OTHERS, **order}
    )
    return may_upgrade(batch, there, START)


@pytest.mark.parametrize("up", [BATCH, ["5", "10"]])
def test_all_but_the_last_that_serves_go(up: list[str]) -> None:
    verdict = gate(up)
    assert isinstance(verdict, Proceed)
    rest = [each for each in BATCH if each != up[-1]]
    assert (verdict.value.instance_ids, [*verdict.value.left_out]) == (rest, [up[-1]])


@pytest.mark.parametrize(
    ("up", "order"),
    [
        pytest.param(["5"], {}, id="nobody else serves"),
        pytest.param(BATCH, {"taken_up": True}, id="any of them may have been sent"),
        pytest.param(BATCH, {"done": Cell.DONE}, id="on the way forward"),
    ],
)
def test_none_of_it_goes(up: list[str], order: dict[str, Any]) -> None:
    assert isinstance(gate(up, **order), Wait)


@pytest.mark.parametrize("state", ["Creating", "Deleting"])
def test_who_comes_or_goes_is_not_the_last_that_serves(state: str) -> None:
    """The last that serves stays up, not one of another domain that serves nobody yet."""

    def now(each: Instance) -> Instance:
        if each.instance_id in BATCH:
            return each
        if each.instance_id == "19":
            return each.model_copy(update={"provisioning_state": state})
        return unhealthy(each)

    there = inventory([now(each) for each in INSTANCES], image=NEW)
    batch = batch_order(inventory(INSTANCES)).model_copy(
        update={"done": Cell.ROLLED_BACK, "baseline_unhealthy": OTHERS}
    )
    verdict = may_upgrade(batch, there, START)
    assert isinstance(verdict, Proceed)
    assert verdict.value.instance_ids == BATCH[:-1]


def booting(up: list[str], aside: list[str]) -> Proceed[Selection] | Wait | Stop:
    """Asked for that batch while only `up` serve, and `aside` are still initializing."""

    def now(each: Instance) -> Instance:
        if each.instance_id in aside:
            return each.model_copy(update={"health": Health.INITIALIZING})
        return each if each.instance_id in up else unhealthy(each)

    there = inventory([now(each) for each in INSTANCES], image=NEW)
    counted = [each for each in OTHERS if each not in {*up, *aside}]
    order = {"done": Cell.ROLLED_BACK, "baseline_unhealthy": counted, "set_aside": aside}
    return may_upgrade(batch_order(inventory(INSTANCES)).model_copy(update=order), there, START)


def test_whom_a_rollback_has_set_aside_is_down_until_healthy() -> None:
    """20 % of 20 may be."""
    serving = [*BATCH, *map(str, range(11, 15))]
    aside = ["1", "6", "11", "16", "2"]
    assert isinstance(booting(serving, aside[:4]), Proceed)
    verdict = booting(serving, aside)
    assert isinstance(verdict, Wait)
    assert verdict.reason.startswith("5 of 20 instances are not healthy that were so")


def test_whom_a_rollback_has_set_aside_is_not_the_last_that_serves() -> None:
    verdict = booting(BATCH, ["1", "6"])
    assert isinstance(verdict, Proceed)
    assert [*verdict.value.left_out] == [BATCH[-1]]
