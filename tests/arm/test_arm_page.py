"""The simulator's own page, and what it asks the controls for."""

import re

import pytest
from arm_world import NEWER, World
from pydantic import ValidationError

from local.arm.model.fault import (
    BadImage,
    DelayEvents,
    InstanceStops,
    InstanceVanishes,
    Rewrite,
    SlowBoot,
    Throttle,
)
from local.arm.model.fault_reading import fault_from_json

SET = "/virtualMachineScaleSets/web"


def kinds(world: World) -> list[str]:
    return [one["fault"]["kind"] for one in world.http.get("/_sim/faults").json()]


def test_the_page_is_at_the_root_and_everything_it_loads_is_there(world: World) -> None:
    answer = world.http.get("/", headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="(/_sim/page/[^"]+)"', answer.text)
    assert loaded
    for path in loaded:
        text = world.http.get(path).text
        imports = re.findall(r'from "\./([\w.]+)"', text)
        for name in imports:
            assert world.http.get(f"/_sim/page/{name}").status_code == 200, name


def test_the_page_names_no_other_host(world: World) -> None:
    page = world.http.get("/")
    assert "http://" not in page.text
    assert "https://" not in page.text


def test_every_kind_of_fault_is_in_its_menu(world: World) -> None:
    menu = world.http.get("/_sim/page/fault_menu.js").text
    with pytest.raises(ValidationError) as unknown:
        fault_from_json({"kind": "any"})
    told = unknown.value.errors()[0]["msg"].partition("use one of ")[2].split(", ")
    assert len(told) > 15
    assert not [kind for kind in told if f'kind: "{kind}"' not in menu]


def test_a_file_that_is_not_the_pages_is_404(world: World) -> None:
    for name in ("none.js", "..%2fapp.py", "%2e%2e"):
        assert world.http.get(f"/_sim/page/{name}").status_code == 404


def test_only_the_page_is_at_the_root(world: World) -> None:
    answer = world.http.post("/?api-version=2024-07-01")
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotImplemented")
    assert world.http.get("/_sim/requests").json() != []


def test_asking_for_the_page_is_no_request_of_arm(world: World) -> None:
    world.http.get("/")
    assert world.http.get("/_sim/requests").json() == []


def test_all_that_a_page_shows_is_one_answer(world: World) -> None:
    world.add()
    world.fault(BadImage(version=NEWER))
    shown = world.http.get("/_sim").json()
    assert shown["scaleSets"] == world.http.get("/_sim/scale-sets").json()
    assert shown["faults"] == world.http.get("/_sim/faults").json()
    assert shown["images"] == world.http.get("/_sim/images").json()
    assert shown["now"].startswith("2026-01-01T00:00:00")


def test_the_images_there_are_are_listed(world: World) -> None:
    world.add()
    world.pass_time(60)
    world.publish()
    old, new = world.http.get("/_sim/images").json()
    assert old["version"] == "14.04.201506100"
    assert new == {
        "id": f"Canonical:UbuntuServer:14.04.2-LTS:{NEWER}",
        "kind": "platform",
        "version": NEWER,
        "state": "Active",
        "publishedAt": "2026-01-01T00:01:00.0000000+00:00",
    }
    for image in (
        {"gallery": "golden", "image": "web", "version": "1.0.0"},
        {"name": "mine"},
        {"uri": "https://disks.example/x.vhd"},
    ):
        world.http.post("/_sim/images", json=image)
    listed = {one["kind"]: one for one in world.http.get("/_sim/images").json()}
    assert (listed["gallery"]["version"], listed["gallery"]["state"]) == ("1.0.0", "Succeeded")
    assert (listed["managed"]["version"], listed["vhd"]["state"]) == (None, None)
    world.http.delete("/_sim/images", params={"image": new["id"]})
    assert new["id"] not in [one["id"] for one in world.http.get("/_sim/images").json()]


def test_the_truth_says_what_is_being_done_to_an_instance(world: World) -> None:
    world.add()
    world.roll_model()
    world.upgrade("0")
    seen: list[tuple[str, bool]] = []
    for seconds in (1, 60, 40):
        world.pass_time(seconds)
        one = world.truth()["instances"][0]
        seen.append((one["provisioning"], one["upgrading"]))
    assert seen == [("Updating", True), ("Succeeded", True), ("Succeeded", False)]


def test_a_fault_is_listed_as_it_was_declared(world: World) -> None:
    declared = {"kind": "slowBoot", "scaleSet": "web", "instanceIds": ["0"], "seconds": 300.0}
    name = world.http.post("/_sim/faults", json=declared).json()["id"]
    (listed,) = world.http.get("/_sim/faults").json()
    assert listed == {
        "id": name,
        "fault": declared,
        "since": "2026-01-01T00:00:00.0000000+00:00",
        "hits": 0,
        "left": None,
    }
    assert fault_from_json(listed["fault"]) == fault_from_json(declared)


def test_a_body_that_is_null_is_listed_too(world: World) -> None:
    world.http.post("/_sim/faults", json={"kind": "rewrite", "body": None})
    (listed,) = world.http.get("/_sim/faults").json()
    assert fault_from_json(listed["fault"]) == Rewrite(body=None)
    assert listed["fault"] == {"kind": "rewrite", "body": None}


def test_what_is_used_up_is_not_listed(world: World) -> None:
    world.add()
    world.fault(Throttle(count=2))
    world.call("GET", f"{SET[1:]}")
    (listed,) = world.http.get("/_sim/faults").json()
    assert (listed["hits"], listed["left"]) == (1, 1)
    world.call("GET", f"{SET[1:]}")
    assert kinds(world) == []


def test_what_has_happened_is_not_listed(world: World) -> None:
    world.add()
    world.http.post("/_sim/faults", json={"kind": "scaleOut", "after": 60})
    (listed,) = world.http.get("/_sim/faults").json()
    assert (listed["since"], listed["left"]) == ("2026-01-01T00:01:00.0000000+00:00", 1)
    world.pass_time(61)
    assert kinds(world) == []
    assert world.truth()["capacity"] == 21


@pytest.mark.parametrize(
    "fault",
    [
        SlowBoot(),
        Throttle(rate=1),
        InstanceVanishes(instance_ids=("0",), after=60),  # pyright: ignore[reportArgumentType]
        DelayEvents(),
        BadImage(version=NEWER),
    ],
    ids=lambda fault: fault.kind,
)
def test_one_fault_can_be_taken_away(world: World, fault: SlowBoot) -> None:
    world.add()
    world.fault(InstanceStops(instance_ids=("1",), after=60))  # pyright: ignore[reportArgumentType]
    name = world.fault(fault)
    assert world.http.delete(f"/_sim/faults/{name}").status_code == 204
    assert kinds(world) == ["instanceStops"]
    assert world.call("GET", f"{SET[1:]}").status_code == 200
    world.pass_time(61)
    states = {one["instanceId"]: one["power"] for one in world.truth()["instances"]}
    assert (states["0"], states["1"]) == ("running", "stopped")


def test_taking_a_bad_image_away_heals_what_it_made_ill(world: World) -> None:
    world.add()
    world.roll_model()
    name = world.fault(BadImage(version=NEWER))
    world.upgrade("0")
    world.pass_time(300)
    assert world.truth()["instances"][0]["health"] == "unhealthy"
    assert world.http.delete(f"/_sim/faults/{name}").status_code == 204
    assert world.truth()["instances"][0]["health"] == "healthy"
    assert world.truth()["peakDown"] == 1


def test_a_fault_that_is_not_there_cannot_be_taken_away(world: World) -> None:
    name = world.fault(SlowBoot())
    assert world.http.delete(f"/_sim/faults/{name}").status_code == 204
    for gone in (name, "fault-99", "none"):
        answer = world.http.delete(f"/_sim/faults/{gone}")
        assert (answer.status_code, answer.json()["status"]) == (404, 404)
        assert "GET /_sim/faults" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="a page of another site"),
        pytest.param({"Origin": "null"}, id="a page without a site"),
        pytest.param({"Host": "evil.example:7072"}, id="a name that leads here"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/_sim/faults", "/subscriptions"])
def test_what_a_page_from_elsewhere_sends_is_refused(
    world: World, headers: dict[str, str], path: str
) -> None:
    answer = world.http.post(path, headers=headers, json={"kind": "slowBoot"})
    assert answer.status_code == 403
    assert "not from a page of another site" in answer.json()["detail"]
    assert kinds(world) == []


def test_a_page_of_this_machine_may_ask(world: World) -> None:
    headers = {"Origin": world.url}
    assert world.http.post("/_sim/faults", headers=headers, json={"kind": "slowBoot"}).is_success
