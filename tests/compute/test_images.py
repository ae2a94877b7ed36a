"""Images looked up with the real SDK in the simulated Azure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from compute import scale_sets
from compute.images import find_image, rollback_warnings
from local.arm.base.ids import SUBSCRIPTION
from local.arm.http.app import create_app
from local.arm.images.published import published_from_json
from local.arm.model.azure import Azure
from local.arm.model.fault_reading import fault_from_json
from local.arm.model.spec import ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from rollout.inventory import Image, ImageRequest, Inventory, ScaleSetId
from rollout.run import ImageFinding

COMPUTE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Compute"
DEFINITION = f"{COMPUTE}/galleries/golden/images/web"
SHARED, COMMUNITY = "/SharedGalleries/unique/Images/web", "/CommunityGalleries/public/Images/web"
UBUNTU = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.2-LTS"}
OWN = {"gallery": "golden", "image": "web"}


@dataclass
class World:
    """A simulated Azure with a scale set in westus."""

    azure: Azure

    def publish(self, **image: Any) -> str:
        return self.azure.add_image(published_from_json(image))

    def inventory(self, **spec: Any) -> Inventory:
        scale_set = self.azure.add_scale_set(ScaleSetSpec.from_json({"name": "web", **spec}))
        return scale_sets.read_inventory(ScaleSetId.parse(scale_set), "auto")

    def find(self, image: dict[str, str], current: dict[str, str]) -> ImageFinding:
        wanted = ImageRequest.from_json(image)
        return find_image(wanted, self.inventory(capacity=1, image=current).scale_set)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    azure = Azure(ManualClock())
    with Server(create_app(azure)) as arm:
        monkeypatch.setenv("ARM_ENDPOINT", arm.url)
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{arm.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "local")
        yield World(azure)


FORMS = {
    DEFINITION: OWN,
    SHARED: {"sharedGallery": "unique", "image": "web"},
    COMMUNITY: {"communityGallery": "public", "image": "web"},
}


@pytest.mark.parametrize("definition", FORMS)
@pytest.mark.parametrize("latest", ["", "/versions/latest"])
def test_the_latest_of_a_gallery_image_is_its_highest_usable_version(
    world: World, definition: str, latest: str
) -> None:
    form = FORMS[definition]
    for version in ("1.9.0", "1.10.0"):
        world.publish(**form, version=version)
    world.publish(**form, version="2.0.0", excludeFromLatest=True)
    world.publish(**form, version="3.0.0", targetRegions=["East US"])
    found = world.find({"id": definition + latest}, {"id": f"{COMPUTE}/images/old"})
    assert str(found.image).casefold() == f"{definition}/versions/1.10.0".casefold()


@pytest.mark.parametrize("definition", FORMS)
def test_a_version_of_a_gallery_image_is_found(world: World, definition: str) -> None:
    world.publish(**FORMS[definition], version="1.0.0", endOfLifeDate="2027-01-01T00:00:00Z")
    image = {"id": f"{definition}/Versions/1.0.0"}
    found = world.find(image, {"id": f"{COMPUTE}/images/old"})
    assert (found.image, found.missing) == (Image(**image), None)
    assert found.warnings == [
        f"The image {image['id']} has its end of life on 2027-01-01T00:00:00Z"
    ]


@pytest.mark.parametrize("definition", FORMS)
@pytest.mark.parametrize("tail", ["", "/versions/9.9.9"])
def test_a_gallery_image_that_is_not_there(world: World, definition: str, tail: str) -> None:
    found = world.find({"id": definition + tail}, {"id": f"{COMPUTE}/images/old"})
    assert found.image is None
    assert f"The image {definition}{tail} was not found in westus." == found.missing


def test_newer_versions_that_cannot_be_used_yet_are_named(world: World) -> None:
    world.publish(**OWN, version="1.0.7")
    world.publish(
        **OWN, version="1.0.8", targetRegions=[{"name": "West US", "state": "Replicating"}]
    )
    world.publish(**OWN, version="1.0.9", provisioningState="Failed")
    found = world.find({"id": DEFINITION}, {"id": f"{COMPUTE}/images/old"})
    assert found.image == Image(id=f"{DEFINITION}/versions/1.0.7")
    failed, replicating = found.warnings
    assert failed == f"Of {DEFINITION}, version 1.0.9 is Failed, not Succeeded"
    assert replicating.endswith("is not there yet: its replication to westus is Replicating")


ELSEWHERE = {"targetRegions": ["East US"]}
REPLICATING = {"targetRegions": [{"name": "West US", "state": "Replicating"}]}


@pytest.mark.parametrize(
    ("usable", "flawed"),
    [
        (OWN, OWN | ELSEWHERE),
        (OWN, OWN | {"provisioningState": "Failed"}),
        (UBUNTU, UBUNTU | {"imageState": "Deprecated"}),
    ],
    ids=["in another region", "failed", "deprecated"],
)
def test_the_latest_is_found_however_many_newer_ones_cannot_be_used(
    world: World, usable: dict[str, Any], flawed: dict[str, Any]
) -> None:
    """A team that publishes a version per region has many that are not for this one."""
    world.publish(**usable, version="14.9.0")
    for patch in range(12):
        world.publish(**flawed, version=f"15.0.{patch}")
    own = "gallery" in usable
    wanted = {"id": DEFINITION} if own else {"version": "latest"}
    current = {"id": f"{COMPUTE}/images/old"} if own else UBUNTU | {"version": "14.8.0"}
    found = world.find(wanted, current)
    assert str(found.image).endswith("14.9.0")
    assert len(found.warnings) == 4
    assert found.warnings[-1].endswith(", 9 more cannot be used either")


def test_only_some_versions_are_read_in_search_of_the_latest(world: World) -> None:
    """What is replicating is said by a read of each version alone."""
    world.publish(**OWN, version="1.0.0")
    for patch in range(12):
        world.publish(**OWN, version=f"2.0.{patch}", **REPLICATING)
    found = world.find({"id": DEFINITION}, {"id": f"{COMPUTE}/images/old"})
    assert "version 2.0.11 is not there yet" in str(found.missing)
    reads = [one.path for one in world.azure.requests.all() if "/versions/2." in one.path]
    assert len(reads) == 10


def test_a_version_its_owner_deleted_is_had_by_its_number_only(world: World) -> None:
    until = "2027-01-01T00:00:00Z"
    world.publish(**FORMS[SHARED], version="1.0.0")
    deleted = world.publish(**FORMS[SHARED], version="1.1.0", softDeletedUntil=until)
    scale_set = world.inventory(image={"id": f"{COMPUTE}/images/old"}).scale_set
    latest, named = (find_image(ImageRequest(id=one), scale_set) for one in (SHARED, deleted))
    assert str(latest.image).endswith("/1.0.0")
    assert named.image == Image(id=deleted)
    assert named.warnings == [
        f"The image {deleted} was deleted by its owner, and can be used until {until}"
    ]


def test_an_image_of_which_no_version_can_be_used_says_why(world: World) -> None:
    world.publish(**OWN, version="1.0.9", provisioningState="Failed")
    found = world.find({"id": DEFINITION}, {"id": f"{COMPUTE}/images/old"})
    assert found.missing == (
        f"There is no usable version of {DEFINITION} in westus: version 1.0.9 is Failed, not "
        "Succeeded."
    )


@pytest.mark.parametrize(
    ("regional", "found"), [(True, False), (False, True), (None, False)], ids=str
)
def test_what_is_said_of_a_region_wins_over_what_is_said_of_the_version(
    world: World, *, regional: bool | None, found: bool
) -> None:
    region = {"name": "West US", "excludeFromLatest": regional}
    world.publish(**OWN, version="1.0.0", excludeFromLatest=True, targetRegions=[region])
    image = world.find({"id": DEFINITION}, {"id": f"{COMPUTE}/images/old"}).image
    assert (image is not None) is found


def test_a_deprecated_platform_version_is_refused(world: World) -> None:
    world.publish(**UBUNTU, version="14.04.2", imageState="Deprecated")
    found = world.find({"version": "14.04.2"}, UBUNTU | {"version": "14.04.1"})
    assert str(found.missing).endswith("is Deprecated: Azure creates no new disks from it.")


def test_a_platform_version_on_its_way_out_is_warned_of(world: World) -> None:
    ends = "2027-01-01T00:00:00Z"
    world.publish(
        **UBUNTU,
        version="14.04.2",
        imageState="ScheduledForDeprecation",
        scheduledDeprecationTime=ends,
    )
    found = world.find({"version": "14.04.2"}, UBUNTU | {"version": "14.04.1"})
    assert found.image is not None
    assert f"is scheduled for deprecation on {ends}" in found.warnings[0]


def test_the_latest_platform_version_is_not_a_deprecated_one(world: World) -> None:
    world.publish(**UBUNTU, version="14.04.2")
    world.publish(**UBUNTU, version="14.04.3", imageState="Deprecated")
    found = world.find({"version": "latest"}, UBUNTU | {"version": "14.04.1"})
    assert str(found.image).endswith("14.04.2")
    assert "version 14.04.3 is Deprecated" in found.warnings[0]


def test_a_managed_image_in_another_region_is_refused(world: World) -> None:
    world.publish(name="new", location="eastus")
    found = world.find({"id": f"{COMPUTE}/images/new"}, {"id": f"{COMPUTE}/images/old"})
    assert "is not replicated to westus" in str(found.missing)


NEW = Image(id=f"{DEFINITION}/versions/1.0.7")
OLD = f"{DEFINITION}/versions/1.0.6"


def test_an_image_to_go_back_to_is_there_without_a_word(world: World) -> None:
    assert rollback_warnings(world.inventory(image={"id": OLD}), NEW) == []


def test_an_image_that_is_gone_is_warned_of(world: World) -> None:
    inventory = world.inventory(image={"id": OLD}, capacity=3)
    world.azure.withdraw_image(OLD)
    assert rollback_warnings(inventory, NEW) == [
        f"3 instance(s) run {OLD}, which was not found in westus: a rollback could not return to it"
    ]


def test_the_image_that_the_model_names_is_looked_up_though_no_instance_runs_it(
    world: World,
) -> None:
    """A rollback puts it back, and new instances are made from it."""
    inventory = world.inventory(image={"id": OLD})
    gone = Image(id=f"{DEFINITION}/versions/1.0.5")
    named = inventory.scale_set.model_copy(update={"image": gone})
    (warning,) = rollback_warnings(inventory.model_copy(update={"scale_set": named}), NEW)
    what = "which was not found in westus: a rollback could not return to it"
    assert warning == f"The scale set's image is {gone}, {what}"


def test_an_image_of_an_unknown_form_is_not_known_and_stops_nothing(world: World) -> None:
    inventory = world.inventory(image={"id": OLD}, capacity=1)
    odd = Image(id=f"{COMPUTE}/disks/odd")
    instances = [one.model_copy(update={"image": odd}) for one in inventory.instances]
    [warning] = rollback_warnings(inventory.model_copy(update={"instances": instances}), NEW)
    assert warning.startswith(f"1 instance(s) run {odd}, and whether")


def test_of_many_images_only_the_most_used_are_looked_up(world: World) -> None:
    inventory = world.inventory(image={"id": OLD}, capacity=1)
    [one] = inventory.instances
    runs = [(number, f"{DEFINITION}/versions/0.0.{number}") for number in range(1, 9)]
    instances = [
        one.model_copy(update={"image": Image(id=image)})
        for count, image in runs
        for _ in range(count)
    ]
    world.azure.requests.clear()
    warnings = rollback_warnings(inventory.model_copy(update={"instances": instances}), NEW)
    assert [warning.split()[0] for warning in warnings] == ["8", "7", "6", "5"]
    assert len(world.azure.requests.all()) == 5


def test_a_deprecated_image_is_no_image_to_go_back_to(world: World) -> None:
    inventory = world.inventory(image=UBUNTU | {"version": "14.04.1"})
    world.publish(**UBUNTU, version="14.04.1", imageState="Deprecated")
    [warning] = rollback_warnings(inventory, NEW)
    assert "which is Deprecated" in warning


def test_one_that_is_excluded_from_latest_is_there_all_the_same(world: World) -> None:
    inventory = world.inventory(image={"id": OLD})
    world.publish(**OWN, version="1.0.6", excludeFromLatest=True)
    assert rollback_warnings(inventory, NEW) == []


def test_what_could_not_be_looked_up_is_not_known(world: World) -> None:
    inventory = world.inventory(image={"id": OLD})
    world.azure.add_fault(fault_from_json({"kind": "denied", "path": "galleries"}))
    [warning] = rollback_warnings(inventory, NEW)
    assert "whether a rollback could return to it is not known" in warning
    assert "AuthorizationFailed" in warning


def test_the_target_and_a_vhd_are_not_looked_up(world: World) -> None:
    vhd = world.inventory(image={"uri": "https://a.blob.core.windows.net/v/x.vhd"})
    assert rollback_warnings(vhd, NEW) == []
    world.azure.requests.clear()
    assert rollback_warnings(Inventory(scale_set=vhd.scale_set, instances=[]), NEW) == []
    assert world.azure.requests.all() == []
