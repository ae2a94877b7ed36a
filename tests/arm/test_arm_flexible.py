"""Flexible scale sets and their VMs, as recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import World
from shapes import shape

type Recorded = Callable[[str], Any]

# Tags and a profile that the recorded ones were made with; the zones there are none of.
_MADE_WITH = {
    "properties.platformFaultDomain", "properties.proximityPlacementGroup",
    "properties.proximityPlacementGroup.id",
    "tags.VirtualMachineProfileTimeCreated", "properties.upgradePolicy",
    "properties.upgradePolicy.mode", "properties.constrainedMaximumCapacity",
    "properties.overprovision", "properties.doNotRunExtensionsOnOverprovisionedVMs",
    "properties.instanceView.platformFaultDomain", "properties.networkProfile.networkApiVersion",
    "properties.virtualMachineProfile.networkProfile.networkApiVersion",
}  # fmt: skip


def fields(body: Any) -> dict[str, str]:
    return {path: kind for path, kind in shape(body).items() if path not in _MADE_WITH}


def test_a_flexible_set_and_its_vms_read_as_recorded(world: World, recorded: Recorded) -> None:
    flex = world.add("flex", orchestration_mode="Flexible")
    listed = world.call("GET", "virtualMachineScaleSets/flex/virtualMachines").json()["value"]
    query = {"$filter": f"'virtualMachineScaleSet/id' eq '{flex}'"}
    name = listed[0]["name"]
    answers = {
        "vmss-get-flexible": world.call("GET", "virtualMachineScaleSets/flex").json(),
        "vm-list-flexible-bare-items": listed[0],
        "flex-vm-get-expand-instanceView": world.call(
            "GET", f"virtualMachines/{name}", params={"$expand": "instanceView"}
        ).json(),
        "flex-vm-list-filter-vmss": world.call("GET", "virtualMachines", params=query).json()[
            "value"
        ][0],
    }
    for recording, answered in answers.items():
        body = recorded(recording)["response"]["body"]
        expected = body["value"][0] if "value" in body else body
        assert fields(answered) == fields(expected), recording


@pytest.mark.parametrize("path", ["instanceView", "virtualMachines/{vm}/instanceView"])
def test_what_a_flexible_set_does_not_take_is_refused(world: World, path: str) -> None:
    world.add("flex", orchestration_mode="Flexible")
    vm = world.truth("flex")["instances"][0]["instanceId"]
    path = path.format(vm=vm)
    assert world.call("GET", f"virtualMachineScaleSets/flex/{path}").status_code == 409
    assert world.call("GET", "virtualMachines/none").status_code == 404
    assert world.call("GET", "virtualMachines").status_code == 400


def test_upgrading_vms_by_name_gives_them_the_new_image(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=3)
    world.roll_model(name="flex")
    first, second, third = (one["instanceId"] for one in world.truth("flex")["instances"])
    assert world.upgrade(first, third, name="flex").status_code == 202
    world.pass_time(3600)
    upgrades = {one["instanceId"]: one["upgrades"] for one in world.truth("flex")["instances"]}
    assert upgrades == {first: 1, second: 0, third: 1}
    assert world.truth("flex")["peakDownByUpdateDomain"] == {}


def test_vms_that_come_have_names_of_their_own(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=2)
    world.call("PATCH", "virtualMachineScaleSets/flex", json={"sku": {"capacity": 4}})
    names = {one["instanceId"] for one in world.truth("flex")["instances"]}
    assert len(names) == 4
    assert all(name.startswith("flex_") and len(name) == len("flex_") + 8 for name in names)
