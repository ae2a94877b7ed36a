"""manualupgrade, and an instance on its way from one image to another."""

from datetime import timedelta
from typing import Any

import pytest
from arm_world import NEWER, Json, World

SET = "virtualMachineScaleSets/web"
OLD = "14.04.201506100"


@pytest.fixture
def rolling(world: World) -> World:
    """A set of 20 whose model names a newer image; 60 s to upgrade, 30 s to boot."""
    world.add()
    world.roll_model()
    return world


def reading(world: World, instance_id: str = "0") -> Json:
    """What a caller can read of an instance."""
    vm = world.vm(instance_id)["properties"]
    view = vm["instanceView"]
    health = view.get("vmHealth", {}).get("status", {}).get("code", "none")
    return {
        "provisioning": vm["provisioningState"],
        "power": view["statuses"][1]["code"].removeprefix("PowerState/"),
        "health": health.removeprefix("HealthState/"),
        "version": vm["storageProfile"]["imageReference"]["exactVersion"],
        "latest": vm["latestModelApplied"],
    }


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_an_instance_stops_changes_boots_and_serves_again(rolling: World) -> None:
    rolling.upgrade("0")
    changing = {"provisioning": "Updating", "health": "unknown", "version": OLD, "latest": False}
    booting = {"provisioning": "Succeeded", "power": "running", "version": NEWER, "latest": True}
    expected: list[tuple[int, Json]] = [
        (0, changing | {"power": "stopped"}),
        (30, changing | {"power": "starting"}),
        (60, booting | {"health": "initializing"}),
        (75, booting | {"health": "unhealthy"}),
        (90, booting | {"health": "healthy"}),
    ]
    passed = 0
    for second, reads in expected:
        rolling.pass_time(second - passed)
        passed = second
        assert reading(rolling) == reads


def test_the_guest_is_reported_only_while_the_vm_runs(rolling: World) -> None:
    rolling.upgrade("0")
    assert {"computerName", "osName", "vmAgent"}.isdisjoint(
        rolling.vm("0")["properties"]["instanceView"]
    )


def test_the_operation_ends_before_the_vm_has_booted(rolling: World) -> None:
    operation = rolling.upgrade("0", "5").headers["azure-asyncoperation"]
    rolling.pass_time(59)
    assert rolling.call("GET", operation).json()["status"] == "InProgress"
    rolling.pass_time(1)
    assert rolling.call("GET", operation).json()["status"] == "Succeeded"
    assert reading(rolling)["health"] != "healthy"


def test_the_monitor_is_202_until_the_operation_ends(rolling: World) -> None:
    monitor = rolling.upgrade("0").headers["location"]
    waiting = rolling.call("GET", monitor)
    assert (waiting.status_code, waiting.headers["location"]) == (202, monitor)
    rolling.pass_time(60)
    assert rolling.call("GET", monitor).status_code == 200


def test_an_operation_that_never_was_is_not_found(rolling: World) -> None:
    operation = rolling.upgrade("0").headers["azure-asyncoperation"]
    known = operation.partition("/operations/")[2].partition("?")[0]
    assert rolling.call("GET", operation.replace(known, "none")).status_code == 404


def test_the_operation_ends_with_its_slowest_instance(world: World) -> None:
    world.add(upgrade_spread=1)
    world.roll_model()
    operation = world.upgrade("0", "5", "10").headers["azure-asyncoperation"]
    world.pass_time(60)
    assert world.call("GET", operation).json()["status"] == "InProgress"
    world.pass_time(60)
    assert world.call("GET", operation).json()["status"] == "Succeeded"


def test_identity_stays_over_an_upgrade_and_the_disk_is_new(rolling: World) -> None:
    before = rolling.vm("0")
    rolling.upgrade("0")
    rolling.pass_time(90)
    after = rolling.vm("0")
    for name in ("name", "id", "instanceId"):
        assert after[name] == before[name]
    assert after["properties"]["vmId"] == before["properties"]["vmId"]
    disks = [one["properties"]["storageProfile"]["osDisk"]["name"] for one in (before, after)]
    assert disks[0] != disks[1]


def test_upgrading_what_is_up_to_date_is_quick_and_takes_nothing_down(world: World) -> None:
    world.add()
    operation = world.upgrade("0").headers["azure-asyncoperation"]
    world.pass_time(1)
    assert world.call("GET", operation).json()["status"] == "Succeeded"
    assert (world.truth()["peakDown"], world.truth()["instances"][0]["upgrades"]) == (0, 0)


def test_readings_may_lag_behind_the_acceptance(world: World) -> None:
    world.add(stale_after_accept=timedelta(seconds=10))
    world.roll_model()
    world.upgrade("0")
    assert reading(world)["provisioning"] == "Succeeded"
    world.pass_time(10)
    assert reading(world)["provisioning"] == "Updating"


def test_an_instance_that_is_gone_fails_the_whole_call(rolling: World) -> None:
    answer = rolling.upgrade("0", "99")
    assert error_of(answer) == (400, "InvalidParameter")
    assert "instanceId 99 " in answer.json()["error"]["message"]
    assert rolling.truth()["peakDown"] == 0


def test_a_call_without_ids_is_refused(rolling: World) -> None:
    answer = rolling.call("POST", f"{SET}/manualupgrade", json={})
    assert error_of(answer) == (400, "InvalidParameter")


def test_instances_of_a_running_operation_conflict_others_do_not(rolling: World) -> None:
    rolling.upgrade("0", "5")
    assert error_of(rolling.upgrade("5", "10")) == (409, "Conflict")
    assert rolling.upgrade("10", "15").status_code == 202


def test_a_model_change_during_an_upgrade_conflicts(rolling: World) -> None:
    rolling.upgrade("0")
    assert error_of(rolling.set_image(OLD)) == (409, "Conflict")


def test_an_upgrade_during_a_model_change_conflicts(world: World) -> None:
    world.add()
    world.publish()
    world.set_image()
    assert error_of(world.upgrade("0")) == (409, "Conflict")


def test_naming_a_protected_instance_is_refused(world: World) -> None:
    world.add(protected=("0",))
    world.roll_model()
    answer = world.upgrade("0", "5")
    assert error_of(answer) == (409, "OperationNotAllowed")
    assert "protected" in answer.json()["error"]["message"]


def test_naming_a_protected_instance_may_also_skip_it(world: World) -> None:
    world.add(protected=("0",), protected_named="skip")
    world.roll_model()
    assert world.upgrade("0", "5").status_code == 202
    upgrades = {one["instanceId"]: one["upgrades"] for one in world.truth()["instances"]}
    assert (upgrades["0"], upgrades["5"]) == (0, 1)


def test_an_instance_can_be_protected_by_a_put(rolling: World) -> None:
    path = f"{SET}/virtualMachines/0"
    assert "protectionPolicy" not in rolling.vm("0")["properties"]
    policy = {"protectFromScaleSetActions": True}
    body = {"location": "westus", "properties": {"protectionPolicy": policy}}
    answer = rolling.call("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert answer.json()["properties"]["provisioningState"] == "Updating"
    assert rolling.vm("0")["properties"]["provisioningState"] == "Updating"
    rolling.pass_time(1)
    vm = rolling.vm("0")
    assert vm["properties"]["provisioningState"] == "Succeeded"
    assert vm["properties"]["protectionPolicy"] == policy | {"protectFromScaleIn": True}
    assert vm["etag"] == '"2"'
    assert error_of(rolling.upgrade("0")) == (409, "OperationNotAllowed")


def test_protection_that_contradicts_itself_is_refused(rolling: World) -> None:
    policy = {"protectFromScaleIn": False, "protectFromScaleSetActions": True}
    body = {"location": "westus", "properties": {"protectionPolicy": policy}}
    answer = rolling.call("PUT", f"{SET}/virtualMachines/0", json=body)
    assert error_of(answer) == (400, "InvalidParameter")


def test_latest_is_pinned_when_the_model_is_written(world: World) -> None:
    world.add()
    world.set_image("latest")
    world.pass_time(5)
    world.publish()
    world.upgrade("0")
    world.pass_time(90)
    assert world.vm("0")["properties"]["latestModelApplied"]
    assert reading(world)["version"] == OLD
    world.set_image("latest")
    assert not world.vm("0")["properties"]["latestModelApplied"]


def test_an_instance_without_probe_reports_no_health(world: World) -> None:
    world.add(health="none")
    assert "vmHealth" not in world.vm("0")["properties"]["instanceView"]


def test_an_instance_unhealthy_from_the_start_is_healed_by_an_upgrade(world: World) -> None:
    world.add(unhealthy=("0",))
    world.roll_model()
    assert reading(world)["health"] == "unhealthy"
    assert world.truth()["peakDown"] == 0
    world.upgrade("0")
    world.pass_time(90)
    assert reading(world)["health"] == "healthy"


def test_an_instance_that_failed_before_is_upgraded_again_although_the_model_is_the_same(
    world: World,
) -> None:
    world.add(failed=("3",))
    assert world.vm("3")["properties"]["provisioningState"] == "Failed"
    world.upgrade("3", "4")
    world.pass_time(3600)
    upgrades = {one["instanceId"]: one["upgrades"] for one in world.truth()["instances"]}
    assert (upgrades["3"], upgrades["4"]) == (1, 0)
    assert world.vm("3")["properties"]["provisioningState"] == "Succeeded"
