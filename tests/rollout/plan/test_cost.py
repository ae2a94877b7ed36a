from datetime import timedelta
from typing import Any

import pytest
from builders import inventory, policy, spread
from hypothesis import given
from hypothesis import strategies as st
from strategies import policies

from rollout.plan import Policy
from rollout.plan.cost import Cost, cost_of

INVENTORY = inventory(spread(20))
BIG = [4] * 100


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("rules", "batches", "shortest", "longest"),
    [
        pytest.param({}, 0, 0, 0, id="nothing to do takes no time"),
        pytest.param({}, 5, 5, 76.25, id="five batches: stable each, or the timeout each"),
        pytest.param({"pauseBetweenBatches": "PT10M"}, 3, 23, 65.75, id="pauses stand between"),
        pytest.param({"canary": {"bake": "PT30M"}}, 2, 31, 60.5, id="a canary bakes once"),
        pytest.param({"canary": {"bake": "PT0S"}}, 2, 2, 30.5, id="and is stable at least"),
    ],
)
def test_the_time_it_takes(
    rules: dict[str, Any], batches: int, shortest: float, longest: float
) -> None:
    cost = cost_of(policy(**rules), BIG[:batches], INVENTORY)
    assert (cost.shortest, cost.longest) == (minutes(shortest), minutes(longest))


@given(policies(), st.integers(0, 100))
def test_the_least_is_never_more_than_the_most(rules: Policy, batches: int) -> None:
    cost = cost_of(rules, BIG[:batches], INVENTORY)
    assert cost.shortest <= cost.longest
    assert 0 < cost.fewest_calls <= cost.most_calls


def test_a_year_for_each_batch_is_told_all_the_same() -> None:
    rules = policy(health={"timeout": "P366D"})
    cost = cost_of(rules, BIG[:60], INVENTORY)
    assert cost.longest == timedelta(days=366 * 60, minutes=15)
    assert Cost.from_json(cost.to_json()) == cost


def test_a_flexible_scale_set_is_read_vm_by_vm() -> None:
    flexible = inventory(INVENTORY.instances, orchestration_mode="Flexible")
    uniform = cost_of(policy(), [4] * 5, INVENTORY)
    assert cost_of(policy(), [4] * 5, flexible).fewest_calls > uniform.fewest_calls + 5 * 2 * 20
