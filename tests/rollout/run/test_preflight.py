from typing import Any

import pytest
from builders import NEW, OLD, SCALE_SET, instance, inventory, request, spread

from rollout.base import Problem
from rollout.inventory import Image, Instance, Inventory, Manager
from rollout.run import ImageFinding, refusal

FOUND = ImageFinding(image=NEW)
MISSING = ImageFinding(missing="There is no version of Canonical:UbuntuServer:x in westeurope.")
GALLERY = (
    "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute"
    "/galleries/shared/images/golden/versions/1.0.7"
)


def _refusal(
    there: Inventory | None = None, finding: ImageFinding = FOUND, **fields: Any
) -> Problem | None:
    return refusal(request(**fields), there or inventory(spread(20)), finding)


def _refused(there: Inventory, finding: ImageFinding = FOUND, **fields: Any) -> Problem:
    problem = _refusal(there, finding, **fields)
    assert problem is not None
    return problem


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="at rest"),
        pytest.param({"upgrade_policy": "manual"}, id="with Manual in any case"),
        pytest.param({"provisioning_state": "Failed"}, id="failed: a rollout may be the repair"),
        pytest.param({"image": NEW}, id="on the target already: nothing to do is a success"),
        pytest.param({"orchestration_mode": "Flexible"}, id="with Flexible orchestration"),
    ],
)
def test_a_rollout_may_begin_on_a_scale_set(facts: dict[str, Any]) -> None:
    assert _refusal(inventory(spread(20), **facts)) is None


def test_a_rollout_may_begin_on_an_empty_scale_set() -> None:
    assert _refusal(inventory([])) is None


@pytest.mark.parametrize(
    ("facts", "title", "part"),
    [
        pytest.param(
            {"upgrade_policy": "Automatic"},
            "Wrong upgrade policy",
            "take instances down",
            id="upgrades by itself",
        ),
        pytest.param(
            {"upgrade_policy": "Rolling"},
            "Wrong upgrade policy",
            "Set upgradePolicy.mode to Manual first",
            id="rolls by itself",
        ),
        pytest.param(
            {"provisioning_state": "Updating"},
            "The scale set is being changed",
            "Wait until it has ended",
            id="is being updated",
        ),
        pytest.param(
            {"automatic_os_upgrades": True},
            "Automatic OS upgrades are on",
            "Set enableAutomaticOSUpgrade to false first",
            id="is upgraded by Azure itself",
        ),
        pytest.param(
            {"managed_by": Manager.AKS, "provisioning_state": "Updating"},
            "Another service manages the scale set",
            "az aks nodepool upgrade --node-image-only",
            id="is a node pool",
        ),
        pytest.param(
            {"upgrade_policy": "Automatic", "provisioning_state": "Updating"},
            "Wrong upgrade policy",
            "Automatic",
            id="is wrong in two ways: the one that waiting does not mend is told",
        ),
    ],
)
def test_409_when_the_scale_set(facts: dict[str, Any], title: str, part: str) -> None:
    problem = _refused(inventory(spread(20), **facts))
    assert (problem.status, problem.title, problem.errors) == (409, title, [])
    assert part in problem.detail


@pytest.mark.parametrize(
    ("current", "wanted", "part"),
    [
        pytest.param(OLD, {"id": GALLERY}, "is a custom image", id="custom over platform"),
        pytest.param(
            Image(id=GALLERY), {"version": "1.0"}, "is a platform image", id="platform over custom"
        ),
        pytest.param(
            OLD, {"uri": "https://host/golden.vhd"}, "is a vhd image", id="a VHD over platform"
        ),
        pytest.param(None, {"version": "1.0"}, "names no image to replace", id="over none at all"),
    ],
)
def test_400_for_an_image_of_another_kind(
    current: Image | None, wanted: dict[str, str], part: str
) -> None:
    problem = _refused(inventory(spread(20), image=current), image=wanted)
    assert (problem.status, [error.path for error in problem.errors]) == (400, ["image"])
    assert part in problem.errors[0].message


def test_400_for_an_image_that_does_not_fit_the_machines() -> None:
    misfits = ["needs an OS disk of 64 GB", "is for Arm64 processors"]
    problem = _refused(inventory(spread(20)), FOUND.model_copy(update={"misfits": misfits}))
    assert [(each.path, each.message) for each in problem.errors] == [
        ("image", misfit) for misfit in misfits
    ]
    assert problem.status == 400


def test_400_for_health_that_nobody_reports_and_nobody_has_accepted() -> None:
    silent = inventory(spread(20), reports_health=False)
    problem = _refused(silent)
    assert [error.path for error in problem.errors] == ["policy.health.source"]
    assert (problem.status, "say powerState to accept that" in str(problem.errors)) == (400, True)
    for source in ("powerState", "applicationHealth"):
        assert _refusal(silent, policy={"health": {"source": source}}) is None


def test_400_for_a_selection_of_what_does_not_exist() -> None:
    problem = _refused(inventory(spread(20)), policy={"updateDomains": [9]})
    assert [error.path for error in problem.errors] == ["policy.updateDomains[0]"]
    assert problem.status == 400


def test_400_tells_every_error_at_once() -> None:
    problem = _refused(
        inventory(spread(20)), image={"id": GALLERY}, policy={"updateDomains": [9], "zones": ["1"]}
    )
    assert [error.path for error in problem.errors] == [
        "image",
        "policy.updateDomains[0]",
        "policy.zones[0]",
    ]


@pytest.mark.parametrize(
    "there",
    [
        pytest.param([instance(0, 0)], id="one instance"),
        pytest.param(
            [instance(0, 0), instance(1, 1, power_state="deallocated")], id="one that runs"
        ),
    ],
)
def test_400_when_the_only_instance_that_runs_would_go_down(there: list[Instance]) -> None:
    problem = _refused(inventory(there))
    assert (problem.status, problem.errors[0].path) == (400, "policy.allowFullOutage")
    assert "must be true: only instance 0 runs" in problem.errors[0].message
    assert _refusal(inventory(there), policy={"allowFullOutage": True}) is None


def test_400_for_a_canary_larger_than_the_scale_set() -> None:
    problem = _refused(inventory(spread(3)), policy={"canary": {"instances": 4}})
    assert [error.path for error in problem.errors] == ["policy.canary.instances"]
    assert _refusal(inventory([]), policy={"canary": {"instances": 4}}) is None


def test_the_only_instance_may_stay_as_it_is() -> None:
    assert _refusal(inventory([instance(0, 0, image=NEW)])) is None
    assert _refusal(inventory([instance(0, 0, health="unhealthy")])) is None


def test_404_for_an_image_that_is_not_there() -> None:
    problem = _refused(inventory(spread(20)), MISSING)
    assert (problem.status, problem.errors[0].path) == (404, "image")
    assert problem.detail == f"{MISSING.missing} Nothing was changed."


def test_wrong_fields_come_before_a_missing_image() -> None:
    assert _refused(inventory(spread(20)), MISSING, policy={"zones": ["9"]}).status == 400


def test_a_missing_image_comes_before_the_state_of_the_scale_set() -> None:
    assert _refused(inventory(spread(20), upgrade_policy="Automatic"), MISSING).status == 404


@pytest.mark.parametrize(
    ("facts", "finding", "fields"),
    [
        pytest.param({"upgrade_policy": "Automatic"}, FOUND, {}, id="409"),
        pytest.param({}, MISSING, {}, id="404"),
        pytest.param({}, FOUND, {"policy": {"zones": ["9"]}}, id="400"),
    ],
)
def test_every_refusal_says_that_nothing_was_changed(
    facts: dict[str, Any], finding: ImageFinding, fields: dict[str, Any]
) -> None:
    detail = _refused(inventory(spread(20), **facts), finding, **fields).detail.casefold()
    assert detail.endswith("nothing was changed.")


@pytest.mark.parametrize(
    "facts", [{"upgrade_policy": "Rolling"}, {"provisioning_state": "Updating"}]
)
def test_a_refusal_names_the_scale_set(facts: dict[str, Any]) -> None:
    assert str(SCALE_SET) in _refused(inventory(spread(20), **facts)).detail
