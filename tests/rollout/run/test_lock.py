"""Who has a scale set: a lock as a value, and the fingerprint of what it was taken for."""

import re
from typing import Any

import pytest
from builders import SCALE_SET, request
from hypothesis import given
from hypothesis import strategies as st
from strategies import requests

from rollout.base import fingerprint_of
from rollout.inventory import ImageChange, ScaleSetId
from rollout.plan import ROLLOUT_ID, RolloutRequest
from rollout.run import Command, Lock, RolloutOrder, Verb, lock_id
from rollout.run.earlier import Resumption, RollbackRequest

BACK = RollbackRequest(command=Command(verb=Verb.ROLLBACK), image=ImageChange(), batch=2)
BROKEN_OFF = Resumption(image=ImageChange(), batch=2, attempt=1, reason="its worker died")


def order(rollout_id: str = "r1", **changes: Any) -> RolloutOrder:
    return RolloutOrder(id=rollout_id, request=request()).model_copy(update=changes)


def lock(asked: RolloutOrder, taken: str = "a") -> Lock:
    return Lock.of(asked, taken)


def test_the_same_start_sent_twice_is_the_same_start() -> None:
    assert lock(order(), "a").same_start(lock(order(), "b"))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(order("r2"), id="of another id"),
        pytest.param(order(request=request(by="bob")), id="asked for otherwise"),
        pytest.param(order(wave="f1:wave-1"), id="of a wave"),
        pytest.param(order(rollback=BACK), id="a rollback of it"),
    ],
)
def test_another_start_is_not_the_same(other: RolloutOrder) -> None:
    assert not lock(order()).same_start(lock(other))
    assert not order().same_start(other)
    assert order().fingerprint != other.fingerprint


def test_an_id_with_another_request_is_another_start() -> None:
    """One id for two scale sets at once: one of them is refused."""
    elsewhere = request(scaleSet=str(SCALE_SET).replace("/web", "/api"))
    assert not lock(order()).same_start(lock(order(request=elsewhere)))


@given(requests(), st.integers(1, 9))
def test_however_often_it_is_taken_up_it_is_the_same_start(
    asked: RolloutRequest, attempt: int
) -> None:
    first = RolloutOrder(id="r1", request=asked)
    resume = BROKEN_OFF.model_copy(update={"attempt": attempt, "batch": attempt})
    again = first.model_copy(update={"resume": resume})
    assert again.same_start(first)
    assert again.fingerprint == first.fingerprint
    assert (lock(again).owner, lock(again).same_start(lock(first, "b"))) == ("r1", True)


def test_another_version_of_the_app_knows_the_same_start_again() -> None:
    assert order(version=7).same_start(order(version=8))


@given(requests())
def test_a_start_that_was_stored_has_its_fingerprint_still(asked: RolloutRequest) -> None:
    before = RolloutOrder(id="r1", request=asked)
    assert RolloutOrder.from_json(before.to_json()).fingerprint == before.fingerprint


def test_a_rollback_has_the_lock_under_an_instance_id_of_its_own() -> None:
    back = lock(order(rollback=BACK))
    assert (back.owner, back.rollout_id) == ("r1:rollback", "r1")
    assert (lock(order()).owner, lock(order()).rollout_id) == ("r1", "r1")


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_no_lock_hears_that_another_one_is_released(one: str, other: str) -> None:
    assert (lock(order(), one).released == lock(order(), other).released) is (one == other)


@pytest.mark.parametrize("name", ["web", "Web", "w" * 90])
def test_a_caller_cannot_choose_the_id_of_a_lock(name: str) -> None:
    locked = lock_id(ScaleSetId("s-1", "demo", name))
    assert re.fullmatch(ROLLOUT_ID, locked) is None
    with pytest.raises(ValueError, match="pattern"):
        request(id=locked)


def test_a_scale_set_has_one_lock_however_it_is_spelled() -> None:
    assert lock_id(ScaleSetId("S-1", "DEMO", "Web")) == lock_id(ScaleSetId("s-1", "demo", "web"))
    assert lock_id(ScaleSetId("s-1", "demo", "web")) != lock_id(ScaleSetId("s-1", "demo", "api"))


def test_a_fingerprint_does_not_depend_on_the_order_of_fields() -> None:
    assert fingerprint_of({"a": 1, "b": [2]}) == fingerprint_of({"b": [2], "a": 1})
    assert fingerprint_of({"a": 1}) != fingerprint_of({"a": 2})
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint_of([]))
