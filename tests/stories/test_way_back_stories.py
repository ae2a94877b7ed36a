"""A way back is always open: said again it goes on where it stopped, however it ended before."""

from typing import Any

import pytest
from story import NEW, OLD, PLATFORM, System

DURABLE = "/runtime/webhooks/durabletask"

type Json = dict[str, Any]


def versions(system: System, scale_set: str) -> dict[str, str]:
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    return {one["instanceId"]: one["image"].rpartition(":")[2] for one in truth["instances"]}


def going_back(system: System, scale_set: str, **policy: Any) -> str:
    """A rollout that is said to go back after three of five batches."""
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 3 and view["counts"]["done"] >= 4)
    assert back(system, rollout).status_code == 202
    return rollout


def returned(view: Json) -> int:
    return sum(row["cells"].count("r") for row in view["rows"])


def back(system: System, rollout: str) -> Any:
    return system.api.post(f"/api/rollouts/{rollout}/rollback", json={"by": "ann"})


def ends(system: System, rollout: str, phase: str) -> Json:
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    return view


def refused_once(system: System, scale_set: str) -> None:
    """The next upgrade is refused, as by a role that was taken away for a moment."""
    answer = {"status": 403, "count": 1, "scaleSet": scale_set, "method": "POST"}
    error = {"code": "AuthorizationFailed", "message": "no authorization to perform manualupgrade"}
    system.fault("rewrite", path="manualUpgrade", body={"error": error}, **answer)


def test_one_that_azure_refused_goes_on_when_it_is_said_again(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = going_back(system, scale_set)
    system.until(rollout, lambda view: returned(view) >= 2)
    refused_once(system, scale_set)
    view = ends(system, rollout, "Failed")
    assert view["verbs"] == ["rollback"]
    assert "roll back again" in view["message"]
    assert set(versions(system, scale_set).values()) == {OLD, NEW}
    assert back(system, rollout).status_code == 202
    view = ends(system, rollout, "RolledBack")
    assert set(versions(system, scale_set).values()) == {OLD}
    assert system.truth(scale_set)["image"].endswith(OLD)
    assert view["verbs"] == []
    assert system.start(scale_set).status_code == 202


def test_one_that_somebody_aborted_goes_on_when_it_is_said_again(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = going_back(system, scale_set)
    for _ in range(3):
        system.until(rollout, lambda view: view["phase"] == "RollingBack")
        system.api.post(f"/api/rollouts/{rollout}/abort")
        view = ends(system, rollout, "Aborted")
        assert view["verbs"] == ["rollback"]
        assert back(system, rollout).status_code == 202
    ends(system, rollout, "RolledBack")
    assert set(versions(system, scale_set).values()) == {OLD}


def test_one_that_somebody_terminated_goes_on_when_it_is_said_again(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    assert back(system, rollout).status_code == 202
    system.until(rollout, lambda view: returned(view) == 2)
    system.api.post(f"{DURABLE}/instances/{rollout}:rollback/terminate?reason=x")
    system.host.wait_idle()
    assert "rollback" in system.view(rollout)["verbs"]
    assert back(system, rollout).status_code == 202
    ends(system, rollout, "RolledBack")
    assert set(versions(system, scale_set).values()) == {OLD}


def test_a_rollback_is_not_offered_when_everything_is_back(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = going_back(system, scale_set)
    assert ends(system, rollout, "RolledBack")["verbs"] == []
    assert back(system, rollout).status_code == 202, "it is done already"
    assert system.view(rollout)["phase"] == "RolledBack"


def test_one_that_fails_there_is_set_aside_and_the_others_go_back(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    system.fault("upgradeFails", instanceIds=["6"], scaleSet=scale_set)
    back(system, rollout)
    view = ends(system, rollout, "Failed")
    truth = system.truth(scale_set)
    assert all("down at once" in each for each in truth["violations"]), "6 stays down meanwhile"
    assert returned(view) == 9
    assert "instance 6: failed to provision" in view["message"]
    assert system.truth(scale_set)["image"].endswith(OLD)
    assert view["verbs"] == ["rollback"]
    system.azure.delete("/_sim/faults")
    back(system, rollout)
    ends(system, rollout, "RolledBack")
    there = system.truth(scale_set)["instances"]
    assert {(each["image"].rpartition(":")[2], each["health"]) for each in there} == {
        (OLD, "healthy")
    }


def test_a_policy_may_stop_at_the_first_that_fails(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set, policy={"rollbackOnFailure": "stop"})["id"]
    system.fault("upgradeFails", instanceIds=["9"], scaleSet=scale_set)
    back(system, rollout)
    view = ends(system, rollout, "Failed")
    assert "the rollback failed" in view["message"]
    assert returned(view) < 9
    assert view["verbs"] == ["rollback"]


def test_the_old_image_is_not_taken_to_all_when_it_does_not_work_any_more(system: System) -> None:
    """Going on after a failure must not take down those that serve."""
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    system.fault("badImage", version=OLD)
    back(system, rollout)
    view = ends(system, rollout, "Failed")
    healthy = [one for one in system.truth(scale_set)["instances"] if one["health"] == "healthy"]
    assert len(healthy) >= 6, view["message"]
    assert view["verbs"] == ["rollback"]


def test_the_sick_go_first_and_alone(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    ill = {"instanceIds": ["0", "6"], "period": "PT9H", "version": NEW}
    system.fault("flapping", scaleSet=scale_set, **ill)
    back(system, rollout)
    ends(system, rollout, "RolledBack")
    events = system.events(rollout)
    begun = next(each["at"] for each in events if each["kind"] == "rollingBack")
    batches = [
        each["evidence"]["instanceIds"]
        for each in events
        if each["kind"] == "batchStarted" and each["at"] >= begun
    ]
    assert sorted(batches[:2]) == [["0"], ["6"]]


def test_who_came_meanwhile_goes_back_too_when_the_rollout_has_ended(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    system.fault("scaleOut", scaleSet=scale_set, count=2)
    system.api.post(f"/api/rollouts/{rollout}/abort")
    ends(system, rollout, "Aborted")
    assert list(versions(system, scale_set).values()).count(NEW) >= 4
    back(system, rollout)
    view = ends(system, rollout, "RolledBack")
    assert set(versions(system, scale_set).values()) == {OLD}, view["message"]


def test_who_was_there_before_and_not_selected_stays_on_its_image(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.run(scale_set, policy={"updateDomains": [1]})
    before = versions(system, scale_set)
    rollout = system.run(scale_set, policy={"updateDomains": [2, 3]})["id"]
    back(system, rollout)
    ends(system, rollout, "RolledBack")
    assert versions(system, scale_set) == before


@pytest.mark.parametrize("policy", ["rollback", "stop"])
def test_a_model_goes_back_when_nothing_was_touched(system: System, policy: str) -> None:
    scale_set = system.scale_set(capacity=10)
    request = {"onFailure": policy, "approval": "everyBatch", "deadline": "PT1H"}
    rollout = system.start(scale_set, policy=request).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    assert system.truth(scale_set)["image"].endswith(NEW)
    view = ends(system, rollout, {"rollback": "RolledBack", "stop": "Failed"}[policy])
    assert "the deadline of" in view["message"]
    assert system.truth(scale_set)["image"].endswith({"rollback": OLD, "stop": NEW}[policy])
    assert view["verbs"] == ([] if policy == "rollback" else ["rollback"])


def test_somebody_elses_model_stays_when_nothing_was_touched(system: System) -> None:
    system.publish(**PLATFORM, version="14.04.201509090")
    scale_set = system.scale_set(capacity=10)
    policy = {"approval": "everyBatch", "deadline": "PT1H"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.fault("foreignWrite", scaleSet=scale_set, image={"version": "14.04.201509090"})
    view = ends(system, rollout, "Failed")
    assert "the deadline of" in view["message"]
    assert system.truth(scale_set)["image"].endswith("14.04.201509090")


def test_an_approval_at_the_start_comes_before_the_model(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    view = system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    assert system.truth(scale_set)["image"].endswith(OLD)
    assert "before anything is changed" in view["message"]
    assert system.api.post(f"/api/rollouts/{rollout}/approve", json={}).status_code == 202
    view = ends(system, rollout, "Succeeded")
    kinds = [each["kind"] for each in system.events(rollout)]
    assert kinds.count("approvalAsked") == 1
    assert kinds.index("approved") < kinds.index("modelSet")


def test_an_abort_before_the_approval_leaves_everything_as_it_was(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/abort")
    view = ends(system, rollout, "Aborted")
    assert view["verbs"] == []
    assert system.truth(scale_set)["image"].endswith(OLD)


def test_a_fleet_rollout_goes_back_again_where_it_stopped(system: System) -> None:
    scale_sets = system.small(2)
    waves = [{"name": "all", "scaleSets": scale_sets}]
    fleet = system.start_fleet(waves).json()["id"]
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    system.fault("upgradeFails", instanceIds=["1"], scaleSet=scale_sets[1])
    assert system.api.post(f"/api/fleet-rollouts/{fleet}/rollback", json={}).status_code == 202
    view = system.finish_fleet(fleet)
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"]), view["message"]
    system.azure.delete("/_sim/faults")
    assert system.api.post(f"/api/fleet-rollouts/{fleet}/rollback", json={}).status_code == 202
    view = system.finish_fleet(fleet)
    assert (view["phase"], view["verbs"]) == ("RolledBack", []), view["message"]
    for one in scale_sets:
        there = system.truth(one)["instances"]
        running = {(each["image"].rpartition(":")[2], each["health"]) for each in there}
        assert running == {(OLD, "healthy")}


def sets_model(system: System, scale_set: str) -> None:
    """Somebody sets the model's image, for example a pipeline, and leaves the instances as they
    are.
    """
    reference = {"imageReference": {**PLATFORM, "version": NEW}}
    patch = {"properties": {"virtualMachineProfile": {"storageProfile": reference}}}
    uri, signed_in = f"{scale_set}?api-version=2024-07-01", {"Authorization": "Bearer any"}
    assert system.azure.patch(uri, json=patch, headers=signed_in).status_code == 200
    system.pass_minutes(2)


def test_a_model_that_named_the_bad_image_before_does_not_name_it_afterwards(
    system: System,
) -> None:
    scale_set = system.scale_set(capacity=10)
    sets_model(system, scale_set)
    system.fault("badImage", version=NEW)
    view = ends(system, system.start(scale_set).json()["id"], "RolledBack")
    assert set(versions(system, scale_set).values()) == {OLD}
    assert system.truth(scale_set)["image"].endswith(OLD)
    assert f"{OLD}. Batch" in view["message"]
    assert (
        f"Before the rollout it was {':'.join(PLATFORM.values())}:{NEW} already"
        in (view["message"])
    )


def test_a_second_rollback_does_not_set_the_bad_image_again(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    first = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(first, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{first}/abort")
    ends(system, first, "Aborted")
    second = system.run(scale_set)["id"]
    for rollout in (first, second):
        assert back(system, rollout).status_code == 202
        ends(system, rollout, "RolledBack")
        assert set(versions(system, scale_set).values()) == {OLD}
        assert system.truth(scale_set)["image"].endswith(OLD)


def test_one_that_is_switched_off_is_named_with_what_helps_on_the_way_back(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    rollout = system.run(scale_set)["id"]
    system.fault("instanceStops", instanceIds=["0"], deallocated=True)
    assert back(system, rollout).status_code == 202
    view = ends(system, rollout, "Failed")
    assert "instance 0: is deallocated, and still runs" in view["message"]
    assert ": start it." in view["message"]
    assert "start a rollout again" not in view["message"]
