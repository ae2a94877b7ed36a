"""Choosing: which images a scale set can be moved to, who is behind, and by which policy."""

import pytest
from story import NEW, OLD, PLATFORM, Json, System

from rollout.plan import Policy

GALLERY = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/images/providers"
    "/Microsoft.Compute/galleries/{gallery}/images/web"
)


def choices(system: System, scale_set: str) -> Json:
    group, name = scale_set.split("/")[4], scale_set.rsplit("/", maxsplit=1)[-1]
    answer = system.api.get(f"/api/scale-sets/{group}/{name}/images")
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(system: System, group: str, **query: str) -> list[Json]:
    answer = system.api.get("/api/scale-sets", params={"resourceGroup": group, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def gallery_set(system: System, gallery: str, **spec: object) -> str:
    """A scale set on version 1.0.0 of a gallery image that has three more: one that is excluded,
    one that is not in its region, and 1.0.1.
    """
    definition = GALLERY.format(gallery=gallery)
    for version, more in {
        "1.0.0": {},
        "1.0.1": {},
        "1.0.2": {"excludeFromLatest": True},
        "1.0.3": {"targetRegions": [{"name": "eastus"}]},
    }.items():
        own = {"gallery": gallery, "image": "web", "resourceGroup": "images"}
        system.publish(**own, version=version, **more)
    image = {"id": f"{definition}/versions/1.0.0"}
    return system.scale_set(capacity=2, image=image, **spec)


def test_the_versions_of_a_platform_image_are_listed_newest_first(system: System) -> None:
    system.publish(**PLATFORM, version="14.04.201501010", imageState="Deprecated")
    found = choices(system, system.scale_set(capacity=2))
    assert (found["kind"], found["name"], found["note"]) == (
        "platform", "canonical:ubuntuserver:14.04.2-lts:?", None,
    )  # fmt: skip
    by_version = {one["version"]: one for one in found["choices"]}
    assert [*by_version] == sorted(by_version, reverse=True)
    assert by_version[OLD]["named"]
    assert by_version[NEW]["latest"]
    assert by_version[NEW]["image"] == {**PLATFORM, "version": NEW}
    old = by_version["14.04.201501010"]
    assert (old["state"], old["usable"]) == ("Deprecated", False)
    assert "Azure creates no new disks from it" in old["remark"]


def test_the_versions_of_a_gallery_image_say_where_they_can_be_used(system: System) -> None:
    scale_set = gallery_set(system, "choosing")
    found = choices(system, scale_set)
    assert found["kind"] == "gallery"
    newest, excluded, latest, named = found["choices"]
    assert (newest["version"], newest["usable"]) == ("1.0.3", False)
    assert "is not replicated to westus" in newest["remark"]
    assert (excluded["excludedFromLatest"], excluded["usable"]) == (True, True)
    assert (latest["latest"], named["named"], named["latest"]) == (True, True, False)
    assert latest["publishedAt"]
    plan = system.plan(scale_set, image=latest["image"])
    assert plan["image"]["to"] == latest["image"]


def test_what_has_no_versions_says_so(system: System) -> None:
    image = system.publish(name="managed-choice", resourceGroup="images")
    found = choices(system, system.scale_set(capacity=2, image={"id": image}))
    assert (found["kind"], found["choices"]) == ("managed", [])
    assert "has no versions" in found["note"]
    answer = system.api.get("/api/scale-sets/demo/nobody/images")
    assert (answer.status_code, answer.json()["title"]) == (404, "No such scale set")


def test_the_list_says_how_far_each_one_is_behind_for_a_few_reads(system: System) -> None:
    old = system.scale_set(resourceGroup="drift", capacity=2)
    system.scale_set(resourceGroup="drift", capacity=2, image={**PLATFORM, "version": NEW})
    gallery_set(system, "drifting", resourceGroup="drift")
    system.azure.delete("/_sim/requests")
    assert {line["newest"] for line in listed(system, "drift")} == {None}
    assert len(system.requests()) == 1
    first, second, third = listed(system, "drift", behind="true")
    assert (first["imageVersion"], first["newest"]["version"]) == (OLD, NEW)
    assert first["newest"]["behind"] >= 1
    assert second["newest"]["behind"] == 0
    assert (third["imageName"], third["newest"]["version"]) == (
        GALLERY.format(gallery="drifting").lower(), "1.0.1",
    )  # fmt: skip
    assert third["newest"]["behind"] == 1
    assert first["lastRollout"] is None
    done = system.run(old)
    first = listed(system, "drift")[0]
    assert (first["lastRollout"]["id"], first["lastRollout"]["phase"]) == (done["id"], "Succeeded")
    answer = system.api.get("/api/scale-sets?behind=yes")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "behind")


def test_an_image_that_cannot_be_read_leaves_the_list_whole(system: System) -> None:
    gallery_set(system, "hidden", resourceGroup="hidden")
    system.fault("denied", path="/galleries/hidden")
    [line] = listed(system, "hidden", behind="true")
    assert "galleries/hidden" in line["newest"]["remark"]
    assert "behind" not in line["newest"]


def test_every_preset_is_a_policy(system: System) -> None:
    found = system.api.get("/api/policies/presets").json()
    assert [preset["name"] for preset in found] == ["default", "careful", "canary", "quick"]
    assert found[0]["policy"] == {}
    scale_set = system.scale_set(capacity=10)
    for preset in found:
        assert Policy.from_request(preset["policy"])
        assert preset["description"]
        assert system.plan(scale_set, policy=preset["policy"])["batches"]


@pytest.mark.parametrize("name", ["..", "a%20b"])
def test_a_name_that_can_be_none_is_not_looked_up(system: System, name: str) -> None:
    assert system.api.get(f"/api/scale-sets/demo/{name}/images").status_code == 404
