"""What the doctor finds, and what it says to do about it."""

from typing import Any

import pytest
from answers import Answer, answering
from command import Done, Person
from story import System

WEB = "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute/virtualMachineScaleSets/web"
HEALTHY = {"status": "healthy", "version": "9"}
VIEW: dict[str, Any] = {"rollable": True, "healthSource": "probe"}
SETS = "Microsoft.Compute/virtualMachineScaleSets"
UNKNOWN_CALL = {"status": 404, "title": "No such call", "detail": "There is no such call."}


def test_what_is_wrong_with_the_app_is_a_finding(somebody: Person) -> None:
    health = {
        "status": "wrongSettings",
        "version": "9",
        "errors": [{"path": "ROLLOUT_SCOPES", "message": "is missing."}],
        "rollouts": [{"id": "web-1", "message": "No look since 10:00."}],
    }
    with answering(Answer(200, health), Answer(200, [])) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        done = somebody.says("doctor")
    assert done.code == 1
    wrong = [line for line in done.lines if line.startswith("✗")]
    assert wrong == [
        "✗ Setting ROLLOUT_SCOPES: is missing.",
        "✗ web-1 stands still: No look since 10:00.",
        "✗ It sees 0 scale sets.",
    ]


def looked_at(person: Person, name: str) -> Done:
    person.width = 400
    return person.says("doctor", name)


def test_a_scale_set_that_can_be_rolled(system: System, person: Person) -> None:
    system.scale_set(name="well", capacity=2, updateDomains=2)
    done = looked_at(person, "well")
    assert done.code == 0
    assert [line for line in done.lines if not line.startswith("✓")] == []
    assert "It may set the image of demo/well, and upgrade its instances." in done.out


@pytest.mark.parametrize(
    ("denied", "right"),
    [
        ({"method": "PATCH"}, "write"),
        ({"path": "manualupgrade"}, "manualUpgrade/action"),
        ({"path": "setOrchestrationServiceState"}, "setOrchestrationServiceState/action"),
    ],
    ids=["write", "upgrade", "repairs"],
)
def test_a_right_that_is_missing_is_found_before_a_rollout_needs_it(
    system: System, person: Person, denied: dict[str, str], right: str
) -> None:
    name = f"bare{len(right)}"
    system.scale_set(name=name, capacity=2, updateDomains=2)
    system.fault("denied", scaleSet=name, rate=1, **denied)
    done = looked_at(person, name)
    assert done.code == 1
    wrong = f"✗ Its identity lacks 1 right on demo/{name}: {SETS}/{right}."
    fix = done.lines[done.lines.index(wrong) + 1]
    assert "docs/runbook.md#the-rights-the-apps-identity-needs" in fix
    assert '--role "Virtual Machine Contributor" --scope /subscriptions/' in fix


def test_rights_that_the_app_may_not_list_are_no_failure(system: System, person: Person) -> None:
    system.scale_set(name="shy", capacity=2, updateDomains=2)
    system.fault("denied", scaleSet="shy", path="permissions")
    done = looked_at(person, "shy")
    assert done.code == 0
    (unsure,) = [line for line in done.lines if line.startswith("?")]
    assert unsure.startswith("? Whether it may change demo/shy is not known: ")
    assert "Microsoft.Authorization/permissions/read" in unsure


def test_an_older_app_says_nothing_of_rights(somebody: Person) -> None:
    with answering(
        Answer(200, HEALTHY),
        Answer(200, [{"id": WEB}]),
        Answer(200, [{"id": WEB}]),
        Answer(200, VIEW | {"upgradePolicy": {"mode": "Manual"}}),
        Answer(404, UNKNOWN_CALL),
    ) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        done = looked_at(somebody, "web")
    assert done.code == 0
    said = "? Whether it may change demo/web is not known: this version of the app does not say."
    assert said in done.lines


@pytest.mark.parametrize("mode", ["Automatic", "Rolling", ""])
def test_another_upgrade_policy_than_manual_is_wrong(somebody: Person, mode: str) -> None:
    with answering(
        Answer(200, HEALTHY),
        Answer(200, [{"id": WEB}]),
        Answer(200, [{"id": WEB}]),
        Answer(200, VIEW | {"upgradePolicy": {"mode": mode}}),
        Answer(200, {"known": True}),
    ) as server:
        somebody.environ["VMSS_ROLLOUT_APP"] = server.url
        done = looked_at(somebody, "web")
    assert done.code == 1
    assert "  Set it: az vmss update -g demo -n web --set upgradePolicy.mode=Manual" in done.lines
