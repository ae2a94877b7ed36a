"""Every kind of image a scale set can be moved to."""

from typing import Any

import pytest
from story import System

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
COMPUTE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Compute"
UBUNTU = {"publisher": "Canonical", "offer": "UbuntuServer"}


def real_images(system: System, scale_set: str) -> str:
    images = {str(one["image"]) for one in system.truth(scale_set)["instances"]}
    assert len(images) == 1
    return images.pop()


def test_another_sku_and_version(system: System) -> None:
    system.publish(**UBUNTU, sku="16.04-LTS", version="16.04.202001010")
    scale_set = system.scale_set(capacity=5)
    view = system.run(scale_set, image={"sku": "16.04-LTS", "version": "16.04.202001010"})
    assert view["phase"] == "Succeeded"
    assert "16.04.202001010" in real_images(system, scale_set)


@pytest.mark.parametrize("image", [{"version": "latest"}, {"sku": "18.04-LTS"}])
def test_latest_is_pinned_to_the_highest_version(system: System, image: dict[str, str]) -> None:
    for version in ("18.04.202401161", "18.04.20230101", "18.04.201912090"):
        system.publish(**UBUNTU, sku="18.04-LTS", version=version)
    scale_set = system.scale_set(
        capacity=5, image={**UBUNTU, "sku": "18.04-LTS", "version": "18.04.201912090"}
    )
    view = system.run(scale_set, image=image)
    assert view["image"]["to"]["version"] == "18.04.202401161"
    assert "18.04.202401161" in real_images(system, scale_set)


def test_an_unmanaged_vhd(system: System) -> None:
    old, new = (f"https://store.blob.core.windows.net/vhds/web-{n}.vhd" for n in (1, 2))
    system.publish(uri=new)
    scale_set = system.scale_set(capacity=5, image={"uri": old})
    view = system.run(scale_set, image={"uri": new})
    assert (view["phase"], view["image"]["to"]) == ("Succeeded", {"uri": new})
    assert new in real_images(system, scale_set)


def test_a_managed_image(system: System) -> None:
    system.publish(name="web-2", resourceGroup="demo")
    scale_set = system.scale_set(capacity=5, image={"id": f"{COMPUTE}/images/web-1"})
    view = system.run(scale_set, image={"id": f"{COMPUTE}/images/web-2"})
    assert view["phase"] == "Succeeded"
    assert "web-2" in real_images(system, scale_set)


def gallery(version: str) -> str:
    return f"{COMPUTE}/galleries/golden/images/web/versions/{version}"


def test_a_gallery_image_version(system: System) -> None:
    for version in ("1.0.6", "1.0.7"):
        system.publish(gallery="golden", image="web", version=version)
    scale_set = system.scale_set(capacity=5, image={"id": gallery("1.0.6")})
    view = system.run(scale_set, image={"id": gallery("1.0.7").replace("demo", "DEMO")})
    assert view["phase"] == "Succeeded"
    assert "1.0.7" in real_images(system, scale_set)


FORMS = {
    f"{COMPUTE}/galleries/golden/images/api": {"gallery": "golden", "image": "api"},
    "/SharedGalleries/unique/Images/api": {"sharedGallery": "unique", "image": "api"},
    "/CommunityGalleries/public/Images/api": {"communityGallery": "public", "image": "api"},
}
FIELDS = ("id", "sharedGalleryImageId", "communityGalleryImageId")


@pytest.mark.parametrize(("definition", "field"), [*zip(FORMS, FIELDS, strict=True)], ids=FIELDS)
def test_the_latest_version_of_a_gallery_image(system: System, definition: str, field: str) -> None:
    """Looked up once and pinned; a second rollout finds nothing to do."""
    for version in ("1.9.0", "1.10.0"):
        system.publish(**FORMS[definition], version=version)
    scale_set = system.scale_set(capacity=5, image={field: f"{definition}/versions/1.9.0"})
    view = system.run(scale_set, image={"id": definition})
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 5)
    assert view["image"]["to"]["id"].lower() == f"{definition}/versions/1.10.0".lower()
    assert real_images(system, scale_set).lower() == f"{definition}/versions/1.10.0".lower()
    again = system.run(scale_set, image={"id": definition})
    assert "Nothing to do" in again["message"]
    assert len(system.requests("PATCH")) == 1


def test_from_a_version_that_is_left_open_to_the_next_one(system: System) -> None:
    """The model names no version; what an instance runs is in its exactVersion."""
    definition = f"{COMPUTE}/galleries/golden/images/open"
    system.publish(gallery="golden", image="open", version="1.0.0")
    scale_set = system.scale_set(capacity=5, image={"id": definition})
    system.publish(gallery="golden", image="open", version="1.1.0")
    view = system.run(scale_set, image={"id": definition})
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 5)
    assert real_images(system, scale_set) == f"{definition}/versions/1.1.0"


def test_a_deprecated_image_is_refused_before_anything_is_changed(system: System) -> None:
    system.publish(**UBUNTU, sku="14.04.2-LTS", version="14.04.9", imageState="Deprecated")
    answer = system.start(system.scale_set(capacity=5), image={"version": "14.04.9"})
    assert answer.status_code == 404
    assert "is Deprecated" in answer.json()["detail"]
    assert {one["method"] for one in system.requests()} == {"GET"}


def test_a_plan_and_the_event_log_warn_when_there_is_no_image_to_go_back_to(
    system: System,
) -> None:
    old = system.publish(gallery="golden", image="gone", version="1.0.0")
    new = system.publish(gallery="golden", image="gone", version="1.1.0")
    scale_set = system.scale_set(capacity=5, image={"id": old})
    assert system.plan(scale_set, image={"id": new})["warnings"] == []
    system.azure.delete("/_sim/images", params={"image": old})
    [warning] = system.plan(scale_set, image={"id": new})["warnings"]
    assert warning.startswith(f"5 instance(s) run {old}, which was not found in westus")
    rollout = system.run(scale_set, image={"id": new})["id"]
    planned = next(one for one in system.events(rollout) if one["kind"] == "planned")
    assert planned["evidence"]["warnings"] == [warning]


@pytest.mark.parametrize(
    ("version", "flaw", "says"),
    [
        ("2.0.1", {"provisioningState": "Failed"}, "Failed"),
        ("2.0.2", {"excludeFromLatest": True}, "excluded"),
        ("2.0.3", {"targetRegions": ["North Europe"]}, "not replicated to westus"),
    ],
)
def test_a_gallery_version_that_cannot_be_used_is_refused(
    system: System, version: str, flaw: dict[str, Any], says: str
) -> None:
    system.publish(gallery="golden", image="web", version="2.0.0")
    system.publish(gallery="golden", image="web", version=version, **flaw)
    scale_set = system.scale_set(capacity=5, image={"id": gallery("2.0.0")})
    answer = system.start(scale_set, image={"id": gallery(version)})
    assert answer.status_code == 404
    assert says in answer.json()["detail"]
    assert system.requests("PATCH") == []
