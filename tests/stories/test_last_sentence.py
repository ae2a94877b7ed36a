"""The last sentence is read, not assumed: what it says of the scale set is what is there then."""

from collections.abc import Callable
from typing import Any

from story import NEW, OLD, PLATFORM, System

Json = dict[str, Any]
OTHER = "14.04.201509090"
URN = f"{PLATFORM['publisher']}:{PLATFORM['offer']}:{PLATFORM['sku']}"
REPAIRS = "setOrchestrationServiceState"


def in_batch(number: int) -> Callable[[Json], bool]:
    return lambda view: view["batch"] == number


def moving(view: Json) -> bool:
    return view["counts"]["inProgress"] > 0


def final(system: System, rollout: str) -> Json:
    """What was read at the end, as the event log keeps it."""
    events = [one for one in system.events(rollout) if one["kind"] == "finished"]
    return events[-1]["evidence"]["final"]


def test_it_names_the_image_that_somebody_else_has_set(system: System) -> None:
    scale_set = system.scale_set()
    system.publish(**PLATFORM, version=OTHER)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, in_batch(2))
    system.fault("foreignWrite", scaleSet=scale_set, image={"version": OTHER})
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert f"The scale set's image is {URN}:{OTHER}" in view["message"]
    assert "has set" not in view["message"]
    assert final(system, rollout)["model"]["version"] == OTHER


def test_it_names_the_old_image_after_a_rollback_that_failed(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("upgradeFails", instanceIds=["5"])
    view = system.run(scale_set)
    assert "the rollback is not complete" in view["message"]
    assert f"The scale set's image is {URN}:{OLD}" in view["message"]
    assert "roll back again" in view["message"]
    assert system.truth(scale_set)["image"].endswith(OLD)


def test_it_names_the_new_image_when_setting_it_could_not_be_watched(system: System) -> None:
    """Azure has changed the model, and then let nobody look: that can be rolled back."""
    scale_set = system.scale_set(capacity=5)
    system.fault("denied", path="/operations/", count=1)
    view = system.run(scale_set, policy={"onFailure": "stop"})
    assert (view["phase"], system.truth(scale_set)["image"][-len(NEW) :]) == ("Failed", NEW)
    assert f"The scale set's image is {URN}:{NEW}" in view["message"]
    assert view["verbs"] == ["rollback"]
    assert system.api.post(f"/api/rollouts/{view['id']}/rollback").status_code == 202
    assert system.finish(view["id"])["phase"] == "RolledBack"
    assert system.truth(scale_set)["image"].endswith(OLD)


def answers_operation(system: System, code: str) -> None:
    """Azure says that its operation has failed, and keeps what it was to do."""
    error = {"code": code, "message": "The operation did not end well."}
    body = {"status": "Failed", "error": error}
    system.fault("rewrite", path="/operations/", status=200, body=body)


def test_a_change_that_azure_calls_failed_and_keeps_can_be_rolled_back(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    answers_operation(system, "InternalError")
    view = system.run(scale_set, policy={"onFailure": "stop"})
    assert (view["phase"], system.truth(scale_set)["image"][-len(NEW) :]) == ("Failed", NEW)
    assert "Azure could not set the image" in view["message"]
    assert f"The scale set's image is {URN}:{NEW}: new instances get it" in view["message"]
    assert view["verbs"] == ["rollback"]


def test_a_change_that_another_operation_preempts_is_tried_again(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    answers_operation(system, "OperationPreempted")
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 5), view["message"]


def test_it_counts_as_healthy_only_what_is_healthy_then(system: System) -> None:
    scale_set = system.scale_set()
    policy = {"onFailure": "stop", "approval": "everyBatch", "maxUnhealthyInstances": "50%"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/approve")
    system.until(rollout, lambda view: view["batch"] == 1 and view["phase"] == "AwaitingApproval")
    system.fault("badImage", version=NEW, scaleSet=scale_set)
    system.api.post(f"/api/rollouts/{rollout}/approve")
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "are healthy" not in view["message"]
    assert f"4 instance(s) run {URN}:{NEW} and are unhealthy: 0, 5, 10, 15" in view["message"]
    assert "start again" in view["message"]


def test_a_rollback_does_not_repeat_the_sentence_of_a_stop(system: System) -> None:
    scale_set = system.scale_set()
    rollout = system.start(scale_set, policy={"maxUnhealthyInstances": 0}).json()["id"]
    system.until(rollout, in_batch(1))
    system.fault("flapping", scaleSet=scale_set, instanceIds=["19"], period="PT9H")
    message = system.finish(rollout)["message"]
    assert "1 of 20 instances are unhealthy" in message
    assert "Stopped" not in message
    assert f"run {URN}:{NEW}" not in message
    assert message.count("The scale set's image is") == 1


def test_a_rollback_counts_the_newcomers_that_went_back(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    rollout = system.start(scale_set, policy={"updateDomains": [0, 1]}).json()["id"]
    system.until(rollout, in_batch(2))
    system.fault("scaleOut", scaleSet=scale_set, count=2)
    system.finish(rollout)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    there = system.truth(scale_set)["instances"]
    assert not [one["instanceId"] for one in there if one["image"].endswith(NEW)]
    assert view["phase"] == "RolledBack"
    assert view["message"].startswith("Rolled back: 4 instance(s) run the image they had")


def test_it_names_who_is_gone(system: System) -> None:
    scale_set = system.scale_set()
    started = system.start(scale_set).json()["id"]
    system.until(started, in_batch(2))
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=["1", "4"])
    view = system.finish(started)
    assert view["message"] == (
        f"18 instance(s) run {URN}:{NEW} and are healthy; 2 no longer exist: 1, 4. "
        f"The scale set's image is {URN}:{NEW}."
    )


def test_it_says_so_when_the_end_could_not_be_read(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, in_batch(2))
    system.fault("denied", scaleSet=scale_set, method="GET", rate=1)
    system.api.post(f"/api/rollouts/{rollout}/abort", json={"by": "ann"})
    system.pass_minutes(10)
    view = system.finish(rollout)
    assert "could not be read at the end" in view["message"]
    assert "Known last" in view["message"]
    assert "The scale set's image is" not in view["message"]


def test_an_abort_says_what_new_instances_get(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, in_batch(2))
    system.api.post(f"/api/rollouts/{rollout}/abort", json={"by": "ann"})
    message = system.finish(rollout)["message"]
    assert f"The scale set's image is {URN}:{NEW}: new instances get it until you roll" in message


def test_it_names_the_scale_set_by_its_name(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("denied", method="PATCH")
    message = system.run(scale_set)["message"]
    name = scale_set.rpartition("/")[2]
    assert f"could not set the image of {name}: AuthorizationFailed" in message


def test_the_log_keeps_azures_own_words_in_full(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("denied", method="PATCH")
    rollout = system.run(scale_set)["id"]
    evidence = system.events(rollout)[-1]["evidence"]
    assert evidence["error"]["status"] == 403
    assert evidence["error"]["message"].endswith("please refresh your credentials.")


def test_it_says_which_right_is_missing_and_how_to_grant_it(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("denied", method="POST", path="manualupgrade", count=50)
    message = system.run(scale_set)["message"]
    action = "Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action"
    assert f"The app's identity lacks the right {action}" in message
    assert "az role assignment create --assignee-object-id" in message
    assert f"--scope {scale_set}" in message


def test_repairs_that_stay_suspended_are_told_at_the_end(system: System) -> None:
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, moving)
    system.fault("denied", path=REPAIRS, count=50)
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded"
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    assert "Automatic instance repairs may still be suspended" in view["message"]
    assert view["repairsSuspended"] is True
    kinds = [one["kind"] for one in system.events(rollout)]
    assert kinds[-2:] == ["repairsNotRestored", "finished"]


def test_one_refused_token_leaves_no_repairs_suspended(system: System) -> None:
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, moving)
    system.fault("denied", status=401, path=REPAIRS, count=1)
    view = system.finish(rollout)
    assert (view["phase"], view["repairsSuspended"]) == ("Succeeded", False)
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    assert "repairs" not in view["message"]


def test_repairs_that_could_not_be_suspended_are_not_called_suspended(system: System) -> None:
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    system.fault("denied", path=REPAIRS, count=50)
    view = system.run(scale_set)
    assert (view["phase"], view["repairsSuspended"]) == ("Failed", False)
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    assert "still be suspended" not in view["message"]


def test_the_reason_of_the_end_is_told_before_the_repairs_are_resumed(system: System) -> None:
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    system.fault("badImage", version=NEW, scaleSet=scale_set)
    rollout = system.start(scale_set, policy={"onFailure": "stop"}).json()["id"]
    system.until(rollout, moving)
    system.fault("throttle", path=REPAIRS, scaleSet=scale_set, count=3, retryAfter=600)
    view = system.until(rollout, lambda view: "Stopped after batch 1" in view["message"])
    assert (view["phase"], view["verbs"]) == ("Progressing", [])
    assert "automatic" in view["message"]
    assert (view["eta"], view["repairsSuspended"]) == (None, True)
    system.pass_minutes(5)
    assert "Stopped after batch 1" in system.view(rollout)["message"]
    view = system.finish(rollout)
    assert (view["phase"], view["repairsSuspended"]) == ("Failed", False)


def test_who_waits_for_people_shows_that_repairs_are_suspended(system: System) -> None:
    scale_set = system.scale_set(capacity=5, automaticRepairs=True)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    assert system.view(rollout)["repairsSuspended"] is False
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/approve")
    view = system.until(
        rollout, lambda view: view["batch"] == 1 and view["phase"] == "AwaitingApproval"
    )
    assert (view["repairsSuspended"], view["eta"]) == (True, None)
    system.api.post(f"/api/rollouts/{rollout}/abort")
    assert system.finish(rollout)["repairsSuspended"] is False


def test_a_rollback_names_whom_an_earlier_rollout_has_left_on_the_image(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    first = system.run(scale_set, policy={"updateDomains": [0]})["id"]
    second = system.run(scale_set)["id"]
    messages: list[str] = []
    for rollout in (second, first):
        system.api.post(f"/api/rollouts/{rollout}/rollback")
        view = system.finish(rollout)
        assert view["phase"] == "RolledBack"
        messages.append(view["message"])
    assert "before this rollout, and run it still: 0, 5. To take them back too" in messages[0]
    assert "run it still" not in messages[1]
    assert {each["image"].rpartition(":")[2] for each in system.truth(scale_set)["instances"]} == {
        OLD
    }
