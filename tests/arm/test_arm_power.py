"""VMs that are switched off: before anything begins, in the middle of things, while upgraded."""

from datetime import timedelta
from typing import Any

import pytest
from arm_world import NEWER, Json, World

from local.arm.model.fault import BadImage, InstanceStops


def power(world: World, instance_id: str = "0") -> str:
    view = world.vm(instance_id)["properties"]["instanceView"]
    return view["statuses"][1]["code"].removeprefix("PowerState/")


def row(world: World, number: int = 0) -> Json:
    return world.truth()["instances"][number]


@pytest.mark.parametrize("knob", ["stopped", "deallocated"])
def test_an_instance_that_is_off_gets_a_new_disk_and_stays_off(world: World, knob: str) -> None:
    knobs: Any = {knob: ("0",)}
    world.add(**knobs)
    world.roll_model()
    before = world.vm("0")["properties"]["storageProfile"]["osDisk"]["name"]
    operation = world.upgrade("0").headers["azure-asyncoperation"]
    for _ in range(3):
        assert power(world) == knob
        assert "vmHealth" not in world.vm("0")["properties"]["instanceView"]
        world.pass_time(30)
    vm = world.vm("0")["properties"]
    assert (vm["provisioningState"], vm["latestModelApplied"]) == ("Succeeded", True)
    assert vm["storageProfile"]["osDisk"]["name"] != before
    assert vm["storageProfile"]["imageReference"]["exactVersion"] == NEWER
    assert world.call("GET", operation).json()["status"] == "Succeeded"


def test_an_instance_that_is_off_is_down_only_while_it_is_upgraded(world: World) -> None:
    world.add(stopped=("0",))
    world.roll_model()
    world.fault(BadImage(version=NEWER))
    assert not row(world)["down"]
    world.upgrade("0")
    assert row(world)["down"]
    world.pass_time(60)
    assert not row(world)["down"]
    world.upgrade("1")
    assert world.truth()["violations"] == []


def test_stopping_ends_what_an_upgrade_brought_down(world: World) -> None:
    world.add()
    world.roll_model()
    world.fault(BadImage(version=NEWER))
    world.upgrade("0")
    world.pass_time(600)
    assert row(world)["down"]
    world.fault(InstanceStops(instance_ids=("0",)))
    assert not row(world)["down"]
    world.upgrade("1")
    world.pass_time(600)
    world.fault(InstanceStops(instance_ids=("0", "1"), deallocated=True))
    assert (world.truth()["peakDown"], world.truth()["violations"]) == (1, [])


def test_an_instance_that_is_stopped_may_be_deallocated_later(world: World) -> None:
    world.add(stopped=("0",))
    world.fault(InstanceStops(instance_ids=("0",), after=timedelta(seconds=5), deallocated=True))
    assert power(world) == "stopped"
    assert "vmAgent" in world.vm("0")["properties"]["instanceView"]
    world.pass_time(5)
    assert power(world) == row(world)["power"] == "deallocated"
    assert "vmAgent" not in world.vm("0")["properties"]["instanceView"]


def test_an_instance_may_be_both_failed_and_off(world: World) -> None:
    world.add(failed=("0",), deallocated=("0",))
    vm = world.vm("0")["properties"]
    assert vm["provisioningState"] == "Failed"
    codes = [one["code"] for one in vm["instanceView"]["statuses"]]
    assert codes == [
        "ProvisioningState/failed/VMExtensionProvisioningError",
        "PowerState/deallocated",
    ]


def test_an_instance_that_failed_is_unhealthy_until_it_is_upgraded(world: World) -> None:
    world.add(failed=("0",))
    assert (row(world)["health"], row(world)["down"]) == ("unhealthy", False)
    world.upgrade("0")
    world.pass_time(90)
    assert (row(world)["health"], row(world)["power"]) == ("healthy", "running")
