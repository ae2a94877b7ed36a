"""What is sent of a batch, decided just before; and what may have been sent."""

from typing import Any

import pytest
from builders import NEW, OLD, START, batch_order, instance, inventory, spread

from rollout.base import Proceed
from rollout.batch import (
    BatchOrder,
    Selection,
    Waited,
    may_upgrade,
    still_to_send,
    under_way,
)
from rollout.inventory import Instance
from rollout.inventory.power import PowerState

INSTANCES = spread(20)
BATCH = ["0", "5", "10", "15"]
"""Update domain 0, the first batch."""


def _to_send(
    instances: list[Instance], order: BatchOrder | None = None, **facts: Any
) -> list[str] | str:
    now = inventory(instances, **{"image": NEW, **facts})
    return still_to_send(order or batch_order(inventory(INSTANCES)), BATCH, now, START)


def _with(changed: Instance) -> list[Instance]:
    """All instances, of which one is like this now."""
    return [changed if there.instance_id == changed.instance_id else there for there in INSTANCES]


def test_what_may_have_been_sent_is_watched_and_not_left_out_as_stuck() -> None:
    order = batch_order(inventory(INSTANCES)).maybe_sent()
    moving = _with(instance(5, 0, provisioning_state="Updating"))
    now = inventory(moving, image=NEW)
    assert may_upgrade(order, now, START, Waited(overdue=True)) == Proceed(Selection(BATCH, {}))


def test_what_is_sent_is_decided_anew_just_before() -> None:
    assert _to_send(INSTANCES) == BATCH


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param({"image": OLD}, "someone changed the image in the model", id="the image"),
        pytest.param({"fingerprint": "other"}, "someone changed the model", id="the model"),
        pytest.param({"upgrade_policy": "Automatic"}, "switched the upgrade policy", id="policy"),
        pytest.param({"provisioning_state": "Updating"}, "another operation", id="an operation"),
    ],
)
def test_nothing_is_sent_when_meanwhile_somebody_changed(
    facts: dict[str, Any], reason: str
) -> None:
    why = _to_send(INSTANCES, **facts)
    assert isinstance(why, str)
    assert reason in why


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param(
            instance(5, 0, power_state=PowerState.DEALLOCATED), "5 changed since", id="off"
        ),
        pytest.param(
            instance(5, 0, protect_from_scale_set_actions=True), "was protected", id="protected"
        ),
        pytest.param(instance(5, 0, provisioning_state="Updating"), "5 still", id="moving"),
    ],
)
def test_nothing_is_sent_when_an_instance_is_not_as_the_gate_saw_it(
    changed: Instance, reason: str
) -> None:
    why = _to_send(_with(changed))
    assert isinstance(why, str)
    assert reason in why


def test_what_was_sent_before_is_not_sent_again() -> None:
    order = batch_order(inventory(INSTANCES)).maybe_sent()
    there = _with(instance(5, 0, image=NEW))
    moving = [
        instance(10, 0, provisioning_state="Updating") if each.instance_id == "10" else each
        for each in there
    ]
    assert _to_send(moving, order) == ["0", "15"]


def test_what_is_under_way_shows_it() -> None:
    there = [
        instance(0, 0, image=NEW),
        instance(5, 0, provisioning_state="Updating"),
        instance(10, 0, provisioning_state="Failed"),
        instance(15, 0),
        instance(1, 1, provisioning_state="Updating"),
    ]
    selection = under_way(batch_order(inventory(INSTANCES)), inventory(there))
    assert selection == Selection(["0", "5", "10"], {})
