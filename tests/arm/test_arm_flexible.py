"""Flexible scale sets and their VMs, as recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import COMPUTE, NEWER, Json, World
from shapes import paths, shape

from local.arm.images.image import ImageReference
from local.arm.model.fault import (
    BadImage,
    ForeignWrite,
    InstanceStops,
    InstanceVanishes,
    ScaleOut,
    UpgradeFails,
)

type Recorded = Callable[[str], Any]

SET = "virtualMachineScaleSets/flex"
# What the recorded ones were made with.
_MADE_WITH = {
    "properties.proximityPlacementGroup", "properties.proximityPlacementGroup.id",
    "tags.VirtualMachineProfileTimeCreated", "properties.networkProfile.networkApiVersion",
    "properties.virtualMachineProfile.networkProfile.networkApiVersion",
}  # fmt: skip


def fields(body: Any) -> dict[str, str]:
    return {path: kind for path, kind in shape(body).items() if path not in _MADE_WITH}


def names(world: World, scale_set: str = "flex") -> list[str]:
    return [one["instanceId"] for one in world.truth(scale_set)["instances"]]


def vm(world: World, name: str) -> Json:
    return world.call("GET", f"virtualMachines/{name}", params={"$expand": "instanceView"}).json()


def filtered(world: World, scale_set: str) -> list[Json]:
    query = {"$filter": f"'virtualMachineScaleSet/id' eq '{scale_set}'"}
    return world.call("GET", "virtualMachines", params=query).json()["value"]


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
def flexible(world: World) -> World:
    """A Flexible set "flex" of 5 whose model names a newer image."""
    world.add("flex", orchestration_mode="Flexible", capacity=5)
    world.roll_model(name="flex")
    return world


def test_a_flexible_set_and_its_vms_read_as_recorded(world: World, recorded: Recorded) -> None:
    flex = world.add("flex", orchestration_mode="Flexible", upgrade_policy="Manual")
    world.add("domains", orchestration_mode="Flexible", show_fault_domains=True)
    listed = world.call("GET", f"{SET}/virtualMachines").json()["value"]
    answers = {
        "vmss-get-flexible": world.call("GET", SET).json(),
        "vm-list-flexible-bare-items": listed[0],
        "flex-vm-get-expand-instanceView": vm(world, names(world, "domains")[0]),
        "flex-vm-list-filter-vmss": filtered(world, flex)[0],
    }
    for recording, answered in answers.items():
        body = recorded(recording)["response"]["body"]
        expected = body["value"][0] if "value" in body else body
        assert fields(answered) == fields(expected), recording


@pytest.mark.parametrize("recording", ["flex-vm-list-filter-vmss", "vmss-get-flexible"])
def test_its_disks_read_as_recorded(world: World, recorded: Recorded, recording: str) -> None:
    flex = world.add(
        "flex", orchestration_mode="Flexible", image=ImageReference(version="14.04.201506100")
    )
    body = recorded(recording)["response"]["body"]
    if "value" in body:
        expected, answered = body["value"][0]["properties"], filtered(world, flex)[0]["properties"]
    else:
        expected = body["properties"]["virtualMachineProfile"]
        answered = world.scale_set("flex")["properties"]["virtualMachineProfile"]
    assert paths(answered["storageProfile"]) == paths(expected["storageProfile"])


def test_the_filtered_list_upper_cases_the_resource_group_as_recorded(world: World) -> None:
    flex = world.add("flex", orchestration_mode="Flexible")
    world.add("other", orchestration_mode="Flexible")
    found = filtered(world, flex.lower())
    assert [one["name"] for one in found] == names(world)
    one = found[0]
    scale_set_id: str = one["properties"]["virtualMachineScaleSet"]["id"]
    assert one["id"].startswith(COMPUTE.replace("/demo/", "/DEMO/"))
    assert scale_set_id.startswith(COMPUTE.replace("/demo/", "/DEMO/"))
    assert scale_set_id.endswith("/flex")
    assert "/demo/" in one["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]


def test_without_a_policy_of_its_own_it_has_none(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible")
    properties = world.scale_set("flex")["properties"]
    assert "upgradePolicy" not in properties
    assert (properties["orchestrationMode"], properties["platformFaultDomainCount"]) == (
        "Flexible",
        1,
    )
    assert not properties["singlePlacementGroup"]


def test_its_list_has_pages_of_bare_items_whatever_is_expanded(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=3, page_size=1, zones=("1",))
    page = world.call("GET", f"{SET}/virtualMachines", params={"$expand": "instanceView"}).json()
    items: list[Json] = page["value"]
    while "nextLink" in page:
        page = world.call("GET", page["nextLink"]).json()
        items += page["value"]
    assert [one["instanceId"] for one in items] == [one["name"] for one in items] == names(world)
    assert {tuple(one) for one in items} == {
        ("name", "id", "type", "location", "instanceId", "zones")
    }
    assert all(one["zones"] == [None] for one in items)


@pytest.mark.parametrize("path", ["instanceView", "virtualMachines/{vm}/instanceView"])
def test_what_a_flexible_set_does_not_take_is_refused(world: World, path: str) -> None:
    world.add("flex", orchestration_mode="Flexible")
    path = path.format(vm=names(world)[0])
    assert error_of(world.call("GET", f"{SET}/{path}")) == (409, "OperationNotAllowed")
    assert error_of(world.call("GET", "virtualMachines/none")) == (404, "ResourceNotFound")


def test_without_a_filter_every_machine_of_the_group_is_listed(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=2)
    world.add("more", orchestration_mode="Flexible", capacity=1)
    world.add("uniform", capacity=3)
    listed = world.call("GET", "virtualMachines").json()["value"]
    assert sorted(one["name"].partition("_")[0] for one in listed) == ["flex", "flex", "more"]
    wrong = world.call("GET", "virtualMachines", params={"$filter": "colour eq 'red'"})
    assert error_of(wrong) == (400, "InvalidParameter")


def test_upgrading_vms_by_name_gives_them_the_new_image(flexible: World) -> None:
    first, second, third, *_ = names(flexible)
    assert flexible.upgrade(first, third.upper(), name="flex").status_code == 202
    flexible.pass_time(3600)
    truth = flexible.truth("flex")
    assert [one["upgrades"] for one in truth["instances"]] == [1, 0, 1, 0, 0]
    assert (truth["peakDown"], truth["peakDownByUpdateDomain"], truth["violations"]) == (2, {}, [])
    images = [
        vm(flexible, name)["properties"]["storageProfile"]["imageReference"]["exactVersion"]
        for name in (first, second, third)
    ]
    assert images == [NEWER, "14.04.201506100", NEWER]


def test_a_vm_shows_its_health_and_nothing_of_domains_or_groups(flexible: World) -> None:
    name = names(flexible)[0]
    view = vm(flexible, name)["properties"]["instanceView"]
    assert view["vmHealth"]["status"]["code"] == "HealthState/healthy"
    assert {"placementGroupId", "platformUpdateDomain", "platformFaultDomain"}.isdisjoint(view)
    assert vm(flexible, name.upper())["name"] == name
    flexible.upgrade(name, name="flex")
    properties = vm(flexible, name)["properties"]
    assert properties["provisioningState"] == "Updating"
    assert properties["instanceView"]["statuses"][0]["code"] == "ProvisioningState/updating"


def test_an_upgrade_may_be_refused_to_it(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", flexible_upgrade="refuse")
    world.roll_model(name="flex")
    answer = world.upgrade(names(world)[0], name="flex")
    assert error_of(answer) == (409, "OperationNotAllowed")
    assert world.truth("flex")["peakDown"] == 0


def test_the_knobs_of_instances_name_positions(world: World) -> None:
    world.add(
        "flex",
        orchestration_mode="Flexible",
        capacity=5,
        protected=("0",),
        unhealthy=("1",),
        failed=("2",),
        stopped=("3",),
        deallocated=("4",),
    )
    rows = world.truth("flex")["instances"]
    assert [one["protected"] for one in rows] == [True, False, False, False, False]
    assert [one["power"] for one in rows] == ["running"] * 3 + ["stopped", "deallocated"]
    assert [one["health"] for one in rows] == ["healthy"] + ["unhealthy"] * 2 + ["unknown"] * 2
    states = [vm(world, name)["properties"]["provisioningState"] for name in names(world)]
    assert states == ["Succeeded", "Succeeded", "Failed", "Succeeded", "Succeeded"]


def test_a_vm_shows_its_protection_once_it_is_set(flexible: World) -> None:
    name = names(flexible)[0]
    path = f"{SET}/virtualMachines/{name}"
    assert "properties" not in flexible.call("GET", path).json()
    policy = {"protectFromScaleIn": True, "protectFromScaleSetActions": True}
    body = {"location": "westus", "properties": {"protectionPolicy": policy}}
    assert flexible.call("PUT", path, json=body).json()["name"] == name
    flexible.pass_time(1)
    shown = flexible.call("GET", path).json()
    assert shown["properties"] == {"protectionPolicy": policy}
    assert error_of(flexible.upgrade(name, name="flex")) == (409, "OperationNotAllowed")


def test_vms_that_come_have_names_of_their_own(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=998)
    world.call("PATCH", SET, json={"sku": {"capacity": 1000}})
    found = set(names(world))
    assert len(found) == 1000
    assert all(name.startswith("flex_") and len(name) == len("flex_") + 8 for name in found)
    world.pass_time(3600)
    world.call("PATCH", SET, json={"sku": {"capacity": 3}})
    assert set(names(world)) < found


def test_faults_name_its_vms_by_name(flexible: World) -> None:
    failing, unhealthy, vanishing, stopping, _ = names(flexible)
    flexible.fault(UpgradeFails(instance_ids=(failing,)))
    flexible.fault(BadImage(version=NEWER))
    flexible.fault(InstanceVanishes(instance_ids=(vanishing,)))
    flexible.fault(InstanceStops(instance_ids=(stopping,)))
    flexible.fault(ScaleOut(count=2, scale_set="flex"))
    operation = flexible.upgrade(failing, unhealthy, name="flex").headers["azure-asyncoperation"]
    flexible.pass_time(3600)
    error = flexible.call("GET", operation).json()["error"]
    assert [one["target"] for one in error["details"]] == [failing]
    rows = {one["instanceId"]: one for one in flexible.truth("flex")["instances"]}
    assert (rows[failing]["health"], rows[unhealthy]["health"]) == ("unhealthy", "unhealthy")
    assert (rows[stopping]["power"], len(rows)) == ("stopped", 6)
    assert flexible.call("GET", f"virtualMachines/{vanishing}").status_code == 404
    assert error_of(flexible.upgrade(vanishing, name="flex")) == (400, "InvalidParameter")


def test_someone_else_changes_its_image(flexible: World) -> None:
    flexible.fault(ForeignWrite(image=ImageReference(version="15.0.0")))
    profile = flexible.scale_set("flex")["properties"]["virtualMachineProfile"]
    assert profile["storageProfile"]["imageReference"]["version"] == "15.0.0"


def test_two_of_its_zones_down_at_once_is_a_violation(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=4, zones=("1", "2"))
    world.roll_model(name="flex")
    assert [vm(world, name)["zones"] for name in names(world)] == [["1"], ["2"]] * 2
    world.upgrade(*names(world)[:2], name="flex")
    (violation,) = world.truth("flex")["violations"]
    assert "two zones down at once: 1, 2" in violation


def test_one_that_rolls_by_itself_takes_a_fifth_at_a_time(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=20, upgrade_policy="Rolling")
    world.roll_model(name="flex")
    world.pass_time(3600)
    truth = world.truth("flex")
    assert (truth["peakDown"], {one["upgrades"] for one in truth["instances"]}) == (4, {1})
