"""The controls under /_sim, for people and tests."""

import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from arm_world import COMPUTE, Json, World

from local.arm.example import add_example_fleet
from local.arm.images.image import ImageReference


def test_a_scale_set_needs_only_a_name(world: World) -> None:
    answer = world.http.post("/_sim/scale-sets", json={"name": "web"})
    assert (answer.status_code, answer.json()) == (
        201,
        {"id": f"{COMPUTE}/virtualMachineScaleSets/web"},
    )
    truth = world.http.get("/_sim/scale-sets/demo/web").json()
    assert (truth["capacity"], truth["location"], truth["upgradePolicy"]) == (
        20,
        "westus",
        "Manual",
    )
    assert truth["image"] == "Canonical:UbuntuServer:14.04.2-LTS:14.04.201506100"
    assert (truth["peakDown"], truth["violations"]) == (0, [])


def test_durations_are_seconds_or_iso_8601(world: World) -> None:
    world.publish()
    body = {"name": "web", "upgradeDuration": "PT10S", "bootDuration": 5, "modelUpdateDuration": 0}
    world.http.post("/_sim/scale-sets", json=body)
    world.set_image()
    world.upgrade("0")
    world.pass_time(15)
    assert not world.truth()["instances"][0]["down"]


def test_every_error_of_a_declaration_is_told_at_once(world: World) -> None:
    body = {"capacity": 2000, "upgradePolicy": "Never", "colour": "red"}
    answer = world.http.post("/_sim/scale-sets", json=body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    paths = {one["path"] for one in answer.json()["errors"]}
    assert paths == {"name", "capacity", "upgradePolicy", "colour"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"name": "web", "orchestrationMode": "Flexible", "updateDomains": 5},
            "has no update domains",
        ),
        ({"name": "web", "protected": ["99"]}, "no such instance ids: 99"),
        ({"name": "web", "deallocated": ["98"]}, "no such instance ids: 98"),
        (
            {"name": "web", "stopped": ["1", "2"], "deallocated": ["2"]},
            "both stopped and deallocated: 2",
        ),
        (
            {"name": "web", "osDisk": "ephemeral", "image": {"uri": "https://y/x.vhd"}},
            "a VHD is no image for ephemeral disks",
        ),
        ({"name": "web", "image": {"id": "/x", "uri": "https://y"}}, "name one image"),
        ([], "an object is expected"),
    ],
)
def test_a_wrong_scale_set_is_refused_with_the_reason(world: World, body: Any, told: str) -> None:
    answer = world.http.post("/_sim/scale-sets", json=body)
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_two_scale_sets_cannot_have_one_name(world: World) -> None:
    world.add()
    assert world.http.post("/_sim/scale-sets", json={"name": "WEB"}).status_code == 409


def test_the_truth_about_no_scale_set_is_404(world: World) -> None:
    answer = world.http.get("/_sim/scale-sets/demo/none")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


@pytest.mark.parametrize(
    ("body", "identity"),
    [
        ({"publisher": "p", "offer": "o", "sku": "s", "version": "1.2.3"}, "p:o:s:1.2.3"),
        (
            {"gallery": "g", "image": "i", "version": "1.0.0", "targetRegions": ["West US"]},
            f"{COMPUTE}/galleries/g/images/i/versions/1.0.0",
        ),
        (
            {"sharedGallery": "u", "image": "i", "version": "1.0.0"},
            "/SharedGalleries/u/Images/i/Versions/1.0.0",
        ),
        (
            {"communityGallery": "p", "image": "i", "version": "1.0.0"},
            "/CommunityGalleries/p/Images/i/Versions/1.0.0",
        ),
        ({"name": "golden"}, f"{COMPUTE}/images/golden"),
        ({"uri": "https://x.example/a.vhd"}, "https://x.example/a.vhd"),
    ],
)
def test_any_kind_of_image_can_be_published(world: World, body: Json, identity: str) -> None:
    answer = world.http.post("/_sim/images", json=body)
    assert (answer.status_code, answer.json()) == (201, {"id": identity})


def test_a_wrong_image_is_refused_with_every_error(world: World) -> None:
    body = {"gallery": "g", "targetRegions": [{"state": "Lost"}]}
    errors = world.http.post("/_sim/images", json=body).json()["errors"]
    assert {one["path"] for one in errors} == {
        "image",
        "version",
        "targetRegions[0].name",
        "targetRegions[0].state",
    }


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "badImage", "version": "1"},
        {"kind": "slowBoot", "instanceIds": ["1"], "factor": 4},
        {"kind": "flapping", "instanceIds": ["1"], "period": 10},
        {"kind": "upgradeFails", "instanceIds": [1]},
        {"kind": "throttle", "rate": 0.5, "retryAfter": 3, "method": "GET"},
        {"kind": "serverError", "count": 2, "status": 500, "after": True},
        {"kind": "denied", "status": 401, "method": "POST"},
        {"kind": "dropConnection", "path": "/operations/"},
        {"kind": "conflict", "count": 1, "scaleSet": "web"},
        {"kind": "foreignWrite", "image": {"version": "9"}, "after": 30},
        {"kind": "instanceVanishes", "instanceIds": ["4"], "after": "PT1M"},
        {"kind": "instanceStops", "instanceIds": ["4"], "after": 5, "deallocated": True},
        {"kind": "instanceStuck", "instanceIds": ["4"], "after": 5, "state": "Deleting"},
        {"kind": "scaleOut", "count": 3, "after": 5},
    ],
)
def test_every_kind_of_fault_can_be_declared(world: World, body: Json) -> None:
    answer = world.http.post("/_sim/faults", json=body)
    assert (answer.status_code, answer.json()) == (201, {"id": "fault-1"})
    assert world.http.delete("/_sim/faults").status_code == 204


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"kind": "earthquake"}, "kind"),
        ({}, "kind"),
        ({"kind": "badImage"}, ""),
        ({"kind": "foreignWrite"}, ""),
        ({"kind": "instanceStuck", "instanceIds": ["4"], "state": "Lost"}, "state"),
        ({"kind": "throttle", "rate": 2}, "rate"),
        ({"kind": "throttle", "retry_after": 2}, "retry_after"),
    ],
)
def test_a_wrong_fault_is_refused(world: World, body: Json, path: str) -> None:
    answer = world.http.post("/_sim/faults", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)


def test_a_manual_clock_can_be_advanced(world: World) -> None:
    assert world.http.post("/_sim/clock", json={"advance": 60}).json() == {
        "now": "2026-01-01T00:01:00.0000000+00:00"
    }
    assert world.http.post("/_sim/clock", json={"advance": -1}).status_code == 400


def test_a_clock_that_runs_by_itself_cannot_be_advanced(fast_world: World) -> None:
    assert fast_world.http.post("/_sim/clock", json={"advance": 60}).status_code == 409


def test_a_control_there_is_not_is_a_problem(world: World) -> None:
    answer = world.http.get("/_sim/weather")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_an_image_that_leaves_the_version_open_must_be_published(world: World) -> None:
    body = {"name": "web", "image": {"version": "latest"}}
    assert world.http.post("/_sim/scale-sets", json=body).status_code == 404


def test_the_example_fleet_has_newer_images_to_roll_to(world: World) -> None:
    assert len(add_example_fleet(world.azure)) == 5
    sets = {one["name"]: one for one in world.azure.truths()}
    assert {name: one["capacity"] for name, one in sets.items()} == {
        "web": 20,
        "api": 12,
        "batch": 10,
        "api-canary": 2,
        "api-prod": 6,
    }
    assert world.set_image("14.04.201507060", "web").status_code == 200
    zones = {one["zone"] for one in sets["api"]["instances"]}
    assert zones == {"1", "2", "3"}


def test_an_image_reference_may_leave_out_what_the_default_says() -> None:
    assert ImageReference(version="1").storage() == {"imageReference": {"version": "1"}}


def command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "local.arm", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_says_its_address_serves_and_ends_on_sigterm(tmp_path: Path) -> None:
    with command("--port", "0", "--speed", "60", "--state", str(tmp_path)) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.split()[3].rstrip(",")
        names = [one["name"] for one in httpx.get(f"{url}/_sim/scale-sets").json()]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert url.startswith("http://127.0.0.1:")
    assert names == ["web", "api", "batch", "api-canary", "api-prod"]


@pytest.mark.by_day(1)
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_command_goes_on_where_it_was_or_begins_anew(
    end: signal.Signals, tmp_path: Path
) -> None:
    state = ["--state", str(tmp_path)]
    with started(*state, "--empty") as (process, url):
        made = httpx.post(f"{url}/_sim/scale-sets", json={"name": "mine", "capacity": 2})
        assert made.status_code == 201
        process.send_signal(end)
        process.wait(timeout=10)
    with started(*state) as (process, url):
        assert named(url) == ["mine"]
        with command("--port", "0", *state) as other:
            assert other.wait(timeout=10) == 2
            assert other.stderr
            assert "cannot start" in other.stderr.read()
    with started(*state, "--fresh", "--empty") as (process, url):
        assert named(url) == []


@contextmanager
def started(*arguments: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The command, and its address."""
    with command("--port", "0", *arguments) as process:
        assert process.stdout
        yield process, process.stdout.readline().split()[3].rstrip(",")
        process.terminate()


def named(url: str) -> list[str]:
    return [one["name"] for one in httpx.get(f"{url}/_sim/scale-sets").json()]


def test_the_command_says_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with command("--port", port, "--empty", "--state", str(tmp_path)) as process:
            assert process.wait(timeout=10) == 2
            assert process.stderr
            assert f"port {port}" in process.stderr.read()
