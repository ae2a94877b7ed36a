"""What the simulated Azure refuses because an image does not fit the rest of the model."""

from typing import Any

import pytest
from arm_world import World

from local.arm.images import GalleryVersion, ImageReference, ManagedImage

PLAN = {"publisher": "contoso", "product": "web", "name": "pro"}


def set_image(world: World, image: str) -> Any:
    profile = {"storageProfile": {"imageReference": {"id": image}}}
    body = {"properties": {"virtualMachineProfile": profile}}
    return world.call("PATCH", "virtualMachineScaleSets/web", json=body)


def version(image: str, **traits: Any) -> GalleryVersion:
    fields = {"gallery": "golden", "image": image, "version": "1.0.0", **traits}
    return GalleryVersion.model_validate(fields)


@pytest.mark.parametrize(
    ("traits", "status", "says"),
    [
        ({"os_disk_gb": 31}, 409, "disk size 30 GB is smaller than the size"),
        ({"security_type": "TrustedLaunch"}, 400, "with 'TrustedLaunch' security type"),
        ({"plan": PLAN}, 409, "Changing property 'plan' is not allowed"),
        ({"os_state": "Specialized"}, 400, "'osProfile' is not allowed"),
        ({"security_type": "TrustedLaunchSupported", "os_disk_gb": 29}, 200, ""),
    ],
)
def test_an_image_must_fit_the_model(
    world: World, traits: dict[str, Any], status: int, says: str
) -> None:
    old = world.azure.add_image(version("old"))
    world.add(image=ImageReference(id=old))
    answer = set_image(world, world.azure.add_image(version("new", **traits)))
    assert answer.status_code == status
    assert says in answer.text


def test_trusted_launch_takes_only_images_made_for_it(world: World) -> None:
    old = world.azure.add_image(version("old"))
    world.add(image=ImageReference(id=old), security_type="TrustedLaunch")
    plain = set_image(world, world.azure.add_image(version("new")))
    assert "Use of TrustedLaunch setting is not supported" in plain.text
    managed = set_image(world, world.azure.add_image(ManagedImage(name="managed")))
    assert managed.json()["error"]["message"] == (
        "Managed Images are not supported for virtual machines with security type TrustedLaunch."
    )


def test_the_bodies_say_what_an_image_is_made_for(world: World) -> None:
    traits = {"hyper_v_generation": "V2", "security_type": "TrustedLaunch", "plan": PLAN}
    world.azure.add_image(version("new", **traits, os_disk_gb=64))
    path = "galleries/golden/images/new"
    definition = world.call("GET", path).json()["properties"]
    assert definition["hyperVGeneration"] == "V2"
    assert definition["features"] == [{"name": "SecurityType", "value": "TrustedLaunch"}]
    assert definition["purchasePlan"] == PLAN
    storage = world.call("GET", f"{path}/versions/1.0.0").json()["properties"]["storageProfile"]
    assert storage["osDiskImage"]["sizeInGB"] == 64


def test_the_body_of_a_scale_set_says_what_its_machines_are(world: World) -> None:
    world.add(security_type="TrustedLaunch", os_disk_gb=None, plan=PLAN)
    body = world.call("GET", "virtualMachineScaleSets/web").json()
    profile = body["properties"]["virtualMachineProfile"]
    assert body["plan"] == PLAN
    assert profile["securityProfile"]["securityType"] == "TrustedLaunch"
    assert "diskSizeGB" not in profile["storageProfile"]["osDisk"]
