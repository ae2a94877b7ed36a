"""Is a scale set still healthy, some time after its rollout?"""

from typing import Any

import pytest
from builders import NEW, OLD, instance, inventory, policy, unhealthy

from rollout.fleet import PostBakeCheck

UPGRADED = [instance(number, image=NEW) for number in range(10)]


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        pytest.param({}, False, id="not one that is healthy"),
        pytest.param({"health": "unhealthy"}, True, id="one that is unhealthy"),
        pytest.param({"provisioning_state": "Failed"}, True, id="one that failed to provision"),
        pytest.param({"health": "unknown"}, False, id="not one of which nothing is known"),
        pytest.param({"health": "initializing"}, False, id="not one that still boots"),
        pytest.param(
            {"power_state": "deallocated"}, False, id="not one that somebody switched off"
        ),
        pytest.param(
            {"health": "unhealthy", "provisioning_state": "Updating"},
            False,
            id="not one that is being changed",
        ),
        pytest.param(
            {"health": "unhealthy", "image": OLD}, False, id="not one that runs another image"
        ),
    ],
)
def test_a_scale_set_is_not_healthy_for(changes: dict[str, Any], *, fails: bool) -> None:
    facts: dict[str, Any] = {"image": NEW, **changes}
    other = instance(10, **facts)
    there = inventory([other, *UPGRADED], image=NEW)
    assert (PostBakeCheck(policy(), there).failure is not None) is fails


@pytest.mark.parametrize(
    ("count", "budget", "within"),
    [
        pytest.param(1, 1, True, id="one, and one may"),
        pytest.param(2, 1, False, id="two, and one may"),
        pytest.param(1, "19%", True, id="19 % of 10 are 1"),
        pytest.param(2, "19%", False, id="19 % of 10 are not 2: it rounds down"),
    ],
)
def test_unhealthy_instances_are_within_what_may_be(
    count: int, budget: int | str, *, within: bool
) -> None:
    there = inventory([*map(unhealthy, UPGRADED[:count]), *UPGRADED[count:]], image=NEW)
    rules = policy(maxUnhealthyUpgradedInstances=budget)
    assert (PostBakeCheck(rules, there).failure is None) is within


def test_a_scale_set_that_is_not_healthy_says_which_instances_are_not() -> None:
    there = inventory([*map(unhealthy, UPGRADED[:2]), *UPGRADED[2:]], image=NEW)
    assert PostBakeCheck(policy(), there).failure == (
        f"2 instance(s) on {NEW} are unhealthy, at most 0 may be: 0, 1"
    )


def test_of_a_scale_set_whose_model_names_no_image_nothing_can_be_said() -> None:
    there = inventory(map(unhealthy, UPGRADED), image=None)
    assert PostBakeCheck(policy(), there).failure is None


@pytest.mark.parametrize(
    ("changes", "healthy", "settled"),
    [
        pytest.param({}, 2, True, id="all are"),
        pytest.param({"health": "unhealthy"}, 0, False, id="nobody yet"),
        pytest.param({"health": "unknown"}, 0, False, id="nobody says"),
        pytest.param({"power_state": "deallocated"}, 0, True, id="nobody could be"),
        pytest.param({"image": OLD}, 0, True, id="nobody runs it"),
    ],
)
def test_who_proves_the_image(changes: dict[str, Any], healthy: int, *, settled: bool) -> None:
    facts: dict[str, Any] = {"image": NEW, **changes}
    check = PostBakeCheck(policy(), inventory([instance(n, **facts) for n in range(2)], image=NEW))
    assert (check.healthy, check.settled) == (healthy, settled)
