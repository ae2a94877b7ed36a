"""Images that do not fit the scale set's machines: the plan knows it, and nothing is changed."""

from typing import Any

import pytest
from story import NEW, PLATFORM, Json, System

TRUSTED = {"hyperVGeneration": "V2", "securityType": "TrustedLaunch"}
MARKETPLACE = {"plan": {"publisher": "contoso", "product": "web", "name": "pro"}}
SPECIALIZED = {"osState": "Specialized"}


def refusal(system: System, scale_set: str, image: Json) -> str:
    """Why the plan and the start are refused; nothing was changed."""
    system.azure.delete("/_sim/requests")
    body = {"scaleSet": scale_set, "image": image}
    planned, started = (
        system.api.post(f"/api/rollouts{call}", json=body) for call in ("/plan", "")
    )
    assert planned.json() == started.json()
    assert started.status_code == 400, started.text
    assert {one["method"] for one in system.requests()} == {"GET"}
    [error] = started.json()["errors"]
    assert error["path"] == "image"
    return error["message"]


@pytest.mark.parametrize(
    ("traits", "spec", "why"),
    [
        ({"osDiskGb": 64}, {}, "needs an OS disk of 64 GB, and the scale set's model says 30 GB"),
        (TRUSTED, {}, "security type TrustedLaunch, and those of the scale set have Standard"),
        (
            {},
            {"securityType": "TrustedLaunch"},
            "Standard, and those of the scale set have Trusted",
        ),
        ({"osType": "Windows"}, {}, "is a Windows image, and the scale set runs Linux"),
        (SPECIALIZED, {}, "is specialized, and the scale set's model has an osProfile"),
        ({"architecture": "Arm64"}, {}, "for Arm64 processors, and the instances run an image for"),
        (MARKETPLACE, {}, "Marketplace plan contoso:web:pro, and the scale set has the plan none"),
    ],
    ids=["disk", "trusted launch", "standard", "windows", "specialized", "processor", "plan"],
)
def test_a_gallery_image_that_does_not_fit_is_refused(
    system: System, traits: Json, spec: Json, why: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    old = system.publish(gallery="fit", image=f"{name}-old", version="1.0.0")
    new = system.publish(gallery="fit", image=f"{name}-new", version="1.0.0", **traits)
    scale_set = system.scale_set(capacity=2, image={"id": old}, **spec)
    message = refusal(system, scale_set, {"id": new})
    assert message.startswith(new)
    assert why in message


@pytest.mark.parametrize("version", [NEW, "latest"])
@pytest.mark.parametrize(
    ("traits", "why"),
    [({"osDiskGb": 31}, "needs an OS disk of 31 GB"), (MARKETPLACE, "plan contoso:web:pro")],
    ids=["disk", "plan"],
)
def test_a_platform_image_that_does_not_fit_is_refused(
    system: System, version: str, traits: Json, why: str
) -> None:
    fields: dict[str, Any] = {**PLATFORM, "offer": f"Fit-{next(iter(traits))}-{version}"}
    system.publish(**fields, version=NEW, **traits)
    old = {**fields, "version": "14.04.201506100"}
    scale_set = system.scale_set(capacity=2, image=old)
    assert why in refusal(system, scale_set, {"version": version})


def test_a_managed_image_cannot_get_trusted_launch(system: System) -> None:
    new = system.publish(name="managed-new")
    compute = new.rpartition("/images/")[0]
    old = {"id": f"{compute}/images/managed-old"}
    scale_set = system.scale_set(capacity=2, image=old, securityType="TrustedLaunch")
    assert "have TrustedLaunch" in refusal(system, scale_set, {"id": new})


def test_what_fits_is_rolled(system: System) -> None:
    """A trusted launch scale set with a Marketplace plan, and a disk that has room to spare."""
    traits = {"hyperVGeneration": "V2", "securityType": "TrustedLaunchSupported", **MARKETPLACE}
    old = system.publish(gallery="fit", image="all", version="1.0.0", **traits)
    new = system.publish(gallery="fit", image="all", version="1.0.1", **traits, osDiskGb=64)
    machine = {"securityType": "TrustedLaunch", "hyperVGeneration": "V2", "osDiskGb": 64}
    scale_set = system.scale_set(
        capacity=2, updateDomains=2, image={"id": old}, **machine, **MARKETPLACE
    )
    assert system.plan(scale_set, image={"id": new})["warnings"] == []
    assert system.run(scale_set, image={"id": new})["phase"] == "Succeeded"


def test_another_generation_is_warned_of(system: System) -> None:
    """Azure documents scale sets that go from generation 1 to 2; their VM size must allow it."""
    traits = {"hyperVGeneration": "V2", "securityType": "TrustedLaunchSupported"}
    new = system.publish(gallery="fit", image="second", version="1.0.0", **traits)
    old = system.publish(gallery="fit", image="first", version="1.0.0")
    scale_set = system.scale_set(capacity=2, image={"id": old})
    [warning] = system.plan(scale_set, image={"id": new})["warnings"]
    assert f"{new} is of generation V2, and the instances are of generation V1" in warning


def test_other_changes_that_wait_for_the_upgrade_are_told(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    body = {"properties": {"virtualMachineProfile": {"userData": "eA=="}}}
    changed = system.azure.patch(
        f"{scale_set}?api-version=2024-07-01", json=body, headers={"Authorization": "Bearer any"}
    )
    assert changed.status_code == 200, changed.text
    system.pass_minutes(1)
    [warning] = system.plan(scale_set)["warnings"]
    assert warning.startswith("4 instance(s) run the image of the scale set's model and yet do not")
    assert "a rollback does not take those back" in warning
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert system.plan(scale_set)["warnings"] == []
