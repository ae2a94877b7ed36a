"""A rollout stays inside what Azure allows, whoever else uses it."""

from collections.abc import Iterator

import pytest
from story import System
from upgraded import upgrades


@pytest.fixture(autouse=True)
def full_again(system: System) -> Iterator[None]:
    yield
    system.azure.put("/_sim/budgets", json={"enforced": False})


def refused(system: System, scale_set: str) -> int:
    """How many of the calls on the scale set Azure has refused."""
    return sum(each["status"] == 429 for each in system.requests(path=scale_set))


@pytest.mark.by_day(1)
@pytest.mark.parametrize("share", [1, 0.5])
def test_a_long_list_is_never_refused(system: System, share: float) -> None:
    """Of 600 instances it has six pages: as many looks as it would like would be far too many."""
    system.azure.put("/_sim/budgets", json={"share": share})
    scale_set = system.scale_set(capacity=600)
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 600), view["message"]
    assert refused(system, scale_set) == 0


def test_others_use_nearly_all_of_it(system: System) -> None:
    """One page a minute is left: how fast it grows is learned, at the price of a few refusals."""
    system.azure.put("/_sim/budgets", json={"share": 0.1})
    scale_set = system.scale_set(capacity=10)
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 10), view["message"]
    assert upgrades(system, scale_set) == 10
    assert refused(system, f"{scale_set}/virtualMachines") <= 3


def test_rollouts_of_one_subscription_leave_one_another_room(system: System) -> None:
    """The budget that they have in common is nearly used up by others: each of them looks less
    often, and nobody is refused.
    """
    scale_sets = [system.scale_set(capacity=200) for _ in range(4)]
    system.azure.put("/_sim/budgets", json={"subscriptionShare": 0.02})
    ids = [system.start(scale_set).json()["id"] for scale_set in scale_sets]
    views = [system.finish(rollout) for rollout in ids]
    assert [(view["phase"], view["counts"]["done"]) for view in views] == [("Succeeded", 200)] * 4
    assert [refused(system, scale_set) for scale_set in scale_sets] == [0] * 4


def test_what_the_start_has_read_serves_the_rollout(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    lists = [each for each in system.requests("GET") if each["path"].endswith("/virtualMachines")]
    assert len(lists) == 1
    system.api.post(f"/api/rollouts/{rollout}/approve")
    assert system.finish(rollout)["phase"] == "Succeeded"
