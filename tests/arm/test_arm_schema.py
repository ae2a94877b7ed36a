"""Every body the simulator answers is valid against Microsoft's own description."""

from typing import Any

import pytest
from arm_world import COMPUTE, UBUNTU_VERSIONS, Schemas, World

from local.arm.base.ids import SUBSCRIPTION
from local.arm.images.published import (
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    SharedVersion,
    TargetRegion,
)
from local.arm.model.fault import BadImage, UpgradeFails

SETS = "virtualMachineScaleSets"
SET = f"{SETS}/web"
IN_WESTUS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus"
SHARED = f"{IN_WESTUS}/sharedGalleries/unique/images/linux/versions"
COMMUNITY = f"{IN_WESTUS}/communityGalleries/public/images/linux/versions"
# Recorded in 2024 but unknown to the description of the same year.
RECORDED_ONLY = {
    "$.properties.replicaType: not in the schema",
    "$.properties.osDiskImage.sizeInBytes: not in the schema",
    "$.zones[0]: None is not of type 'string'",
}

BODIES = {
    SET: "virtualMachineScaleSet.json#VirtualMachineScaleSet",
    SETS: "virtualMachineScaleSet.json#VirtualMachineScaleSetListWithLinkResult",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/{SETS}": (
        "virtualMachineScaleSet.json#VirtualMachineScaleSetListWithLinkResult"
    ),
    f"{SET}/instanceView": "virtualMachineScaleSet.json#VirtualMachineScaleSetInstanceView",
    f"{SET}/virtualMachines": "virtualMachineScaleSet.json#VirtualMachineScaleSetVMListResult",
    f"{SET}/virtualMachines?$expand=instanceView": (
        "virtualMachineScaleSet.json#VirtualMachineScaleSetVMListResult"
    ),
    f"{SET}/virtualMachines/0": "virtualMachineScaleSet.json#VirtualMachineScaleSetVM",
    f"{SET}/virtualMachines/1?$expand=instanceView": (
        "virtualMachineScaleSet.json#VirtualMachineScaleSetVM"
    ),
    f"{SET}/virtualMachines/2/instanceView": (
        "virtualMachineScaleSet.json#VirtualMachineScaleSetVMInstanceView"
    ),
    UBUNTU_VERSIONS: "virtualMachineImage.json#VirtualMachineImageResource[]",
    f"{UBUNTU_VERSIONS}/14.04.201506100": "virtualMachineImage.json#VirtualMachineImage",
    "galleries/shared/images/linux": "gallery.json#GalleryImage",
    "galleries/shared/images/linux/versions": "gallery.json#GalleryImageVersionList",
    "galleries/shared/images/linux/versions/1.0.0?$expand=ReplicationStatus": (
        "gallery.json#GalleryImageVersion"
    ),
    SHARED: "sharedGallery.json#SharedGalleryImageVersionList",
    f"{SHARED}/1.0.0": "sharedGallery.json#SharedGalleryImageVersion",
    COMMUNITY: "communityGallery.json#CommunityGalleryImageVersionList",
    f"{COMMUNITY}/1.0.0": "communityGallery.json#CommunityGalleryImageVersion",
    "images/golden": "image.json#Image",
}


def test_azures_own_rolling_upgrade_is_valid(world: World, schemas: Schemas) -> None:
    world.add(upgrade_policy="Rolling")
    world.roll_model()
    body = world.call("GET", f"{SET}/rollingUpgrades/latest").json()
    assert not schemas.errors("virtualMachineScaleSet.json#RollingUpgradeStatusInfo", body)


FLEXIBLE_BODIES = {
    f"{SETS}/flex": "virtualMachineScaleSet.json#VirtualMachineScaleSet",
    "virtualMachines/{vm}?$expand=instanceView": "virtualMachine.json#VirtualMachine",
    f"virtualMachines?$filter='virtualMachineScaleSet/id' eq '{COMPUTE}/{SETS}/flex'": (
        "virtualMachine.json#VirtualMachineListResult"
    ),
    f"{SETS}/flex/virtualMachines/{{vm}}": "virtualMachineScaleSet.json#VirtualMachineScaleSetVM",
}


@pytest.mark.parametrize("path", FLEXIBLE_BODIES)
def test_bodies_of_a_flexible_set_are_valid(world: World, schemas: Schemas, path: str) -> None:
    world.add("flex", orchestration_mode="Flexible", zones=("1",), protected=("0",))
    vm = world.truth("flex")["instances"][0]["instanceId"]
    where, _, query = path.format(vm=vm).partition("?")
    params = dict([query.split("=", 1)]) if query else {}
    answer = world.call("GET", where, params=params)
    assert answer.status_code == 200
    assert set(schemas.errors(FLEXIBLE_BODIES[path], answer.json())) <= RECORDED_ONLY


@pytest.fixture
def busy(world: World) -> World:
    """A zonal scale set in the middle of everything, and one image of each kind."""
    world.add(
        zones=("1", "2"), capacity=6, automatic_repairs=True, protected=("5",), tags={"a": "b"}
    )
    regions = (TargetRegion(name="westus"), TargetRegion(name="East US", state="Replicating"))
    world.azure.add_image(
        GalleryVersion(gallery="shared", image="linux", version="1.0.0", target_regions=regions)
    )
    more = {"image": "linux", "version": "1.0.0", "end_of_life_date": "2030-01-01T00:00:00Z"}
    world.azure.add_image(SharedVersion.model_validate({"shared_gallery": "unique", **more}))
    world.azure.add_image(CommunityVersion.model_validate({"community_gallery": "public", **more}))
    world.azure.add_image(ManagedImage(name="golden"))
    world.roll_model()
    world.fault(UpgradeFails(instance_ids=("0",)))
    world.fault(BadImage(version="14.04.201507060"))
    world.upgrade("0", "2")
    world.pass_time(70)
    world.upgrade("1")
    world.pass_time(40)
    return world


@pytest.mark.parametrize("path", BODIES)
def test_bodies_answered_are_valid(busy: World, schemas: Schemas, path: str) -> None:
    path, _, query = path.partition("?")
    answer = busy.call("GET", path, params=dict([query.split("=")]) if query else {})
    definition = next(
        one for known, one in BODIES.items() if known == f"{path}?{query}".rstrip("?")
    )
    assert answer.status_code == 200
    assert set(schemas.errors(definition, answer.json())) <= RECORDED_ONLY


@pytest.mark.parametrize("change", ["PATCH", "PUT"])
def test_a_changed_scale_set_is_answered_valid(world: World, schemas: Schemas, change: str) -> None:
    world.add()
    answer = world.call(change, SET, json={"tags": {"team": "blue"}})
    assert not schemas.errors("virtualMachineScaleSet.json#VirtualMachineScaleSet", answer.json())


def test_a_changed_vm_is_answered_valid(world: World, schemas: Schemas) -> None:
    world.add()
    body = {"location": "westus", "properties": {"protectionPolicy": {"protectFromScaleIn": True}}}
    answer = world.call("PUT", f"{SET}/virtualMachines/0", json=body)
    assert not schemas.errors("virtualMachineScaleSet.json#VirtualMachineScaleSetVM", answer.json())


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", f"{SETS}/none", {}, 404),
        ("GET", f"{SET}/virtualMachines/99", {}, 404),
        ("GET", "nothing/like/this", {}, 501),
        ("DELETE", SET, {}, 501),
        ("PATCH", SET, {"content": b"not json"}, 400),
        ("PATCH", SET, {"json": {}, "headers": {"If-Match": '"9"'}}, 412),
        ("POST", f"{SET}/manualupgrade", {"json": {"instanceIds": ["99"]}}, 400),
        ("POST", f"{SET}/manualupgrade", {"json": {"instanceIds": ["0"]}}, 409),
        ("GET", SET, {"headers": {"Authorization": ""}}, 401),
    ],
)
def test_errors_are_valid(
    world: World, schemas: Schemas, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    world.add(protected=("0",))
    answer = world.call(method, path, **more)
    assert answer.status_code == status
    assert not schemas.errors("common.json#CloudError", answer.json())
