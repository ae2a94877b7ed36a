"""The right that a call needs, and the 403 that says so, as documented."""

import json
from pathlib import Path

import pytest
from arm_world import COMPUTE, World

from local.arm.http.right import Right
from local.arm.model.fault_reading import fault_from_json

RECORDED = Path(__file__).parent / "recorded" / "documented-errors.json"
SUBSCRIPTION = COMPUTE.partition("/resourceGroups")[0]
PUBLISHERS = f"{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/publishers"
SET = f"{COMPUTE}/virtualMachineScaleSets/web"


@pytest.mark.parametrize(
    ("method", "path", "action", "scope"),
    [
        ("GET", SET, "virtualMachineScaleSets/read", SET),
        ("PATCH", SET, "virtualMachineScaleSets/write", SET),
        ("POST", f"{SET}/manualupgrade", "virtualMachineScaleSets/manualupgrade/action", SET),
        ("GET", f"{SET}/instanceView", "virtualMachineScaleSets/instanceView/read", SET),
        ("GET", f"{SET}/virtualMachines", "virtualMachineScaleSets/virtualMachines/read", SET),
        (
            "GET", f"{COMPUTE}/galleries/g/images/i/versions/1.0.0",
            "galleries/images/versions/read", f"{COMPUTE}/galleries/g/images/i/versions/1.0.0",
        ),
        ("GET", f"{COMPUTE}/virtualMachineScaleSets", "virtualMachineScaleSets/read", COMPUTE),
        (
            "GET",
            f"{PUBLISHERS}/p/artifacttypes/vmimage/offers/o/skus/s/versions",
            "locations/publishers/artifacttypes/offers/skus/versions/read", SUBSCRIPTION,
        ),
    ],
)  # fmt: skip
def test_the_right_that_a_call_needs(method: str, path: str, action: str, scope: str) -> None:
    assert Right.needed(method, path) == (f"Microsoft.Compute/{action}", scope)


def test_the_answer_is_the_documented_one(world: World) -> None:
    world.add("web")
    world.azure.add_fault(fault_from_json({"kind": "denied"}))
    answer = world.call("POST", f"{SET}/manualupgrade", json={"instanceIds": ["0"]})
    [documented] = [
        one
        for one in json.loads(RECORDED.read_text())
        if one.get("body", {}).get("error", {}).get("code") == "AuthorizationFailed"
    ]
    message: str = answer.json()["error"]["message"]
    action = "Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action"
    client = message.split("'")[1]
    expected = str(documented["body"]["error"]["message"]).replace("<CLIENT_ID>", client)
    for recorded, ours in (
        ("Microsoft.Compute/virtualMachines/assessPatches/action", action),
        (expected.split("'")[7], SET),
    ):
        expected = expected.replace(recorded, ours)
    assert (answer.status_code, message) == (documented["status"], expected)


PERMISSIONS = f"{SET}/providers/Microsoft.Authorization/permissions"


def test_what_extends_a_resource_needs_a_right_on_it() -> None:
    assert Right.needed("GET", PERMISSIONS) == ("Microsoft.Authorization/permissions/read", SET)


def withheld(world: World) -> list[str]:
    [role] = world.call("GET", PERMISSIONS).json()["value"]
    assert role["actions"] == ["*"]
    return role["notActions"]


def test_the_rights_are_all_but_those_that_are_denied_now(world: World) -> None:
    world.add("web")
    assert withheld(world) == []
    denied = {"kind": "denied", "scaleSet": "web", "count": 1}
    world.azure.add_fault(fault_from_json(denied | {"method": "PATCH"}))
    world.azure.add_fault(fault_from_json(denied | {"path": "manualupgrade"}))
    sets = "Microsoft.Compute/virtualMachineScaleSets"
    assert withheld(world) == [f"{sets}/write", f"{sets}/manualupgrade/action"]
    assert world.call("PATCH", SET, json={}).status_code == 403
    assert withheld(world) == [f"{sets}/manualupgrade/action"]
