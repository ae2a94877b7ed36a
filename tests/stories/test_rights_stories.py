"""What rollouts do in Azure, against the actions of the roles that infra/ gives the app.

That no story whatever does more than the roles allow, the fixture `system` sees to.
"""

import pytest
from arm_world import COMPUTE
from rbac import action_of, granted, needed, roles
from story import Json, System

REGION = "/subscriptions/s/providers/Microsoft.Compute/locations/westus"


@pytest.mark.parametrize(
    ("call", "action"),
    [
        (f"GET {COMPUTE}/virtualMachineScaleSets/web", "virtualMachineScaleSets/read"),
        (f"GET {COMPUTE}/virtualMachineScaleSets", "virtualMachineScaleSets/read"),
        (f"PATCH {COMPUTE}/virtualMachineScaleSets/web", "virtualMachineScaleSets/write"),
        (
            f"POST {COMPUTE}/virtualMachineScaleSets/web/manualupgrade?api-version=1",
            "virtualMachineScaleSets/manualUpgrade/action",
        ),
        (
            f"GET {COMPUTE}/virtualMachineScaleSets/web/instanceView",
            "virtualMachineScaleSets/instanceView/read",
        ),
        (
            f"GET {COMPUTE}/virtualMachineScaleSets/web/rollingUpgrades/latest",
            "virtualMachineScaleSets/rollingUpgrades/read",
        ),
        (
            f"GET {REGION}/publishers/p/artifacttypes/vmimage/offers/o/skus/s/versions/1.0.0",
            "locations/publishers/artifacttypes/offers/skus/versions/read",
        ),
        (f"GET {REGION}/operations/o-1", "locations/operations/read"),
        (f"DELETE {COMPUTE}/images/web", "images/delete"),
    ],
)
def test_the_action_of_a_call_is_known_by_its_path(call: str, action: str) -> None:
    assert action_of(*call.split()) == f"Microsoft.Compute/{action}".casefold()


def walk_through(system: System) -> list[Json]:
    """Everything the app does in Azure, once: the requests of it."""
    uniform = system.scale_set(capacity=5, automaticRepairs=True)
    system.run(uniform)
    system.run(system.scale_set(capacity=3, orchestrationMode="Flexible"))
    system.plan(uniform, image={"version": "latest"})
    for image in every_image(system):
        system.plan(system.scale_set(capacity=2, image=image["from"]), image=image["to"])
    group, name = uniform.split("/")[4], uniform.rsplit("/", maxsplit=1)[-1]
    for path in ("", f"/{group}/{name}", f"/{group}/{name}/rights"):
        assert system.api.get(f"/api/scale-sets{path}").status_code == 200
    return system.requests()


def every_image(system: System) -> list[Json]:
    """From and to an image of each kind that is looked up."""
    galleries = {
        f"{COMPUTE}/galleries/golden/images/rights": {"gallery": "golden"},
        "/SharedGalleries/unique/Images/rights": {"sharedGallery": "unique"},
        "/CommunityGalleries/public/Images/rights": {"communityGallery": "public"},
    }
    for gallery in galleries.values():
        for version in ("1.0.0", "1.1.0"):
            system.publish(**gallery, image="rights", version=version)
    fields = ("id", "sharedGalleryImageId", "communityGalleryImageId")
    moves = [
        {"from": {field: f"{definition}/versions/1.0.0"}, "to": {"id": definition}}
        for field, definition in zip(fields, galleries, strict=True)
    ]
    managed = [f"{COMPUTE}/images/rights-{number}" for number in (1, 2)]
    for image in managed:
        system.publish(name=image.rsplit("/", maxsplit=1)[-1], resourceGroup="demo")
    return [*moves, {"from": {"id": managed[0]}, "to": {"id": managed[1]}}]


def test_every_action_of_the_roles_is_used_or_has_a_reason(system: System) -> None:
    used, reasons = needed(walk_through(system)), roles()["why"]
    assert granted() - used == {action.casefold() for action in reasons}
    assert all(reason.endswith(".") for reason in reasons.values())


def test_the_roles_take_nothing_away_and_share_nothing() -> None:
    assert set(roles()) == {"rollout", "images", "monitoring", "hooks", "why"}
    assert not set(roles()["rollout"]) & set(roles()["images"])


def test_only_the_role_to_roll_changes_anything() -> None:
    assert all(action.endswith("/read") for name in ("images", "hooks") for action in roles()[name])
    changes = [one for one in roles()["rollout"] if not one.endswith("/read")]
    assert [one.rpartition("virtualMachineScaleSets/")[2] for one in changes] == [
        "write", "manualUpgrade/action", "setOrchestrationServiceState/action",
    ]  # fmt: skip


def rights_on(system: System, scale_set: str) -> Json:
    group, name = scale_set.split("/")[4], scale_set.rsplit("/", maxsplit=1)[-1]
    answer = system.api.get(f"/api/scale-sets/{group}/{name}/rights")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_a_rollout_may_not_do_is_known_before_it_tries(system: System) -> None:
    scale_set = system.scale_set(capacity=2)
    assert rights_on(system, scale_set)["missing"] == []
    system.fault("denied", scaleSet=scale_set, path="manualupgrade", rate=1)
    found = rights_on(system, scale_set)
    assert found["missing"] == ["Microsoft.Compute/virtualMachineScaleSets/manualUpgrade/action"]
    assert found["grant"].startswith("az role assignment create")


def test_rights_that_it_may_not_list_are_not_known(system: System) -> None:
    scale_set = system.scale_set(capacity=2)
    system.fault("denied", scaleSet=scale_set, path="permissions")
    found = rights_on(system, scale_set)
    assert (found["known"], found["missing"]) == (False, [])
    assert "lacks the right Microsoft.Authorization/permissions/read" in found["remark"]


@pytest.mark.parametrize("kind", ["serverError", "dropConnection"])
def test_rights_that_cannot_be_read_now_are_a_problem(system: System, kind: str) -> None:
    scale_set = system.scale_set(capacity=2)
    name = scale_set.rsplit("/", maxsplit=1)[-1]
    system.fault(kind, scaleSet=scale_set, path="permissions")
    answer = system.api.get(f"/api/scale-sets/demo/{name}/rights")
    assert (answer.status_code, answer.json()["title"]) == (503, "Azure does not answer now")
    assert system.api.get("/api/scale-sets/demo/nobody/rights").status_code == 404
