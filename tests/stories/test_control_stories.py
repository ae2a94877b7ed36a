"""Pause, approve, retry, skip: a rollout under an operator's hand."""

from collections.abc import Callable
from typing import Any

import pytest
from story import NEW, OLD, System

Json = dict[str, Any]


def tell(system: System, rollout: str, verb: str, **body: Any) -> Json:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json=body)
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()
    return system.view(rollout)


def kinds(system: System, rollout: str) -> list[str]:
    return [event["kind"] for event in system.events(rollout)]


def in_phase(phase: str) -> Callable[[Json], bool]:
    def is_in(view: Json) -> bool:
        return view["phase"] == phase

    return is_in


def test_a_pause_takes_effect_before_the_next_batch_and_resume_goes_on(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    told = tell(system, rollout, "pause", by="ann", reason="lunch")
    assert told["notice"].startswith("Pause requested by ann (lunch)")
    view = system.until(rollout, in_phase("Paused"))
    assert (view["message"], view["counts"]["done"]) == ("Paused by ann (lunch)", 2)
    assert view["verbs"] == ["resume", "abort", "rollback"]
    tell(system, rollout, "resume", by="bob")
    assert system.finish(rollout)["phase"] == "Succeeded"
    said = kinds(system, rollout)
    assert [said.count(kind) for kind in ("pauseRequested", "paused", "resumed")] == [1, 1, 1]


def test_a_pause_can_be_taken_back_before_it_takes_effect(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=10)).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    assert "resume" in tell(system, rollout, "pause")["verbs"]
    assert tell(system, rollout, "resume")["notice"] is None
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert "paused" not in kinds(system, rollout)


def test_pausing_and_resuming_many_times_is_heard_each_time(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=10)).json()["id"]
    for batch in range(1, 5):
        system.until(rollout, lambda view, batch=batch: view["batch"] == batch)
        tell(system, rollout, "pause")
        system.until(rollout, in_phase("Paused"))
        tell(system, rollout, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert kinds(system, rollout).count("paused") == 4


def test_verbs_said_at_once_are_all_heard(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=10)).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    for verb in ("pause", "pause", "abort"):
        system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert system.finish(rollout)["phase"] == "Aborted"


def test_nothing_is_paused_for_ever(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set, policy={"deadline": "PT2H"}).json()["id"]
    tell(system, rollout, "pause")
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "passed while it waited" in view["message"]


def test_what_follows_the_canary_waits_for_approval(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"canary": {"instances": 1, "bake": "PT10M"}, "approval": "canary"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    view = system.until(rollout, in_phase("AwaitingApproval"))
    assert (view["batch"], view["counts"]["done"]) == (1, 1)
    assert view["message"].startswith("The canary is healthy: Batch 2 of 6")
    assert view["verbs"] == ["approve", "pause", "abort", "rollback"]
    tell(system, rollout, "approve", by="carol", reason="looked at the dashboards")
    assert system.finish(rollout)["phase"] == "Succeeded"
    approved = next(one for one in system.events(rollout) if one["kind"] == "approved")
    assert approved["evidence"]["by"] == "carol"
    assert approved["evidence"]["reason"] == "looked at the dashboards"
    assert kinds(system, rollout).count("approvalAsked") == 1


def test_every_batch_waits_for_its_own_approval(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=10), policy={"approval": "everyBatch"})
    rollout = rollout.json()["id"]
    for batch in range(5):
        view = system.until(rollout, in_phase("AwaitingApproval"))
        assert view["batch"] == batch
        tell(system, rollout, "approve")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_an_approval_that_does_not_come_pauses_the_rollout(system: System) -> None:
    policy = {"approval": "everyBatch", "approvalTimeout": "PT1H"}
    rollout = system.start(system.scale_set(capacity=5), policy=policy).json()["id"]
    view = system.until(rollout, in_phase("Paused"))
    assert view["message"] == "Paused by the approval timeout (none within 1 h)"
    tell(system, rollout, "resume")
    assert system.view(rollout)["phase"] == "AwaitingApproval"
    tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def test_an_approval_that_comes_too_late_does_not_count_for_the_next_batch(system: System) -> None:
    policy = {"approval": "everyBatch"}
    started = system.start(system.scale_set(capacity=4), policy=policy).json()
    rollout = started["id"]
    uri = system.managed(rollout, "sendEventPostUri").replace("{eventName}", "command")
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    tell(system, rollout, "approve")
    given = next(each for each in system.events(rollout) if each["kind"] == "approved")["evidence"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval" and view["batch"] == 1)
    system.api.post(uri, json=given)
    system.pass_minutes(10)
    view = system.view(rollout)
    assert (view["phase"], view["batch"]) == ("AwaitingApproval", 1), view["message"]
    tell(system, rollout, "approve")
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval" and view["batch"] == 2)
    tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


@pytest.mark.parametrize("verb", ["resume", "approve", "retry", "skip"])
def test_a_verb_that_nothing_waits_for_is_refused(system: System, verb: str) -> None:
    rollout = system.start(system.scale_set(capacity=5)).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}")
    assert answer.status_code == 409
    assert "it takes: pause, abort, rollback" in answer.json()["detail"]
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_approval_of_a_canary_that_there_is_not_is_refused(system: System) -> None:
    answer = system.start(system.scale_set(capacity=5), policy={"approval": "canary"})
    assert answer.status_code == 400
    assert "needs a canary" in str(answer.json()["errors"])


def stuck(system: System, scale_set: str, failed: str = "5", **policy: Any) -> str:
    """A rollout that waits for a decision, because that instance has failed."""
    system.fault("upgradeFails", instanceIds=[failed], scaleSet=scale_set)
    rollout = system.start(scale_set, policy={"onFailure": "pause", **policy}).json()["id"]
    view = system.until(rollout, in_phase("Paused"))
    assert view["verbs"] == ["retry", "skip", "abort", "rollback"]
    assert f"instance {failed}: failed to provision" in view["message"]
    return rollout


def test_a_failed_instance_is_retried_and_the_rollout_goes_on(system: System) -> None:
    scale_set = system.scale_set()
    rollout = stuck(system, scale_set)
    system.azure.delete("/_sim/faults")
    tell(system, rollout, "retry", instanceIds=["5"], by="ann")
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 20)
    assert truth["violations"] == []
    assert {one["image"].rpartition(":")[2] for one in truth["instances"]} == {NEW}


def test_who_is_tried_again_does_not_count_against_the_budget_of_doing_so(system: System) -> None:
    """Else no rollout of four instances could ever try again: a fifth of them is none."""
    scale_set = system.scale_set(capacity=4)
    rollout = stuck(system, scale_set, "1", maxUnhealthyInstances="20%")
    system.azure.delete("/_sim/faults")
    tell(system, rollout, "retry")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4)
    assert system.truth(scale_set)["violations"] == []


def test_some_of_those_that_failed_are_tried_again(system: System) -> None:
    """The others are down already, and keep nobody from being mended."""
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    system.fault("upgradeFails", instanceIds=["0", "2"], scaleSet=scale_set)
    policy = {"onFailure": "pause", "maxBatchInstances": "100%"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, in_phase("Paused"))
    system.azure.delete("/_sim/faults")
    tell(system, rollout, "retry", instanceIds=["2"])
    view = system.until(rollout, lambda view: view["phase"] == "Paused" and view["batch"] == 2)
    assert view["counts"]["failed"] == 1, view["message"]
    tell(system, rollout, "retry")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]
    assert system.truth(scale_set)["violations"] == []


def test_a_retry_that_fails_asks_again(system: System) -> None:
    scale_set = system.scale_set()
    rollout = stuck(system, scale_set)
    tell(system, rollout, "retry")
    view = system.until(rollout, lambda view: view["batch"] == 2 and view["phase"] == "Paused")
    assert "instance 5: failed to provision" in view["message"]
    tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def test_a_failed_instance_is_skipped_and_the_rollout_goes_on(system: System) -> None:
    scale_set = system.scale_set()
    rollout = stuck(system, scale_set)
    tell(system, rollout, "skip", by="ann", reason="known broken host")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 19)
    rows = system.api.get(f"/api/rollouts/{rollout}/instances").json()
    [skipped] = [row for row in rows if row["state"] == "skipped"]
    assert (skipped["instanceId"], skipped["reason"]) == (
        "5",
        "was skipped by ann (known broken host) after it failed",
    )


def test_only_failed_instances_are_retried(system: System) -> None:
    rollout = stuck(system, system.scale_set())
    answer = system.api.post(f"/api/rollouts/{rollout}/retry", json={"instanceIds": ["5", "3"]})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"path": "instanceIds[1]", "message": "3 has not failed: failed are 5"}
    ]
    tell(system, rollout, "abort")
    system.finish(rollout)


def test_an_upgraded_instance_that_falls_ill_later_counts_as_failed(system: System) -> None:
    """Both stand in one domain and get well; then one falls ill while the next batch waits."""
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, in_phase("AwaitingApproval"))
    tell(system, rollout, "approve")
    system.until(rollout, lambda view: view["batch"] == 1 and view["phase"] == "AwaitingApproval")
    system.fault("badImage", version=NEW)
    tell(system, rollout, "approve")
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack"
    assert "2 upgraded instance(s) are unhealthy now" in view["message"]
    truth = system.truth(scale_set)
    assert {one["image"].split(":")[3] for one in truth["instances"]} == {OLD}
    assert truth["peakDownByUpdateDomain"] == {"0": 2, "1": 0, "2": 0, "3": 0, "4": 0}


def test_unhealthy_instances_pause_the_rollout_before_the_next_batch(system: System) -> None:
    scale_set = system.scale_set()
    policy = {"onFailure": "pause", "maxUnhealthyInstances": 0}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1)
    system.fault("instanceStops", scaleSet=scale_set, instanceIds=["19"], deallocated=True)
    view = system.until(rollout, in_phase("Paused"))
    assert "by the health gate" in view["message"]
    assert "1 of 20 instances are unhealthy" in view["message"]
    assert view["verbs"] == ["resume", "abort", "rollback"]
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=["19"])
    tell(system, rollout, "resume", by="ann", reason="deleted it")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_decision_that_does_not_come_stops_the_rollout(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("upgradeFails", instanceIds=["5"], scaleSet=scale_set)
    policy = {"onFailure": "pause", "decisionTimeout": "PT1H"}
    view = system.run(scale_set, policy=policy)
    assert view["phase"] == "Failed"
    assert "No decision was made in time" in view["message"]


def test_the_answer_to_a_verb_says_what_it_will_do(system: System) -> None:
    policy = {"approval": "everyBatch"}
    rollout = system.start(system.scale_set(capacity=5), policy=policy).json()["id"]

    def answer(verb: str) -> str:
        said = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"}).json()
        return said["notice"]

    system.until(rollout, in_phase("AwaitingApproval"))
    assert answer("approve").startswith("Approve requested by ann: what waits for it begins")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    assert answer("pause").startswith("Pause requested by ann: it takes effect before the next")
    system.until(rollout, in_phase("Paused"))
    assert answer("resume") == "Resume requested by ann: it goes on"
    system.until(rollout, in_phase("AwaitingApproval"))
    assert answer("abort").startswith("Abort requested by ann: what is under way finishes")
    system.finish(rollout)
