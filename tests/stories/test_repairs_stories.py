"""Automatic instance repairs: believed when read back, and resumed until they run."""

import logging
from typing import Any

import pytest
from forgetting import DURABLE
from story import NEW, System

type Json = dict[str, Any]

REPAIRS = "setOrchestrationServiceState"
VIEW = "/instanceView"


def moving(view: Json) -> bool:
    return view["counts"]["inProgress"] > 0


def line_of(system: System, rollout: str) -> Json:
    [line] = [each for each in system.api.get("/api/rollouts").json() if each["id"] == rollout]
    return line


def ended_without(system: System, scale_set: str) -> Json:
    """A rollout that has ended and could not resume the repairs."""
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, moving)
    system.fault("denied", path=REPAIRS, scaleSet=scale_set, count=1000)
    view = system.finish(rollout)
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    return view


def test_repairs_that_stay_suspended_are_seen_everywhere_and_resumed_in_the_end(
    system: System, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="rollout.watch")
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    view = ended_without(system, scale_set)
    rollout = view["id"]
    assert view["phase"] == "Succeeded"
    assert "AuthorizationFailed" in view["repairs"]["why"]
    assert view["startedAt"] <= view["repairs"]["since"] < view["finishedAt"]
    assert "The app goes on trying to resume them" in view["message"]
    assert line_of(system, rollout)["repairs"] == view["repairs"]
    health = system.api.get("/api/health")
    assert (health.status_code, health.json()["status"]) == (200, "repairsSuspended")
    [told] = health.json()["repairs"]
    assert (told["id"], "still be suspended" in told["message"]) == (rollout, True)
    system.look_after()
    assert system.view(rollout)["repairs"]["since"] == view["repairs"]["since"]
    system.azure.delete("/_sim/faults")
    system.look_after()
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    now = system.view(rollout)
    assert (now["repairs"], now["repairsSuspended"]) == (None, False)
    assert now["message"].endswith("By now: automatic instance repairs are running again.")
    assert line_of(system, rollout)["repairs"] is None
    assert system.api.get("/api/health").json()["status"] == "healthy"
    assert system.events(rollout)[-1]["kind"] == "repairsRestored"
    told_of = [each for each in caplog.records if each.name == "rollout.watch"]
    said = [vars(each)["event"] for each in told_of if vars(each)["rolloutId"] == rollout]
    assert said == ["repairsStaySuspended", "repairsEnded"]


def test_somebody_else_may_resume_them(system: System) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    rollout = ended_without(system, scale_set)["id"]
    system.azure.delete("/_sim/faults")
    body = {"serviceName": "AutomaticRepairs", "action": "Resume"}
    headers = {"Authorization": "Bearer x"}
    path = f"{scale_set}/{REPAIRS}?api-version=2024-07-01"
    assert system.azure.post(path, json=body, headers=headers).status_code in {200, 202}
    system.azure.delete("/_sim/requests")
    system.look_after()
    assert system.view(rollout)["repairs"] is None
    assert system.requests("POST", f"{scale_set}/{REPAIRS}") == []


def test_they_are_left_alone_while_another_rollout_has_the_scale_set(system: System) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    first = ended_without(system, scale_set)["id"]
    system.azure.delete("/_sim/faults")
    second = system.start(scale_set, image={"version": "14.04.201506100"}).json()["id"]
    system.until(second, moving)
    system.look_after()
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    assert system.view(first)["repairs"] is not None
    assert system.finish(second)["phase"] == "Succeeded"
    system.look_after()
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    assert system.view(first)["repairs"] is None


def test_a_scale_set_that_is_gone_needs_no_repairs(system: System) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    rollout = ended_without(system, scale_set)["id"]
    gone = {"error": {"code": "ResourceNotFound", "message": "no such scale set"}}
    system.fault("rewrite", scaleSet=scale_set, rate=1, status=404, body=gone, path=VIEW)
    for _ in range(2):
        system.look_after()
        assert system.view(rollout)["repairs"] is not None
    system.look_after()
    view = system.view(rollout)
    assert view["repairs"] is None
    assert "the scale set does not exist any more" in view["message"]


def test_repairs_that_azure_only_says_it_suspends_stop_the_rollout(system: System) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    services = [{"serviceName": "AutomaticRepairs", "serviceState": "Running"}]
    running = {"orchestrationServices": services}
    system.fault("rewrite", scaleSet=scale_set, rate=1, path=VIEW, patch=running)
    view = system.run(scale_set)
    assert view["phase"] == "Failed"
    assert "accepted to suspend automatic instance repairs and has not done so" in view["message"]
    assert {one["upgrades"] for one in system.truth(scale_set)["instances"]} == {0}


def test_a_rollout_that_was_terminated_is_tried_again_too(system: System) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, moving)
    system.fault("denied", path=REPAIRS, scaleSet=scale_set, count=1000)
    system.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    system.look_after()
    view = system.view(rollout)
    assert (view["phase"], "AuthorizationFailed" in view["repairs"]["why"]) == ("Aborted", True)
    assert system.events(rollout)[-1]["kind"] == "repairsNotRestored"
    system.azure.delete("/_sim/faults")
    system.look_after()
    assert system.view(rollout)["repairs"] is None
    assert system.truth(scale_set)["automaticRepairs"] == "Running"


def test_one_that_was_purged_leaves_no_repairs_suspended(system: System) -> None:
    """Even if somebody starts the next rollout before anybody has looked after the first."""
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, moving)
    system.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    system.host.wait_idle()
    assert system.api.delete(f"{DURABLE}/instances/{rollout}").status_code == 200
    system.look_after()
    assert system.truth(scale_set)["automaticRepairs"] == "Running"


def test_who_waits_long_says_why_repairs_stay_suspended(system: System) -> None:
    """The model names the new image: a repair would bring it outside any batch."""
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/approve")
    awaiting = system.until(
        rollout, lambda view: view["batch"] == 1 and view["phase"] == "AwaitingApproval"
    )
    assert "looks unhealthy" in awaiting["repairs"]["why"]
    system.pass_minutes(15)
    view = system.view(rollout)
    assert (view["phase"], view["message"]) == ("AwaitingApproval", awaiting["message"])
    assert view["repairs"]["since"] == awaiting["repairs"]["since"]
    assert f"a repair would make {NEW}" in view["repairs"]["why"].replace(
        "Canonical:UbuntuServer:14.04.2-LTS:", ""
    )
    assert "of 4 instance(s) that no batch has begun with" in view["repairs"]["why"]
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"


def test_who_waits_long_for_a_decision_keeps_repairs_suspended(system: System) -> None:
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    system.fault("badImage", version=NEW, scaleSet=scale_set)
    rollout = system.start(scale_set, policy={"onFailure": "pause"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    system.pass_minutes(12)
    assert system.view(rollout)["repairs"]["why"] == "batch 1 is open"
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"


def test_repairs_run_while_it_waits_long_with_nothing_left_to_do(system: System) -> None:
    """Every instance has had its turn: what a repair makes is what the rollout wants."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, automaticRepairs=True)
    policy = {"onFailure": "pause", "maxUnhealthyInstances": 0, "maxBatchInstances": 2}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and moving(view))
    sick = {
        "properties": {"instanceView": {"vmHealth": {"status": {"code": "HealthState/unhealthy"}}}}
    }
    system.fault(
        "rewrite", scaleSet=scale_set, rate=1, path="/virtualMachines", instances={"0": sick}
    )
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    system.pass_minutes(12)
    view = system.view(rollout)
    assert (view["phase"], view["repairs"]) == ("Paused", None)
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    system.azure.delete("/_sim/faults")
    system.azure.delete("/_sim/requests")
    system.api.post(f"/api/rollouts/{rollout}/resume")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    assert len(system.requests("POST", f"{scale_set}/{REPAIRS}")) == 2
