"""Without an app: what az has written, whatever shell or command has written it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import Person
from story import NEW, System

from vmss_rollout import exits
from vmss_rollout.rehearsal.copied import Copied
from vmss_rollout.rehearsal.from_files import Files, copied_from_files

RECORDED = Path(__file__).parent / "recorded"
SHOW, LIST = RECORDED / "vmss-show.json", RECORDED / "vmss-list-instances.json"
VIEWS = RECORDED / "vmss-get-instance-view.json"
NEWER = "MicrosoftWindowsServer:WindowsServer:2022-datacenter-g2:20348.2700.240900"

type Json = dict[str, Any]


def body(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def written(folder: Path, name: str, document: object, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding)
    return file


def recorded() -> Copied:
    return copied_from_files(Files(SHOW, LIST, VIEWS), "winvmss")


def test_what_az_writes_is_read() -> None:
    copied = recorded()
    (machine,) = copied.machines
    assert machine.image["version"] == "20348.2655.240810"
    assert (machine.update_domain, machine.power, machine.generation) == (0, "running", "V1")
    assert (machine.protected, machine.latest_model) == (True, False)
    assert copied.spec["image"]["version"] == "latest"
    told = [copied.spec[name] for name in ("osType", "osDiskGb", "securityType", "health")]
    assert told == ["Windows", 127, "TrustedLaunch", "none"]
    assert copied.spec["faultDomains"] == 5


def test_a_shell_that_writes_utf_16_is_no_hindrance(tmp_path: Path) -> None:
    show = written(tmp_path, "show.json", body(SHOW), "utf-16")
    assert copied_from_files(Files(show, LIST, VIEWS), "winvmss").spec == recorded().spec


def test_what_is_recorded_of_azure_can_be_rehearsed(offline: Person) -> None:
    words = ["--show", str(SHOW), "--instances", str(LIST), "--views", str(VIEWS)]
    words += ["--set", "health.source=powerState", "-o", "json"]
    done = offline.says("rehearse", "winvmss", NEWER, *words)
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert [skip["reason"] for skip in report["plan"]["skipped"]] == [
        "is protected from scale set actions (protectFromScaleSetActions)"
    ]


def with_extension(kind: str) -> Json:
    extensions = [{"name": "e", "typePropertiesType": kind, "type": "Microsoft.Compute/x"}]
    show = body(SHOW)
    show["virtualMachineProfile"]["extensionProfile"] = {"extensions": extensions}
    return show


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        (with_extension("ApplicationHealthWindows"), "health", "application"),
        (with_extension("ServiceFabricNode"), "extensions", ["ServiceFabricNode"]),
        (body(SHOW) | {"automaticRepairsPolicy": {"enabled": True}}, "automaticRepairs", True),
        (body(SHOW) | {"upgradePolicy": {"mode": "Rolling"}}, "upgradePolicy", "Rolling"),
        (
            body(SHOW) | {"upgradePolicy": {
                "mode": "Manual", "automaticOsUpgradePolicy": {"enableAutomaticOsUpgrade": True}}},
            "automaticOsUpgrade", True,
        ),
        (body(SHOW) | {"zones": ["1", "2"]}, "zones", ["1", "2"]),
        (
            body(SHOW) | {"plan": {"name": "n", "product": "o", "publisher": "p"}},
            "plan", {"publisher": "p", "product": "o", "name": "n"},
        ),
    ],
)  # fmt: skip
def test_what_the_app_looks_at_is_copied(
    tmp_path: Path, change: Json, field: str, value: object
) -> None:
    show = written(tmp_path, "show.json", change)
    assert copied_from_files(Files(show, LIST, VIEWS), "winvmss").spec[field] == value


def test_a_probe_and_instances_that_move_are_remarked_on(tmp_path: Path) -> None:
    show = body(SHOW)
    show["virtualMachineProfile"]["networkProfile"]["healthProbe"] = {"id": "/probe"}
    rows = [body(LIST)[0] | {"provisioningState": "Updating"}]
    files = Files(written(tmp_path, "s", show), written(tmp_path, "i", rows), VIEWS)
    copied = copied_from_files(files, "winvmss")
    assert copied.spec["health"] == "application"
    remarks = " ".join(copied.remarks)
    assert "Health comes from a load balancer's probe" in remarks
    assert "Instance 0: being created, updated or deleted now" in remarks
    assert copied.faults[0]["fault"]["kind"] == "instanceStuck"


ROW: Json = body(LIST)[0]
STRANGER = ROW | {"id": ROW["id"].replace("winvmss", "other")}
WRONG: dict[str, tuple[object, object, str, str]] = {
    "no JSON": ("az: command not found", [ROW], "show.json is not what az vmss show writes", ""),
    "a list of sets": ([body(SHOW)], [ROW], "it is a list", ""),
    "a VM": ({"id": ROW["id"]}, [ROW], "it is about /subscriptions/", ""),
    "nothing": ({}, [ROW], "there is no id of a scale set in it", ""),
    "no model": ({"id": body(SHOW)["id"]}, [ROW], "there is no virtualMachineProfile", ""),
    "an object of instances": (body(SHOW), {"a": 1}, "instances.json is not what az vmss", ""),
    "instances of nothing": (body(SHOW), ["a"], "something without an instanceId", ""),
    "another set": (body(SHOW), [STRANGER], "instances of another scale set", "Read both"),
    "one twice": (body(SHOW), [ROW, ROW], "an instance is in it twice", ""),
    "no views": (body(SHOW), [ROW], "in which update domains", "--expand instanceView"),
    "flexible": (
        body(RECORDED / "vmss-show-flexible.json"),
        body(RECORDED / "vmss-list-instances-of-flexible.json"),
        "tells nothing of the instances but their names", "Let the app read it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_something_else_wrote_is_said_to_be(
    offline: Person, tmp_path: Path, case: str
) -> None:
    show, instances, said, hint = WRONG[case]
    files = [written(tmp_path, "show.json", show), written(tmp_path, "instances.json", instances)]
    name = "vmss000002" if case == "flexible" else "winvmss"
    words = ["--show", str(files[0]), "--instances", str(files[1])]
    done = offline.says("rehearse", name, NEWER, *words)
    assert (done.code, done.out) == (exits.USAGE, "")
    err = " ".join(done.err.split())
    assert said in err
    assert (hint or "Write it: az vmss") in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["winvmss", NEWER, "--show", str(SHOW)], "both the scale set and its instances"),
        (["winvmss", NEWER, "--show", "no", "--instances", "no"], "no cannot be read"),
        (["web", NEWER, "--show", str(SHOW), "--instances", str(LIST)], "winvmss in it, not web"),
        (
            ["winvmss", "latest", "--show", str(SHOW), "--instances", str(LIST), "--views",
             str(VIEWS)],
            "which version is the latest",
        ),
        (["winvmss", NEWER, "--fault", "no"], "There is no fault 'no'."),
        (["winvmss", NEWER], "No app is configured."),
    ],
)  # fmt: skip
def test_what_was_typed_cannot_be_meant(offline: Person, words: list[str], said: str) -> None:
    done = offline.says("rehearse", *words)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert said in done.err


def test_a_scale_set_without_instances_ends_at_once(
    system: System, offline: Person, files: Callable[[str], tuple[str, ...]]
) -> None:
    system.scale_set(name="empty", capacity=0)
    done = offline.says("rehearse", "empty", NEW, *files("empty"), "-o", "json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["phase"] == "Succeeded"


def test_what_the_app_would_refuse_it_refuses(
    system: System, offline: Person, files: Callable[[str], tuple[str, ...]]
) -> None:
    system.scale_set(name="rolling", capacity=2, upgradePolicy="Rolling")
    done = offline.says("rehearse", "rolling", NEW, *files("rolling"))
    assert done.code == exits.REFUSED
    assert done.err.startswith("The app would refuse it. The upgrade policy of ")
