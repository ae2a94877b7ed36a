"""Reading and changing scale sets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from arm_world import COMPUTE, NEWER, Json, World

from local.arm.base.ids import SUBSCRIPTION
from local.arm.images.image import ImageReference
from local.arm.images.published import ManagedImage, Vhd

type PatchOf = Callable[[Json], Json]
type GalleryImage = Callable[[str], ImageReference]

SET = "virtualMachineScaleSets/web"
VHD = "https://images.example/vhds/one.vhd"


def image_of(scale_set: Json) -> Any:
    return scale_set["properties"]["virtualMachineProfile"]["storageProfile"]["imageReference"]


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_list_of_a_resource_group_has_only_its_scale_sets(world: World) -> None:
    world.add("web")
    world.add("api", resource_group="other")
    answer = world.call("GET", "virtualMachineScaleSets").json()
    assert [one["name"] for one in answer["value"]] == ["web"]


def test_the_list_of_a_subscription_upper_cases_the_resource_group(world: World) -> None:
    world.add("web")
    world.add("api", resource_group="other")
    path = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachineScaleSets"
    ids = [one["id"] for one in world.call("GET", path).json()["value"]]
    assert [one.split("/")[4] for one in ids] == ["DEMO", "OTHER"]


def test_a_patched_version_keeps_publisher_offer_and_sku(world: World) -> None:
    world.add()
    world.publish()
    assert image_of(world.set_image().json()) == {
        "publisher": "Canonical",
        "offer": "UbuntuServer",
        "sku": "14.04.2-LTS",
        "version": NEWER,
    }


def test_a_model_change_is_updating_until_its_operation_ends(world: World) -> None:
    world.add(model_update_duration=timedelta(seconds=5))
    world.publish()
    assert world.set_image().json()["properties"]["provisioningState"] == "Updating"
    world.pass_time(4)
    assert world.scale_set()["properties"]["provisioningState"] == "Updating"
    world.pass_time(1)
    assert world.scale_set()["properties"]["provisioningState"] == "Succeeded"


def test_a_model_change_leaves_instances_as_they_are_under_policy_manual(world: World) -> None:
    world.add()
    world.roll_model()
    vm = world.vm("0")["properties"]
    assert not vm["latestModelApplied"]
    assert vm["storageProfile"]["imageReference"]["exactVersion"] == "14.04.201506100"


def test_a_model_change_renews_the_time_of_the_profile(world: World) -> None:
    world.add()
    before = world.scale_set()["properties"]["virtualMachineProfile"]
    world.pass_time(60)
    world.roll_model()
    after = world.scale_set()["properties"]["virtualMachineProfile"]
    assert after["timeCreated"] > before["timeCreated"]


def test_sending_the_same_model_again_changes_nothing(world: World) -> None:
    world.add()
    world.set_image("14.04.201506100")
    assert world.vm("0")["properties"]["latestModelApplied"]


def test_a_put_without_image_keeps_the_image(world: World) -> None:
    world.add()
    world.call("PUT", SET, json={"location": "westus", "tags": {"a": "b"}, "properties": {}})
    body = world.scale_set()
    assert (image_of(body)["version"], body["tags"]) == ("14.04.201506100", {"a": "b"})


def test_what_was_read_can_be_put_back(world: World) -> None:
    world.add()
    assert world.call("PUT", SET, json=world.scale_set()).status_code == 200
    assert world.vm("0")["properties"]["latestModelApplied"]


def test_a_put_of_an_unknown_scale_set_says_how_to_make_one(world: World) -> None:
    answer = world.call("PUT", SET, json={"location": "westus"})
    assert error_of(answer) == (400, "BadRequest")
    assert "/_sim/scale-sets" in answer.json()["error"]["message"]


def test_the_etag_moves_with_a_write_and_is_a_quoted_integer(world: World) -> None:
    world.add()
    world.publish()
    assert world.scale_set()["etag"] == '"1"'
    answer = world.set_image(etag='"1"')
    assert answer.headers["ETag"] == answer.json()["etag"] == '"2"'


def test_the_etag_moves_at_both_ends_of_an_upgrade(world: World) -> None:
    world.add()
    world.roll_model()
    etags = [world.scale_set()["etag"]]
    world.upgrade("0")
    etags.append(world.scale_set()["etag"])
    world.pass_time(60)
    etags.append(world.scale_set()["etag"])
    assert etags == ['"2"', '"3"', '"4"']


def test_a_write_with_an_old_etag_is_refused(world: World, recorded: Callable[[str], Any]) -> None:
    world.add()
    for _ in range(2):
        world.call("PATCH", SET, json={"tags": {}})
        world.pass_time(5)
    answer = world.set_image(etag='"2"')
    documented = next(one for one in recorded("documented-errors") if one["status"] == 412)
    assert (answer.status_code, answer.json()) == (412, documented["body"])


@pytest.mark.parametrize("reference", [{"version": "9.9.9"}, {"sku": "none"}])
def test_an_unknown_platform_image_is_not_found(
    world: World, patch_of: PatchOf, reference: Json
) -> None:
    world.add()
    answer = world.call("PATCH", SET, json=patch_of(reference))
    assert error_of(answer) == (404, "PlatformImageNotFound")


@pytest.mark.parametrize(
    "reference", [{"id": f"{COMPUTE}/images/golden"}, {"id": f"{COMPUTE}/galleries/g/images/i"}]
)
def test_the_kind_of_image_may_not_change(world: World, patch_of: PatchOf, reference: Json) -> None:
    world.add()
    world.azure.add_image(ManagedImage(name="golden"))
    answer = world.call("PATCH", SET, json=patch_of(reference))
    assert error_of(answer) == (409, "OperationNotAllowed")


def test_a_gallery_set_takes_another_version(
    world: World, patch_of: PatchOf, gallery_image: GalleryImage
) -> None:
    world.add(image=gallery_image("1.0.0"))
    world.add("other", image=gallery_image("1.0.1"))
    sent = {"id": gallery_image("1.0.1").id}
    assert image_of(world.call("PATCH", SET, json=patch_of(sent)).json()) == sent


def test_a_gallery_version_not_in_the_region_is_not_found(
    world: World, patch_of: PatchOf, gallery_image: GalleryImage
) -> None:
    world.add(image=gallery_image("1.0.0"))
    world.add("far", image=gallery_image("1.0.1"), location="eastus")
    answer = world.call("PATCH", SET, json=patch_of({"id": gallery_image("1.0.1").id}))
    assert error_of(answer) == (404, "GalleryImageNotFound")


def test_a_gallery_set_takes_a_managed_image(
    world: World, patch_of: PatchOf, gallery_image: GalleryImage
) -> None:
    world.add(image=gallery_image("1.0.0"))
    image_id = world.azure.add_image(ManagedImage(name="golden"))
    assert world.call("PATCH", SET, json=patch_of({"id": image_id})).status_code == 200
    answer = world.call("PATCH", SET, json=patch_of({"id": f"{COMPUTE}/images/none"}))
    assert answer.status_code == 409  # the first change still runs
    world.pass_time(5)
    answer = world.call("PATCH", SET, json=patch_of({"id": f"{COMPUTE}/images/none"}))
    assert error_of(answer) == (400, "InvalidParameter")


def test_a_vhd_set_takes_another_blob_that_exists(world: World) -> None:
    world.add(image=ImageReference(uri=VHD))
    other = VHD.replace("one", "two")
    disk = {"osDisk": {"image": {"uri": other}}}
    body = {"properties": {"virtualMachineProfile": {"storageProfile": disk}}}
    assert error_of(world.call("PATCH", SET, json=body)) == (400, "InvalidParameter")
    world.azure.add_image(Vhd(uri=other))
    assert world.call("PATCH", SET, json=body).status_code == 200
    world.pass_time(5)
    world.upgrade("0")
    world.pass_time(60)
    assert "imageReference" not in world.vm("0")["properties"]["storageProfile"]
    assert world.vm("0")["properties"]["storageProfile"]["osDisk"]["image"] == {"uri": other}
    assert world.vm("1")["properties"]["storageProfile"]["osDisk"]["image"] == {"uri": VHD}


def test_a_property_fixed_at_creation_may_not_change(world: World) -> None:
    world.add()
    body = {"properties": {"platformFaultDomainCount": 2}}
    assert error_of(world.call("PATCH", SET, json=body)) == (409, "PropertyChangeNotAllowed")


def test_instances_may_refer_to_ten_models_at_most(world: World) -> None:
    world.add()
    for number in range(9):
        world.roll_model(f"15.0.{number}")
        world.upgrade(str(number))
        world.pass_time(60)
    world.publish()
    answer = world.set_image()
    assert error_of(answer) == (409, "OperationNotAllowed")
    assert "10 models" in answer.json()["error"]["message"]


def test_a_change_while_another_runs_conflicts(world: World) -> None:
    world.add()
    world.publish()
    assert world.set_image().status_code == 200
    assert error_of(world.set_image()) == (409, "Conflict")


def test_capacity_can_be_changed_both_ways(world: World) -> None:
    world.add(capacity=3)
    world.call("PATCH", SET, json={"sku": {"capacity": 5}})
    world.pass_time(120)
    assert [one["instanceId"] for one in world.truth()["instances"]] == ["0", "1", "2", "3", "4"]
    world.call("PATCH", SET, json={"sku": {"capacity": 2}})
    world.pass_time(5)
    assert world.scale_set()["sku"]["capacity"] == len(world.truth()["instances"]) == 2


def test_automatic_repairs_can_be_suspended_and_resumed(world: World) -> None:
    world.add(automatic_repairs=True)
    states: list[str] = []
    for action in ("Suspend", "Resume"):
        body = {"serviceName": "AutomaticRepairs", "action": action}
        answer = world.call("POST", f"{SET}/setOrchestrationServiceState", json=body)
        assert answer.status_code == 202
        view = world.call("GET", f"{SET}/instanceView").json()
        states.append(view["orchestrationServices"][0]["serviceState"])
    assert states == ["Suspended", "Running"]


def test_repairs_that_are_not_enabled_cannot_be_suspended(world: World) -> None:
    world.add()
    body = {"serviceName": "AutomaticRepairs", "action": "Suspend"}
    answer = world.call("POST", f"{SET}/setOrchestrationServiceState", json=body)
    assert error_of(answer) == (409, "OperationNotAllowed")


def test_only_suspend_and_resume_of_repairs_are_understood(world: World) -> None:
    world.add(automatic_repairs=True)
    body = {"serviceName": "AutomaticRepairs", "action": "Stop"}
    answer = world.call("POST", f"{SET}/setOrchestrationServiceState", json=body)
    assert error_of(answer) == (400, "InvalidParameter")


def test_the_instance_view_counts_states(world: World) -> None:
    world.add(capacity=5)
    world.roll_model()
    world.upgrade("0", "1")
    view = world.call("GET", f"{SET}/instanceView").json()
    assert view["virtualMachine"]["statusesSummary"] == [
        {"code": "ProvisioningState/succeeded", "count": 3},
        {"code": "ProvisioningState/updating", "count": 2},
    ]
    assert view["statuses"][0]["code"] == "ProvisioningState/updating"


def test_automatic_os_upgrades_are_in_the_upgrade_policy(world: World) -> None:
    world.add(automatic_os_upgrade=True)
    body = world.call("GET", "virtualMachineScaleSets/web").json()
    policy = body["properties"]["upgradePolicy"]
    assert policy["mode"] == "Manual"
    assert policy["automaticOSUpgradePolicy"]["enableAutomaticOSUpgrade"] is True
