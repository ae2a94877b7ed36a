"""An app whose identity may only read, as docs/plan-only.md sets it up for the first week."""

import pytest
from story import NEW, System


@pytest.fixture
def read_only(system: System) -> System:
    for method in ("PATCH", "POST", "PUT"):
        system.fault("denied", method=method, rate=1)
    return system


@pytest.mark.parametrize("repairs", [False, True])
def test_it_plans_and_a_start_says_which_right_is_missing(
    read_only: System, *, repairs: bool
) -> None:
    scale_set = read_only.scale_set(capacity=5, automaticRepairs=repairs)
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    plan = read_only.api.post("/api/rollouts/plan", json=body)
    assert (plan.status_code, len(plan.json()["batches"])) == (200, 5)
    before = read_only.truth(scale_set)
    view = read_only.run(scale_set)
    assert view["phase"] == "Failed"
    assert "No instance was touched" in view["message"]
    missing = "setOrchestrationServiceState/action" if repairs else "write"
    right = f"lacks the right Microsoft.Compute/virtualMachineScaleSets/{missing}"
    assert right.casefold() in view["message"].casefold()
    after = read_only.truth(scale_set)
    assert after["models"] == before["models"] == 1
    assert after["automaticRepairs"] == before["automaticRepairs"]
    assert not [each for each in after["instances"] if each["upgrades"]]
    assert after["violations"] == []
