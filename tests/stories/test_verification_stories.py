"""The verification at the end: only what the instances show then is a success."""

import pytest
from story import NEW, OLD, Json, System


def in_last_batch(view: Json) -> bool:
    return view["batch"] == 2


@pytest.mark.by_day(2)
@pytest.mark.parametrize(
    ("on_failure", "phase"), [("rollback", "RolledBack"), ("stop", "Failed"), ("pause", "Paused")]
)
def test_an_upgraded_instance_that_falls_ill_before_the_end_is_no_success(
    system: System, on_failure: str, phase: str
) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"onFailure": on_failure, "updateDomains": [0, 1], "maxUnhealthyInstances": "50%"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, in_last_batch)
    system.fault("flapping", scaleSet=scale_set, instanceIds=["5"], period="P1D", version=NEW)
    view = (
        system.until(rollout, lambda view: view["phase"] == phase or view["finishedAt"] is not None)
        if phase == "Paused"
        else system.finish(rollout)
    )
    assert view["phase"] == phase, view["message"]
    assert "1 upgraded instance(s) are unhealthy now" in view["message"]
    assert "(policy.maxUnhealthyUpgradedInstances): 5" in view["message"]
    if phase == "Paused":
        system.azure.delete("/_sim/faults")
        system.api.post(f"/api/rollouts/{rollout}/resume")
        assert system.finish(rollout)["phase"] == "Succeeded"


def test_an_upgraded_instance_that_gets_well_in_time_is_waited_for(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"updateDomains": [0, 1], "maxUnhealthyInstances": "50%"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, in_last_batch)
    system.fault("flapping", scaleSet=scale_set, instanceIds=["5"], period="P1D", version=NEW)
    system.until(rollout, lambda view: "Verifying every instance: waiting" in view["message"])
    system.azure.delete("/_sim/faults")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_one_that_is_ill_and_missing_from_a_list_is_not_forgotten(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"onFailure": "stop", "updateDomains": [0, 1], "maxUnhealthyInstances": "50%"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, in_last_batch)
    system.fault("flapping", scaleSet=scale_set, instanceIds=["5"], period="P1D", version=NEW)
    system.until(rollout, lambda view: "Verifying every instance: waiting" in view["message"])
    rows = {"method": "GET", "pattern": "virtualMachines$", "instances": {"5": None}}
    system.fault("rewrite", scaleSet=scale_set, **rows)
    view = system.finish(rollout)
    assert view["phase"] == "Failed", view["message"]
    assert "and are unhealthy: 5" in view["message"]


def test_unhealthy_instances_are_rolled_back_by_default(system: System) -> None:
    scale_set = system.scale_set()
    rollout = system.start(scale_set, policy={"maxUnhealthyInstances": 0}).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1)
    system.fault("flapping", scaleSet=scale_set, instanceIds=["19"], period="PT9H")
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack"
    assert "1 of 20 instances are unhealthy" in view["message"]
    assert {one["image"][-len(OLD) :] for one in system.truth(scale_set)["instances"]} == {OLD}
