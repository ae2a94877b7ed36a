"""Gallery image versions are written, replicated and deleted through ARM, and it takes time."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import COMPUTE, Json, Schemas, World
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute.models import (
    GalleryImageVersion,
    GalleryImageVersionUpdate,
    VirtualMachineScaleSetUpdate,
)

from local.arm.images.image import ImageReference
from local.arm.images.published import GalleryVersion, TargetRegion

type Connect = Callable[[World], ComputeManagementClient]

IMAGE = "galleries/golden/images/web"
NEXT = f"{IMAGE}/versions/1.0.1"
SOURCE = f"{COMPUTE}/images/packed"


def body(*regions: str, **profile: Any) -> Json:
    targets = [{"name": name} for name in regions or ("westus",)]
    return {
        "location": "westus",
        "properties": {
            "publishingProfile": {"targetRegions": targets, **profile},
            "storageProfile": {"source": {"id": SOURCE}},
        },
    }


def state(world: World) -> str:
    return world.call("GET", NEXT).json()["properties"]["provisioningState"]


def replication(world: World) -> Json:
    answer = world.call("GET", NEXT, params={"$expand": "ReplicationStatus"}).json()
    return answer["properties"]["replicationStatus"]


@pytest.fixture
def golden(world: World) -> World:
    """A world with the gallery image golden/web, in its version 1.0.0."""
    world.azure.add_image(GalleryVersion(gallery="golden", image="web", version="1.0.0"))
    return world


def test_a_new_version_is_made_and_changed_with_the_sdk(fast_world: World, sdk: Connect) -> None:
    fast_world.azure.add_image(GalleryVersion(gallery="golden", image="web", version="1.0.0"))
    versions = sdk(fast_world).gallery_image_versions
    place = ("demo", "golden", "web", "1.0.1")
    new = GalleryImageVersion(body(excludeFromLatest=True))
    made = versions.begin_create_or_update(*place, new).result()
    assert made.properties
    assert made.properties.provisioning_state == "Succeeded"
    assert made.properties.storage_profile.source
    assert made.properties.storage_profile.source.id == SOURCE
    change = GalleryImageVersionUpdate({"tags": {"ready": "yes"}})
    changed = versions.begin_update(*place, change).result()
    assert changed.tags == {"ready": "yes"}
    assert changed.properties
    assert changed.properties.publishing_profile
    assert changed.properties.publishing_profile.exclude_from_latest is True


def test_a_version_is_deleted_with_the_sdk(fast_world: World, sdk: Connect) -> None:
    fast_world.azure.add_image(GalleryVersion(gallery="golden", image="web", version="1.0.0"))
    versions = sdk(fast_world).gallery_image_versions
    versions.begin_delete("demo", "golden", "web", "1.0.0").result()
    with pytest.raises(ResourceNotFoundError):
        versions.get("demo", "golden", "web", "1.0.0")
    assert list(versions.list_by_gallery_image("demo", "golden", "web")) == []
    versions.begin_delete("demo", "golden", "web", "1.0.0").result()


def test_the_answer_to_a_put_is_as_recorded(golden: World, recorded: Any, schemas: Schemas) -> None:
    then = recorded("gallery-image-version-put-201")
    answer = golden.call("PUT", NEXT, json=then["request"]["body"] | {"location": "westus"})
    assert answer.status_code == 201
    was, now = then["response"]["body"], answer.json()
    assert shape(now) == shape(was)
    assert not schemas.errors("gallery.json#GalleryImageVersion", now)
    url = answer.headers["azure-asyncoperation"]
    assert "/locations/WestUS/capsOperations/" in url
    assert "location" not in answer.headers
    assert golden.http.get(url).json()["status"] == "InProgress"
    golden.pass_time(60)
    assert golden.http.get(url).json()["status"] == "Succeeded"


def shape(document: Any) -> Any:
    """Its fields, without their values."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in document.items()}  # pyright: ignore[reportUnknownVariableType]
    return [shape(one) for one in document[:1]] if isinstance(document, list) else None  # pyright: ignore[reportUnknownVariableType]


def test_a_write_takes_time_and_excludes_others_meanwhile(golden: World) -> None:
    assert golden.call("PUT", NEXT, json=body()).status_code == 201
    assert state(golden) == "Creating"
    assert golden.call("PUT", NEXT, json=body()).status_code == 409
    assert golden.call("DELETE", NEXT).status_code == 409
    golden.pass_time(60)
    assert state(golden) == "Succeeded"
    assert golden.call("PUT", NEXT, json=body()).status_code == 200
    assert state(golden) == "Updating"
    golden.pass_time(60)
    assert golden.call("DELETE", NEXT).status_code == 202
    assert state(golden) == "Deleting"
    golden.pass_time(60)
    assert golden.call("GET", NEXT).status_code == 404
    assert golden.call("DELETE", NEXT).status_code == 204


def test_a_version_reaches_each_region_in_its_own_time(golden: World) -> None:
    regions = (TargetRegion(name="westus"), TargetRegion(name="eastus", replication_duration=200))  # pyright: ignore[reportArgumentType]
    version = GalleryVersion.from_json(
        {
            "gallery": "golden",
            "image": "web",
            "version": "1.0.1",
            "creationDuration": 30,
            "replicationDuration": "PT1M40S",
            "targetRegions": [one.model_dump(mode="json", by_alias=True) for one in regions],
        }
    )
    golden.azure.add_image(version)
    golden.pass_time(50)
    assert state(golden) == "Succeeded"
    status = replication(golden)
    assert status["aggregatedState"] == "InProgress"
    assert [one["progress"] for one in status["summary"]] == [50, 25]
    golden.pass_time(50)
    states = [one["state"] for one in replication(golden)["summary"]]
    assert states == ["Completed", "Replicating"]
    golden.pass_time(100)
    assert replication(golden)["aggregatedState"] == "Completed"


def test_latest_means_a_version_only_once_it_is_there(golden: World) -> None:
    golden.call("PUT", NEXT, json=body())
    latest = ImageReference(id=f"{COMPUTE}/{IMAGE}")
    golden.add("before", image=latest)
    golden.pass_time(60)
    golden.add("after", image=latest)
    images = {name: golden.truth(name)["image"].rsplit("/")[-1] for name in ("before", "after")}
    assert images == {"before": "1.0.0", "after": "1.0.1"}


def test_a_new_region_does_not_take_the_version_from_the_others(golden: World) -> None:
    golden.call("PUT", NEXT, json=body("westus"))
    golden.pass_time(60)
    assert golden.call("PATCH", NEXT, json=body("westus", "East US")).status_code == 200
    golden.pass_time(30)
    summary = replication(golden)["summary"]
    assert [(one["region"], one["state"], one["progress"]) for one in summary] == [
        ("West US", "Completed", 100),
        ("East US", "Replicating", 50),
    ]


def test_a_put_takes_away_what_it_does_not_say_and_a_patch_keeps_it(golden: World) -> None:
    tagged = body(excludeFromLatest=True) | {"tags": {"a": "b"}}
    golden.call("PUT", NEXT, json=tagged)
    golden.pass_time(60)
    golden.call("PATCH", NEXT, json={"properties": {"publishingProfile": {"replicaCount": 2}}})
    golden.pass_time(60)
    patched = golden.call("GET", NEXT).json()
    assert patched["tags"] == {"a": "b"}
    assert patched["properties"]["publishingProfile"]["excludeFromLatest"] is True
    golden.call("PUT", NEXT, json=body())
    put = golden.call("GET", NEXT).json()
    assert put["tags"] == {}
    assert put["properties"]["publishingProfile"]["excludeFromLatest"] is False


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        (
            "PUT",
            "galleries/golden/images/none/versions/1.0.1",
            body(),
            404,
            "ParentResourceNotFound",
        ),
        ("PUT", f"{IMAGE}/versions/one", body(), 400, "InvalidParameter"),
        ("PUT", NEXT, {"location": "westus"}, 400, "InvalidParameter"),
        ("PUT", NEXT, body(replicaCount=0), 400, "BadRequest"),
        ("PATCH", NEXT, {"tags": {}}, 404, "ResourceNotFound"),
    ],
)
def test_what_azure_would_refuse_is_refused(
    golden: World, method: str, path: str, sent: Json, status: int, code: str
) -> None:
    answer = golden.call(method, path, json=sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert golden.call("GET", NEXT).status_code == 404


def test_the_tags_of_a_scale_set_are_changed_with_the_sdk(fast_world: World, sdk: Connect) -> None:
    fast_world.add(retry_after_model=None, tags={"rollout.wave": "prod"})
    sets = sdk(fast_world).virtual_machine_scale_sets
    tags = {"rollout.wave": "canary", "rollout.follow": "current"}
    sets.begin_update("demo", "web", VirtualMachineScaleSetUpdate({"tags": tags})).result()
    assert [one.tags for one in sets.list("demo")] == [tags]
    assert [one.tags for one in sets.list_all()] == [tags]
    whole = sets.get("demo", "web")
    whole.tags = {"rollout.wave": "prod"}
    sets.begin_create_or_update("demo", "web", whole).result()
    assert sets.get("demo", "web").tags == {"rollout.wave": "prod"}
