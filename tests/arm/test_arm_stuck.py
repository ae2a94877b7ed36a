"""Instances on which somebody else's operation hangs."""

from datetime import timedelta
from typing import Literal

import pytest
from arm_world import World

from local.arm.model.fault import InstanceStuck, ScaleOut


@pytest.fixture
def rolling(world: World) -> World:
    """A set whose model names a newer image; 60 s to upgrade, 30 s to boot."""
    world.add()
    world.roll_model()
    return world


def seen(world: World, instance_id: str) -> tuple[str, str, str | None]:
    """Its state, its power, and its health if it says one."""
    vm = world.vm(instance_id)["properties"]
    view = vm["instanceView"]
    health = view.get("vmHealth", {}).get("status", {}).get("code")
    return vm["provisioningState"], view["statuses"][1]["code"].partition("/")[2], health


@pytest.mark.parametrize("state", ["Updating", "Deleting"])
def test_an_instance_is_stuck_until_the_fault_is_cleared(
    rolling: World, state: Literal["Updating", "Deleting"]
) -> None:
    after = timedelta(seconds=30)
    rolling.fault(InstanceStuck(instance_ids=("0",), state=state, after=after))
    well = ("Succeeded", "running", "HealthState/healthy")
    assert seen(rolling, "0") == well
    rolling.pass_time(30)
    assert seen(rolling, "0") == (state, *well[1:])
    code = rolling.vm("0")["properties"]["instanceView"]["statuses"][0]["code"]
    assert code == f"ProvisioningState/{state.lower()}"
    rolling.pass_time(30 * 24 * 3600)
    assert (seen(rolling, "0")[0], seen(rolling, "1")) == (state, well)
    assert (rolling.truth()["peakDown"], rolling.truth()["violations"]) == (0, [])
    rolling.azure.clear_faults()
    assert seen(rolling, "0") == well


def test_a_new_instance_may_be_stuck_before_it_runs(rolling: World) -> None:
    rolling.fault(InstanceStuck(instance_ids=("20",), state="Creating"))
    rolling.fault(ScaleOut())
    rolling.pass_time(24 * 3600)
    state, power, health = seen(rolling, "20")
    assert (state, power) == ("Creating", "starting")
    assert health in {None, "HealthState/unknown"}
