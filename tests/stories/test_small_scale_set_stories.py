"""Every kind of Uniform scale set: small, zonal, with unhealthy, stopped or half done VMs."""

from typing import Any

import pytest
from story import NEW, System


def upgraded(truth: dict[str, Any]) -> list[str]:
    return [one["instanceId"] for one in truth["instances"] if one["upgrades"]]


@pytest.mark.parametrize("capacity", [0, 2, 3, 4, 5])
def test_a_small_scale_set_moves_one_by_one(system: System, capacity: int) -> None:
    scale_set = system.scale_set(capacity=capacity)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert truth["peakDown"] == min(capacity, 1)
    assert [one["upgrades"] for one in truth["instances"]] == [1] * capacity


def test_however_large_a_batch_may_be_one_instance_stays_up(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=1)
    policy = {"maxBatchInstances": "100%"}
    plan = system.plan(scale_set, policy=policy)
    assert (plan["worstCaseDown"], plan["worstCaseCapacity"]) == (3, 1)
    view = system.run(scale_set, policy=policy)
    assert (view["phase"], view["batches"]) == ("Succeeded", 2)
    assert system.truth(scale_set)["peakDown"] == 3


def test_the_only_instance_is_not_taken_down_unasked(system: System) -> None:
    scale_set = system.scale_set(capacity=1)
    answer = system.start(scale_set)
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == ["policy.allowFullOutage"]
    assert {one["method"] for one in system.requests()} == {"GET"}


def test_the_only_instance_is_taken_down_when_the_request_says_so(system: System) -> None:
    scale_set = system.scale_set(capacity=1)
    view = system.run(scale_set, policy={"allowFullOutage": True})
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 1)


def test_the_last_healthy_instance_is_not_taken_down_for_an_unhealthy_one(system: System) -> None:
    """Instance 1 was sick before, which counts against no budget; and yet somebody must serve."""
    scale_set = system.scale_set(capacity=2, unhealthy=["1"])
    view = system.run(scale_set, policy={"instanceIds": ["0"], "onFailure": "stop"})
    assert view["phase"] == "Failed"
    assert "the last of 2 instances" in view["message"]
    assert upgraded(system.truth(scale_set)) == []


def test_what_was_unhealthy_outside_of_the_selection_does_not_stop_the_rollout(
    system: System,
) -> None:
    unhealthy = ["4", "9", "14", "19", "3", "8"]
    scale_set = system.scale_set(unhealthy=unhealthy)
    view = system.run(scale_set, policy={"updateDomains": [0]})
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4)


def test_stopped_and_deallocated_instances_are_left_as_they_are_and_named(system: System) -> None:
    scale_set = system.scale_set(capacity=10, stopped=["3"], deallocated=["7"])
    plan = system.plan(scale_set)
    assert (plan["worstCaseCapacity"], plan["worstCaseCapacityPercent"]) == (6, 60)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 8)
    assert {"3", "7"}.isdisjoint(upgraded(truth))
    power = {one["instanceId"]: one["power"] for one in truth["instances"]}
    assert (power["3"], power["7"], power["0"]) == ("stopped", "deallocated", "running")
    rows = system.api.get(f"/api/rollouts/{view['id']}/instances").json()
    reasons = {row["instanceId"]: row["reason"] for row in rows if row["state"] == "skipped"}
    assert reasons["3"].startswith("is stopped")
    assert reasons["7"].startswith("is deallocated")


def test_an_instance_that_is_stopped_during_the_rollout_is_left_out(system: System) -> None:
    scale_set = system.scale_set()
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["batch"] == 1)
    system.fault("instanceStops", scaleSet=scale_set, instanceIds=["9"])
    view = system.finish(started)
    assert (view["phase"], view["counts"]["skipped"]) == ("Succeeded", 1)
    assert "9" not in upgraded(system.truth(scale_set))


@pytest.mark.parametrize("image", [{}, {"version": NEW}])
def test_instances_that_failed_before_are_repaired_first(
    system: System, image: dict[str, str]
) -> None:
    """Also when they have the target image: a half-done upgrade is done again."""
    spec = {"image": {"version": NEW}} if image else {}
    scale_set = system.scale_set(failed=["5", "6"], **spec)
    plan = system.plan(scale_set)
    assert [batch["instanceIds"][0] for batch in plan["batches"][:2]] == ["5", "6"]
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert {"5", "6"} <= set(upgraded(truth))
    assert {one["health"] for one in truth["instances"]} == {"healthy"}


def test_a_scale_set_with_ephemeral_os_disks(system: System) -> None:
    scale_set = system.scale_set(capacity=10, osDisk="ephemeral")
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 10)
    [patch] = system.requests("PATCH")
    assert patch["status"] == 200


@pytest.mark.parametrize("fault_domains", [1, 2, 3])
def test_fault_domains_other_than_five(system: System, fault_domains: int) -> None:
    scale_set = system.scale_set(capacity=10, faultDomains=fault_domains)
    view = system.run(scale_set, policy={"batchBy": "faultDomain"})
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert (truth["violations"], len(upgraded(truth))) == ([], 10)


def test_a_zonal_scale_set_in_which_each_zone_has_one_update_domain(system: System) -> None:
    scale_set = system.scale_set(zones=["1", "2", "3"], capacity=9, updateDomains=1)
    view = system.run(scale_set, policy={"maxBatchInstances": 3})
    assert (view["phase"], view["batches"]) == ("Succeeded", 3)
    assert system.truth(scale_set)["violations"] == []


def test_three_hundred_instances_in_three_placement_groups(system: System) -> None:
    """The seed tool of 2016 upgraded 20 of 60 in its domain and said it had succeeded."""
    scale_set = system.scale_set(capacity=300)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["batches"], view["counts"]["done"]) == ("Succeeded", 5, 300)
    assert (truth["peakDown"], truth["violations"]) == (60, [])


@pytest.mark.parametrize("state", ["Creating", "Deleting"])
def test_an_instance_that_comes_or_goes_serves_nobody(system: System, state: str) -> None:
    """Of two instances one is being created or deleted, so the other is the last one."""
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    policy = {"deadline": "PT2H", "onFailure": "stop"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.fault("instanceStuck", scaleSet=scale_set, instanceIds=["1"], state=state)
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Failed", 0), view["message"]
    assert [each["upgrades"] for each in system.truth(scale_set)["instances"]] == [0, 0]


@pytest.mark.parametrize(("policy", "phase"), [("stop", "Failed"), ("rollback", "RolledBack")])
def test_when_every_instance_is_being_deleted_nothing_is_called_a_success(
    system: System, policy: str, phase: str
) -> None:
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    rollout = system.start(scale_set, policy={"onFailure": policy}).json()["id"]
    system.fault("instanceStuck", scaleSet=scale_set, instanceIds=["0", "1"], state="Deleting")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == (phase, 0), view["message"]
    assert "nothing was verified: each of the 2 instance(s) is being deleted" in view["message"]
    assert [each["upgrades"] for each in system.truth(scale_set)["instances"]] == [0, 0]


def test_the_plan_knows_that_one_of_two_is_being_deleted(system: System) -> None:
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    system.fault("instanceStuck", scaleSet=scale_set, instanceIds=["1"], state="Deleting")
    refused = system.start(scale_set)
    assert (refused.status_code, refused.json()["title"]) == (
        400,
        "Nothing would serve during the rollout",
    )
    assert system.run(scale_set, policy={"allowFullOutage": True})["counts"]["done"] == 1
