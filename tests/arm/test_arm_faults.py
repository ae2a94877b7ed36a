"""Each declared fault does what it says, and only that."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from arm_world import NEWER, World

from local.arm.http.app import create_app
from local.arm.images.image import ImageReference
from local.arm.model.fault import (
    BadImage,
    Conflict,
    DropConnection,
    Flapping,
    ForeignWrite,
    InstanceStops,
    InstanceVanishes,
    ScaleOut,
    ServerError,
    SlowBoot,
    Throttle,
    UpgradeFails,
)

SET = "virtualMachineScaleSets/web"
VMS = f"{SET}/virtualMachines"


@pytest.fixture
def rolling(world: World) -> World:
    """A set whose model names a newer image; 60 s to upgrade, 30 s to boot."""
    world.add()
    world.roll_model()
    return world


def health(world: World, instance_id: str = "0") -> str:
    view = world.vm(instance_id)["properties"]["instanceView"]
    return view["vmHealth"]["status"]["code"].removeprefix("HealthState/")


def status(world: World, path: str = SET) -> int:
    return world.call("GET", path).status_code


def test_instances_on_a_bad_image_never_become_healthy(rolling: World) -> None:
    rolling.fault(BadImage(version=NEWER))
    rolling.upgrade("0")
    rolling.pass_time(3600)
    assert health(rolling) == "unhealthy"
    assert health(rolling, "1") == "healthy"


def test_a_bad_image_may_show_only_after_a_while(rolling: World) -> None:
    rolling.fault(BadImage(version=NEWER, after=timedelta(seconds=60)))
    rolling.upgrade("0")
    rolling.pass_time(149)
    assert health(rolling) == "healthy"
    rolling.pass_time(1)
    assert health(rolling) == "unhealthy"


def test_clearing_faults_heals_what_they_made_ill(rolling: World) -> None:
    rolling.fault(BadImage(version=NEWER))
    rolling.upgrade("0")
    rolling.pass_time(120)
    rolling.azure.clear_faults()
    assert health(rolling) == "healthy"


@pytest.mark.parametrize("slow", [SlowBoot(factor=3), SlowBoot(instance_ids=("0",), seconds=90)])
def test_a_slow_boot_takes_longer_to_become_healthy(rolling: World, slow: SlowBoot) -> None:
    rolling.fault(slow)
    rolling.upgrade("0")
    rolling.pass_time(60 + 89)
    assert health(rolling) == "unhealthy"
    rolling.pass_time(1)
    assert health(rolling) == "healthy"


def test_a_flapping_instance_changes_its_health_every_period(rolling: World) -> None:
    rolling.fault(Flapping(instance_ids=("0",), period=timedelta(seconds=10)))
    seen: list[str] = []
    for _ in range(4):
        seen.append(health(rolling))
        rolling.pass_time(10)
    assert seen == ["unhealthy", "healthy"] * 2
    assert rolling.truth()["peakDown"] == 0


def test_flapping_may_be_bound_to_an_image(rolling: World) -> None:
    rolling.fault(Flapping(instance_ids=("0",), version=NEWER))
    assert health(rolling) == "healthy"


def test_a_failed_upgrade_leaves_the_instance_failed(rolling: World) -> None:
    rolling.fault(UpgradeFails(instance_ids=("0",)))
    operation = rolling.upgrade("0", "5").headers["azure-asyncoperation"]
    rolling.pass_time(60)
    assert rolling.call("GET", operation).json()["status"] == "Failed"
    vm = rolling.vm("0")["properties"]
    assert (vm["provisioningState"], vm["latestModelApplied"]) == ("Failed", False)
    codes = [one["code"] for one in vm["instanceView"]["statuses"]]
    assert codes[0] == "ProvisioningState/failed/VMExtensionProvisioningError"
    assert rolling.vm("5")["properties"]["provisioningState"] == "Succeeded"
    assert rolling.scale_set()["properties"]["provisioningState"] == "Failed"


def test_a_failed_upgrade_can_be_repeated(rolling: World) -> None:
    rolling.fault(UpgradeFails(instance_ids=("0",)))
    rolling.upgrade("0")
    rolling.pass_time(60)
    rolling.azure.clear_faults()
    rolling.upgrade("0")
    rolling.pass_time(90)
    assert rolling.vm("0")["properties"]["provisioningState"] == "Succeeded"
    assert rolling.scale_set()["properties"]["provisioningState"] == "Succeeded"


def test_throttling_answers_429_as_documented(rolling: World) -> None:
    rolling.fault(Throttle(retry_after=17))
    answer = rolling.call("GET", SET)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (429, "OperationNotAllowed")
    assert error["details"][0]["code"] == "TooManyRequests"
    assert answer.headers["Retry-After"] == "17"
    assert answer.headers["x-ms-ratelimit-remaining-resource"].endswith(";0")
    assert status(rolling) == 200


def test_a_count_says_how_many_requests_are_hit(rolling: World) -> None:
    rolling.fault(Throttle(count=2))
    assert [status(rolling) for _ in range(4)] == [429, 429, 200, 200]


def test_a_rate_says_which_share_of_requests_is_hit(rolling: World) -> None:
    rolling.fault(Throttle(rate=0.25))
    assert [status(rolling) for _ in range(8)] == [200, 200, 200, 429] * 2


@pytest.mark.parametrize(
    "fault",
    [
        ServerError(method="POST", count=9),
        ServerError(path="/virtualmachines/", count=9),
        ServerError(scale_set="other", count=9),
    ],
)
def test_a_fault_hits_only_what_it_is_for(rolling: World, fault: ServerError) -> None:
    rolling.fault(fault)
    assert status(rolling) == 200


@pytest.mark.parametrize("code", [500, 503])
def test_a_server_error_changes_nothing(rolling: World, code: int) -> None:
    rolling.fault(ServerError.from_json({"status": code, "method": "post"}))
    assert rolling.upgrade("0").status_code == code
    assert rolling.truth()["peakDown"] == 0


def test_a_server_error_may_come_after_the_deed(rolling: World) -> None:
    rolling.fault(ServerError(after=True))
    assert rolling.upgrade("0").status_code == 503
    assert rolling.truth()["peakDown"] == 1
    assert rolling.azure.requests.all()[-1].status == 503


@pytest.mark.parametrize("after", [False, True])
def test_a_dropped_connection_gives_no_answer(rolling: World, after: bool) -> None:  # noqa: FBT001
    rolling.fault(DropConnection(after=after))
    with pytest.raises(httpx.TransportError):
        rolling.upgrade("0")
    assert rolling.truth()["peakDown"] == int(after)
    assert status(rolling) == 200
    assert rolling.azure.requests.all()[-2].status is None


def test_a_connection_can_be_dropped_without_a_socket(rolling: World) -> None:
    rolling.fault(DropConnection())
    transport = httpx.ASGITransport(create_app(rolling.azure))

    async def read() -> None:
        async with httpx.AsyncClient(transport=transport, base_url=rolling.url) as client:
            await client.get("/x?api-version=2024-07-01", headers={"Authorization": "Bearer x"})

    with pytest.raises(ConnectionResetError):
        asyncio.run(read())


def test_a_conflict_hits_only_requests_that_change_something(rolling: World) -> None:
    rolling.fault(Conflict())
    assert status(rolling) == 200
    assert rolling.upgrade("0").status_code == 409
    assert rolling.upgrade("0").status_code == 202


def test_someone_else_changes_the_image(rolling: World) -> None:
    etag = rolling.scale_set()["etag"]
    other = ImageReference(version="15.0.0")
    rolling.fault(ForeignWrite(image=other, after=timedelta(seconds=30)))
    rolling.pass_time(29)
    assert rolling.scale_set()["etag"] == etag
    rolling.pass_time(1)
    body = rolling.scale_set()
    storage = body["properties"]["virtualMachineProfile"]["storageProfile"]
    assert (storage["imageReference"]["version"], body["etag"]) == ("15.0.0", '"3"')
    assert rolling.set_image(etag=etag).status_code == 412
    assert rolling.truth()["violations"] == []


def test_someone_else_changes_another_part_of_the_model(rolling: World) -> None:
    rolling.fault(ForeignWrite(profile={"osProfile": {"adminUsername": "mallory"}}))
    profile = rolling.scale_set()["properties"]["virtualMachineProfile"]
    assert profile["osProfile"]["adminUsername"] == "mallory"
    assert profile["osProfile"]["computerNamePrefix"] == "web"


def test_an_instance_vanishes_when_it_is_due(rolling: World) -> None:
    rolling.fault(InstanceVanishes(instance_ids=("0",), after=timedelta(seconds=30)))
    assert status(rolling, f"{VMS}/0") == 200
    rolling.pass_time(30)
    assert status(rolling, f"{VMS}/0") == 404
    assert rolling.upgrade("0").status_code == 400
    assert rolling.scale_set()["sku"]["capacity"] == 19


def test_an_instance_that_vanished_is_not_down_any_more(rolling: World) -> None:
    rolling.upgrade("0")
    rolling.fault(InstanceVanishes(instance_ids=("0",), after=timedelta(seconds=30)))
    rolling.pass_time(60)
    rolling.upgrade("1")
    assert (rolling.truth()["peakDown"], rolling.truth()["violations"]) == (1, [])


@pytest.mark.parametrize("deallocated", [False, True])
def test_an_instance_stops_when_it_is_due_and_stays_so(
    rolling: World, *, deallocated: bool
) -> None:
    stops = InstanceStops(instance_ids=("0",), after=timedelta(seconds=30), deallocated=deallocated)
    rolling.fault(stops)
    assert rolling.truth()["instances"][0]["power"] == "running"
    rolling.pass_time(30)
    power = "deallocated" if deallocated else "stopped"
    assert rolling.truth()["instances"][0]["power"] == power
    view = rolling.vm("0")["properties"]["instanceView"]
    assert view["statuses"][1]["code"] == f"PowerState/{power}"
    assert "vmHealth" not in view
    assert rolling.truth()["peakDown"] == 0


def test_new_instances_come_up_on_the_current_model(rolling: World) -> None:
    rolling.fault(ScaleOut(count=2, after=timedelta(seconds=10)))
    rolling.pass_time(10)
    assert rolling.vm("20")["properties"]["provisioningState"] == "Creating"
    rolling.pass_time(90)
    vm = rolling.vm("21")["properties"]
    assert (vm["provisioningState"], vm["latestModelApplied"]) == ("Succeeded", True)
    assert rolling.truth()["peakDown"] == 0
    assert rolling.truth()["capacity"] == 22


def test_a_fault_may_concern_one_scale_set(rolling: World) -> None:
    other = rolling.add("other")
    rolling.fault(InstanceVanishes(instance_ids=("0",), scale_set=other))
    assert rolling.truth("web")["capacity"] == 20
    assert rolling.truth("other")["capacity"] == 19


def test_cleared_faults_do_not_happen_any_more(rolling: World) -> None:
    rolling.fault(ScaleOut(after=timedelta(seconds=10)))
    rolling.fault(Throttle(count=5))
    rolling.azure.clear_faults()
    rolling.pass_time(20)
    assert status(rolling) == 200
    assert rolling.truth()["capacity"] == 20
