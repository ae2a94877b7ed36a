"""What is published, and what `latest` means."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import COMPUTE, UBUNTU_VERSIONS, World

from local.arm.base.arm_error import ArmError
from local.arm.base.ids import SUBSCRIPTION
from local.arm.images.image import ImageReference
from local.arm.images.published import (
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    PlatformImage,
    SharedVersion,
    TargetRegion,
)
from local.arm.model.spec import UBUNTU

IN_WESTUS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus"
VERSIONS = "galleries/shared/images/linux/versions"


def gallery(version: str, **more: Any) -> GalleryVersion:
    return GalleryVersion(gallery="shared", image="linux", version=version, **more)


def test_platform_versions_are_a_bare_array_and_sort_as_text(world: World) -> None:
    for version in ("1.10.0", "1.9.0"):
        world.publish(version)
    query = {"$orderby": "name desc", "$top": "1"}
    names = [one["name"] for one in world.call("GET", UBUNTU_VERSIONS, params=query).json()]
    assert names == ["1.9.0"]


def test_platform_latest_is_the_highest_number_not_the_last_name(world: World) -> None:
    for version in ("14.10.0", "14.9.0", "14.04.1"):
        world.publish(version)
    world.add(image=ImageReference(version="latest"))
    shown = world.vm("0")["properties"]["storageProfile"]["imageReference"]
    assert (shown["version"], shown["exactVersion"]) == ("latest", "14.10.0")


def test_platform_ids_begin_as_recorded(world: World) -> None:
    world.publish()
    found = world.call("GET", UBUNTU_VERSIONS).json()[0]["id"]
    assert found.startswith("/Subscriptions/")


def test_gallery_latest_is_the_highest_that_is_replicated_and_not_excluded(
    world: World, gallery_image: Callable[..., ImageReference]
) -> None:
    west = TargetRegion(name="West US")
    for image in (
        gallery("1.0.2"),
        gallery("1.0.10"),
        gallery("2.0.0", exclude_from_latest=True),
        gallery("3.0.0", target_regions=(west.model_copy(update={"exclude_from_latest": True}),)),
        gallery("4.0.0", target_regions=(TargetRegion(name="East US"),)),
        gallery("5.0.0", target_regions=(west.model_copy(update={"state": "Replicating"}),)),
        gallery("6.0.0", provisioning_state="Failed"),
    ):
        world.azure.add_image(image)
    world.add(image=gallery_image())
    shown = world.vm("0")["properties"]["storageProfile"]["imageReference"]
    assert shown == {"id": gallery_image().id, "exactVersion": "1.0.10"}


def test_a_gallery_vm_shows_its_exact_version(
    world: World, gallery_image: Callable[..., ImageReference]
) -> None:
    world.add(image=gallery_image("1.0.0"))
    shown = world.vm("0")["properties"]["storageProfile"]["imageReference"]
    assert shown == {"id": gallery_image("1.0.0").id, "exactVersion": "1.0.0"}


def test_a_gallery_image_without_usable_version_is_not_found(
    world: World, gallery_image: Callable[..., ImageReference]
) -> None:
    world.azure.add_image(gallery("1.0.0", exclude_from_latest=True))
    with pytest.raises(ArmError, match="is not available in westus region"):
        world.add(image=gallery_image())


def test_a_scale_set_on_a_managed_image_shows_its_id(world: World) -> None:
    world.add(image=ImageReference(id=f"{COMPUTE}/images/golden"))
    shown = world.vm("0")["properties"]["storageProfile"]["imageReference"]
    assert shown == {"id": f"{COMPUTE}/images/golden"}


def test_regions_have_display_names_and_a_replication_state_when_asked(world: World) -> None:
    regions = (TargetRegion(name="westus"), TargetRegion(name="East US 2", state="Replicating"))
    world.azure.add_image(gallery("1.0.0", target_regions=regions))
    body = world.call("GET", f"{VERSIONS}/1.0.0", params={"$expand": "ReplicationStatus"}).json()
    targets = body["properties"]["publishingProfile"]["targetRegions"]
    assert [one["name"] for one in targets] == ["West US", "East US 2"]
    status = body["properties"]["replicationStatus"]
    assert status["aggregatedState"] == "InProgress"
    assert [one["state"] for one in status["summary"]] == ["Completed", "Replicating"]
    plain = world.call("GET", f"{VERSIONS}/1.0.0").json()
    assert "replicationStatus" not in plain["properties"]


def test_gallery_versions_are_listed(world: World) -> None:
    for version in ("1.0.0", "1.0.1"):
        world.azure.add_image(gallery(version))
    names = [one["name"] for one in world.call("GET", VERSIONS).json()["value"]]
    assert names == ["1.0.0", "1.0.1"]


@pytest.mark.parametrize(
    "path",
    [
        f"{UBUNTU_VERSIONS}/9.9.9",
        "galleries/shared/images/none",
        "galleries/shared/images/none/versions",
        f"{VERSIONS}/9.9.9",
        "images/none",
    ],
)
def test_an_image_that_is_not_published_is_not_found(world: World, path: str) -> None:
    world.azure.add_image(gallery("1.0.0"))
    assert world.call("GET", path).status_code == 404


@pytest.mark.parametrize("form", ["shared_gallery", "community_gallery"])
def test_versions_of_others_galleries_are_read_in_their_regions(world: World, form: str) -> None:
    kind = SharedVersion if form == "shared_gallery" else CommunityVersion
    for version, region in (("1.0.0", "West US"), ("1.0.1", "East US")):
        world.azure.add_image(
            kind.model_validate(
                {form: "theirs", "image": "linux", "version": version, "target_regions": [region]}
            )
        )
    family = "sharedGalleries" if form == "shared_gallery" else "communityGalleries"
    versions = f"{IN_WESTUS}/{family}/theirs/images/linux/versions"
    assert [one["name"] for one in world.call("GET", versions).json()["value"]] == ["1.0.0"]
    assert world.call("GET", f"{versions}/1.0.0").json()["name"] == "1.0.0"
    assert world.call("GET", f"{versions}/1.0.1").status_code == 404
    assert world.call("GET", versions.replace("theirs", "ours")).status_code == 404


def test_an_image_can_be_withdrawn_and_what_runs_it_goes_on(world: World) -> None:
    identity = world.azure.add_image(gallery("1.0.0"))
    world.add(image=ImageReference(id=identity))
    for status in (204, 404):
        answer = world.http.delete("/_sim/images", params={"image": identity})
        assert answer.status_code == status
    assert world.call("GET", f"{VERSIONS}/1.0.0").status_code == 404
    assert {one["image"] for one in world.truth()["instances"]} == {identity}


def test_a_deprecated_version_is_listed_as_such_and_refused_by_a_model(world: World) -> None:
    world.add()
    fields = UBUNTU.model_dump(exclude_none=True) | {"version": "14.04.9"}
    world.azure.add_image(PlatformImage.model_validate(fields | {"image_state": "Deprecated"}))
    query = {"$expand": "properties/imageDeprecationStatus"}
    states = {
        one["name"]: one["properties"]["imageDeprecationStatus"]["imageState"]
        for one in world.call("GET", UBUNTU_VERSIONS, params=query).json()
    }
    assert states == {"14.04.201506100": "Active", "14.04.9": "Deprecated"}
    assert world.set_image("14.04.9").json()["error"]["code"] == "ImageVersionDeprecated"


def test_a_managed_image_can_be_read(world: World) -> None:
    world.azure.add_image(ManagedImage(name="golden", provisioning_state="Failed"))
    body = world.call("GET", "images/golden").json()
    assert (body["name"], body["properties"]["provisioningState"]) == ("golden", "Failed")
