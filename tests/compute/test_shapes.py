"""Recorded answers of Azure, read into the core's values."""

import json
from pathlib import Path
from typing import Any

import pytest

from compute.images import image_patch
from compute.shapes import instance_of, operation_of, scale_set_of
from rollout.batch import Operation, OperationState
from rollout.inventory import Health, Image, Manager, ScaleSetId

TESTS = Path(__file__).parents[1]
SET = ScaleSetId("s", "g", "n")
WINDOWS = Image(
    publisher="MicrosoftWindowsServer", offer="WindowsServer", sku="2022-datacenter-g2",
    version="20348.2655.240810",
)  # fmt: skip


def recorded(name: str) -> Any:
    """The body of a recorded exchange."""
    place = next(TESTS.glob(f"*/recorded/{name}.json"))
    return json.loads(place.read_text())["response"]["body"]


def test_the_real_image_of_an_instance_is_its_exact_version() -> None:
    """Its model says "latest", which says nothing."""
    assert instance_of(recorded("vm-get-uniform"), "auto").image == WINDOWS


def test_an_unversioned_gallery_image_is_read_with_its_exact_version() -> None:
    body = {**recorded("vm-get-gallery-latest-exactVersion"), "instanceId": "0"}
    image = instance_of(body, "auto").image
    assert str(image.id).endswith("/galleries/gallery_000003/images/image1/versions/1.1.3")


def test_an_image_that_is_not_the_latest_model_is_still_the_real_one() -> None:
    (body,) = recorded("vm-list-after-model-change-latestModelApplied-false")["value"]
    assert not body["properties"]["latestModelApplied"]
    assert instance_of(body, "auto").image == WINDOWS


def test_protection_from_scale_set_actions_is_seen() -> None:
    names = ("vm-get-uniform", "vm-get-after-protectionPolicy")
    read = [instance_of(recorded(name), "auto") for name in names]
    assert [one.protect_from_scale_set_actions for one in read] == [False, True]


def test_an_instance_in_the_middle_of_its_update() -> None:
    body = recorded("vm-get-expand-instanceView-updating")
    one = instance_of(body, "auto")
    assert (one.provisioning_state, one.health) == ("Updating", Health.UNKNOWN)
    assert (one.update_domain, one.fault_domain) == (1, 1)


def test_a_bare_item_of_a_flexible_set_does_not_break_the_reading() -> None:
    bodies = recorded("vm-list-flexible-bare-items")["value"]
    read = [instance_of(body, "auto") for body in bodies]
    assert {(one.zone, one.update_domain, one.image) for one in read} == {(None, None, Image())}


def test_a_vm_of_a_flexible_set() -> None:
    body = {**recorded("flex-vm-get-expand-instanceView"), "instanceId": "vm1"}
    one = instance_of(body, "powerState")
    assert (one.instance_id, one.update_domain, one.fault_domain) == ("vm1", None, 0)
    assert (one.image.version, one.power_state, one.health) == (
        "7.5.201808150",
        "running",
        "healthy",
    )


@pytest.mark.parametrize("power_state", ["stopped", "deallocated"])
def test_an_instance_that_is_switched_off(power_state: str) -> None:
    view = recorded(f"vm-instance-view-{power_state}")
    body = recorded("vm-get-uniform")
    body["properties"]["instanceView"] = view
    one = instance_of(body, "auto")
    assert (one.power_state, one.off) == (power_state, True)


def test_a_scale_set() -> None:
    scale_set = scale_set_of(SET, recorded("vmss-get-uniform"))
    assert (scale_set.etag, scale_set.upgrade_policy) == ('"2"', "Manual")
    assert (scale_set.provisioning_state, scale_set.location) == ("Succeeded", "westus")
    assert scale_set.image == WINDOWS.model_copy(update={"version": "latest"})


def test_a_flexible_set_is_known_as_one() -> None:
    assert scale_set_of(SET, recorded("vmss-get-flexible")).orchestration_mode == "Flexible"


def profile(**changes: Any) -> Any:
    body = recorded("vmss-get-uniform")
    model = {**body["properties"]["virtualMachineProfile"], **changes}
    return {**body, "properties": {**body["properties"], "virtualMachineProfile": model}}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"timeCreated": "2030-01-01T00:00:00Z"}, True),
        ({"licenseType": "None"}, False),
        ({"extensionProfile": {"extensions": []}}, False),
    ],
    ids=["nothing", "only the time of the write", "the licence", "the extensions"],
)
def test_the_fingerprint_tells_whether_the_model_was_changed(
    changes: dict[str, Any],
    same: bool,  # noqa: FBT001
) -> None:
    before, after = scale_set_of(SET, profile()), scale_set_of(SET, profile(**changes))
    assert (before.fingerprint == after.fingerprint) is same


@pytest.mark.parametrize(
    ("changes", "reports"),
    [
        ({"networkProfile": {"healthProbe": {"id": "/x"}}}, True),
        ({"extensionProfile": {"extensions": [
            {"properties": {"type": "ApplicationHealthLinux"}}]}}, True),
        ({"extensionProfile": {"extensions": [{"properties": {"type": "CustomScript"}}]}}, False),
        ({"networkProfile": None, "extensionProfile": None}, False),
    ],
)  # fmt: skip
def test_whether_a_scale_set_reports_health(changes: dict[str, Any], *, reports: bool) -> None:
    assert scale_set_of(SET, profile(**changes)).reports_health is reports


def test_health_may_be_reported_from_outside() -> None:
    body = profile(networkProfile=None, extensionProfile=None)
    properties = {**body["properties"], "externalHealthPolicy": {"enabled": True}}
    assert scale_set_of(SET, {**body, "properties": properties}).reports_health


def test_who_else_upgrades_a_scale_set() -> None:
    plain = scale_set_of(SET, profile())
    assert (plain.automatic_os_upgrades, plain.managed_by) == (False, None)
    automatic = {"mode": "Manual", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True}}
    body = {**profile(), "tags": {"aks-managed-poolName": "pool"}}
    properties = {**body["properties"], "upgradePolicy": automatic}
    pool = scale_set_of(SET, {**body, "properties": properties})
    assert (pool.automatic_os_upgrades, pool.managed_by) == (True, Manager.AKS)


def test_an_unmanaged_vhd_is_the_image_where_there_is_no_reference() -> None:
    storage = {"osDisk": {"image": {"uri": "https://a/b.vhd"}}}
    assert scale_set_of(SET, profile(storageProfile=storage)).image == Image(uri="https://a/b.vhd")


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("manualupgrade-op-inprogress", OperationState.RUNNING),
        ("manualupgrade-op-succeeded", OperationState.SUCCEEDED),
    ],
)
def test_an_operation(name: str, state: OperationState) -> None:
    assert operation_of(recorded(name)) == Operation(state=state)


def test_an_operation_that_failed_says_why_on_one_line() -> None:
    operation = operation_of(recorded("op-failed"))
    assert operation.state is OperationState.FAILED
    assert operation.error is not None
    assert "\n" not in operation.error
    assert not operation.error.endswith(".")


def test_the_patch_of_an_image_holds_nothing_else() -> None:
    patch = image_patch(Image(id="/x"))
    assert patch == {
        "properties": {
            "virtualMachineProfile": {"storageProfile": {"imageReference": {"id": "/x"}}}
        }
    }


@pytest.mark.parametrize(
    ("recording", "name"),
    [("vm-get-uniform", "winvm1632000000"), ("flex-vm-get-expand-instanceView", "vm1")],
)
def test_what_an_instance_is_called_inside(recording: str, name: str) -> None:
    body = {"instanceId": "0", **recorded(recording)}
    assert instance_of(body, "auto").computer_name == name
