"""What the simulator answers has the shape of what Azure was recorded to answer."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from arm_world import NEWER, UBUNTU_VERSIONS, World
from shapes import paths, shape

from local.arm.model.fault import Conflict, ServerError, UpgradeFails

type Recorded = Callable[[str], Any]

SET = "virtualMachineScaleSets/web"
# Azure's infrastructure, not its API: rate limits, edge servers, the wall clock.
_NOT_API = ("x-", "date", "server", "transfer-encoding", "vary", "connection")


def api_headers(headers: Any) -> set[str]:
    return {name.lower() for name in headers if not name.lower().startswith(_NOT_API)}


def assert_like(answer: httpx.Response, recording: Any) -> None:
    """Same status, same headers, same fields of the same types."""
    expected = recording["response"]
    assert answer.status_code == expected["status"]
    missing = api_headers(expected["headers"]) - api_headers(answer.headers)
    assert not missing
    if expected["body"] is None:
        assert not answer.content
    elif isinstance(expected["body"], list):
        assert shape(answer.json()[0]) == shape(expected["body"][0])
    else:
        assert shape(answer.json()) == shape(expected["body"])


@pytest.fixture
def protected(world: World) -> World:
    """A set like the recorded one: its first VM is protected, a newer image is out."""
    world.add(protected=("0",), retry_after_model=None)
    world.publish()
    return world


GETS = {
    "vmss-get-uniform": SET,
    "vmss-list-resource-group": "virtualMachineScaleSets",
    "vmss-instance-view": f"{SET}/instanceView",
    "vmss-404-ResourceNotFound": "virtualMachineScaleSets/none",
    "vm-get-uniform": f"{SET}/virtualMachines/1",
    "vm-get-after-protectionPolicy": f"{SET}/virtualMachines/0",
    "vm-instance-view-running": f"{SET}/virtualMachines/1/instanceView",
    "vm-instance-view-404": f"{SET}/virtualMachines/99/instanceView",
    "platform-image-version-get": f"{UBUNTU_VERSIONS}/14.04.201506100",
    "platform-image-versions-list-top1": UBUNTU_VERSIONS,
}


@pytest.mark.parametrize("name", GETS)
def test_reads_have_the_recorded_shape(protected: World, recorded: Recorded, name: str) -> None:
    assert_like(protected.call("GET", GETS[name]), recorded(name))


def test_platform_versions_say_what_is_deprecated_as_recorded(
    protected: World, recorded: Recorded
) -> None:
    query = {"$expand": "properties/imageDeprecationStatus"}
    answer = protected.call("GET", UBUNTU_VERSIONS, params=query)
    assert_like(answer, recorded("platform-image-versions-list-expand"))


def test_a_model_update_has_the_recorded_shape(protected: World, recorded: Recorded) -> None:
    assert_like(protected.set_image(), recorded("vmss-put-uniform-model-update"))


def test_a_vm_put_has_the_recorded_shape(protected: World, recorded: Recorded) -> None:
    recording = recorded("vm-put-protectionPolicy")
    sent = {"location": "westus", "properties": {"protectionPolicy": {"protectFromScaleIn": True}}}
    assert_like(protected.call("PUT", f"{SET}/virtualMachines/1", json=sent), recording)


def test_an_upgrade_and_its_polls_have_the_recorded_shape(
    protected: World, recorded: Recorded
) -> None:
    protected.set_image()
    protected.pass_time(10)
    accepted = protected.upgrade("5", "6")
    assert_like(accepted, recorded("manualupgrade-202"))
    operation, monitor = accepted.headers["azure-asyncoperation"], accepted.headers["location"]
    assert_like(protected.call("GET", operation), recorded("manualupgrade-op-inprogress"))
    protected.pass_time(60)
    assert_like(protected.call("GET", operation), recorded("manualupgrade-op-succeeded"))
    assert_like(protected.call("GET", monitor), recorded("manualupgrade-monitor-200-empty"))


def test_operation_urls_are_as_long_as_the_recorded_ones(
    protected: World, recorded: Recorded
) -> None:
    expected = recorded("manualupgrade-202")["response"]["headers"]
    answered = protected.upgrade("5").headers
    for name in ("azure-asyncoperation", "location"):
        assert set(httpx.URL(answered[name]).params) == set(httpx.URL(expected[name]).params)
        assert abs(len(answered[name]) - len(expected[name])) < 40


def test_a_vm_being_upgraded_reads_as_recorded(protected: World, recorded: Recorded) -> None:
    body = recorded("vm-get-expand-instanceView-updating")["response"]["body"]
    expected = body["properties"]["instanceView"]["statuses"][0]
    protected.set_image()
    protected.pass_time(10)
    protected.upgrade("5")
    vm = protected.vm("5")["properties"]
    assert vm["provisioningState"] == body["properties"]["provisioningState"] == "Updating"
    assert vm["instanceView"]["statuses"][0] == expected


def test_select_shrinks_items_as_recorded(protected: World, recorded: Recorded) -> None:
    body = recorded("vm-list-expand-select-instanceView")["response"]["body"]
    query = {"$expand": "instanceView", "$select": "instanceView"}
    answer = protected.call("GET", f"{SET}/virtualMachines", params=query)
    assert shape(answer.json()["value"][1]) == shape(body["value"][0])


def test_a_conflict_is_answered_as_recorded(protected: World, recorded: Recorded) -> None:
    protected.fault(Conflict())
    recording = recorded("manualupgrade-409-conflict")
    answer = protected.upgrade("5")
    assert_like(answer, recording)
    assert answer.json() == recording["response"]["body"]


def test_a_server_timeout_is_answered_as_recorded(protected: World, recorded: Recorded) -> None:
    protected.fault(ServerError())
    assert_like(protected.call("GET", SET), recorded("503-ServerTimeout"))


def test_a_failed_operation_has_the_recorded_shape_and_details(
    protected: World, recorded: Recorded
) -> None:
    expected = recorded("op-failed")["response"]["body"]
    protected.set_image()
    protected.pass_time(10)
    protected.fault(UpgradeFails(instance_ids=("5",)))
    operation = protected.upgrade("5").headers["azure-asyncoperation"]
    protected.pass_time(60)
    answered = protected.call("GET", operation).json()
    assert answered["error"].pop("details")[0]["target"] == "5"
    assert shape(answered) == shape(expected)
    assert answered["error"]["code"] == expected["error"]["code"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("gallery-image-get", "galleries/shared/images/linux"),
        ("gallery-image-version-get", "galleries/shared/images/linux/versions/1.0.0"),
        ("gallery-image-version-list", "galleries/shared/images/linux/versions"),
    ],
)
def test_gallery_reads_have_the_recorded_shape(
    world: World, recorded: Recorded, gallery_image: Callable[[str], Any], name: str, path: str
) -> None:
    world.add(image=gallery_image("1.0.0"))
    assert_like(world.call("GET", path), recorded(name))


@pytest.mark.parametrize(
    ("name", "path", "knobs"),
    [
        ("vm-instance-view-stopped", f"{SET}/virtualMachines/0/instanceView", {"stopped": ("0",)}),
        (
            "vm-instance-view-deallocated",
            f"{SET}/virtualMachines/0/instanceView",
            {"deallocated": ("0",)},
        ),
    ],
)
def test_a_vm_that_is_switched_off_reads_as_recorded(
    world: World, recorded: Recorded, name: str, path: str, knobs: Any
) -> None:
    world.add(**knobs)
    answer, recording = world.call("GET", path), recorded(name)
    assert_like(answer, recording)
    power = [body["statuses"][1]["code"] for body in (answer.json(), recording["response"]["body"])]
    assert power[0] == power[1]


def test_ephemeral_disks_read_as_recorded(world: World, recorded: Recorded) -> None:
    world.add(os_disk="ephemeral")
    item = recorded("reimage-ephemeral-list-before")["response"]["body"]["value"][0]
    expected = item["properties"]["storageProfile"]["osDisk"]
    disk = world.vm("0")["properties"]["storageProfile"]["osDisk"]
    assert paths(disk) == paths(expected)
    for name in ("diffDiskSettings", "caching", "deleteOption"):
        assert disk[name] == expected[name]


def test_ephemeral_disks_stay_so_over_a_model_change_and_an_upgrade(world: World) -> None:
    world.add(os_disk="ephemeral")
    before = world.scale_set()["properties"]["virtualMachineProfile"]["storageProfile"]["osDisk"]
    world.roll_model()
    world.upgrade("0")
    world.pass_time(90)
    after = world.scale_set()["properties"]["virtualMachineProfile"]["storageProfile"]
    vm = world.vm("0")["properties"]["storageProfile"]
    assert after["osDisk"] == before
    assert after["imageReference"]["version"] == vm["imageReference"]["exactVersion"] == NEWER
    assert vm["osDisk"]["diffDiskSettings"] == before["diffDiskSettings"]


def test_azures_own_rolling_upgrade_reads_as_recorded(world: World, recorded: Recorded) -> None:
    world.add(upgrade_policy="Rolling")
    latest = f"{SET}/rollingUpgrades/latest"
    assert world.call("GET", latest).status_code == 404
    world.roll_model()
    running = world.call("GET", latest)
    assert_like(running, recorded("rollingUpgrades-latest"))
    assert running.json()["properties"]["runningStatus"]["code"] == "RollingForward"
    assert counts_of(running) == {"successful": 0, "failed": 0, "inProgress": 4, "pending": 16}
    world.pass_time(90)
    later = world.call("GET", latest)
    assert counts_of(later) == {"successful": 4, "failed": 0, "inProgress": 4, "pending": 12}
    world.pass_time(3600)
    ended = world.call("GET", latest)
    assert ended.json()["properties"]["runningStatus"]["code"] == "Completed"
    assert counts_of(ended) == {"successful": 20, "failed": 0, "inProgress": 0, "pending": 0}


def counts_of(answer: httpx.Response) -> dict[str, int]:
    progress = answer.json()["properties"]["progress"]
    return {name.removesuffix("InstanceCount"): count for name, count in progress.items()}


def test_instances_that_failed_are_counted_by_azures_own_rolling_upgrade(world: World) -> None:
    world.add(upgrade_policy="Rolling", capacity=5)
    world.fault(UpgradeFails(instance_ids=("3",)))
    world.roll_model()
    world.pass_time(3600)
    ended = world.call("GET", f"{SET}/rollingUpgrades/latest")
    assert counts_of(ended) == {"successful": 4, "failed": 1, "inProgress": 0, "pending": 0}


def test_a_manualupgrade_is_no_rolling_upgrade(world: World) -> None:
    world.add()
    world.roll_model()
    world.upgrade("0")
    answer = world.call("GET", f"{SET}/rollingUpgrades/latest")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("zones", "count"), [((), 1), ((), 2), ((), 3), ((), 5), (("1", "2"), 1), (("1", "2"), 5)]
)
def test_fault_domains_are_as_many_as_declared(
    world: World, zones: tuple[str, ...], count: int
) -> None:
    world.add(zones=zones, fault_domains=count)
    assert world.scale_set()["properties"]["platformFaultDomainCount"] == count
    shown = {one["faultDomain"] for one in world.truth()["instances"]}
    views = (world.vm(str(number))["properties"]["instanceView"] for number in range(20))
    assert {view["platformFaultDomain"] for view in views} == shown == set(range(count))
