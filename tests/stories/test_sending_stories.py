"""What is sent, when Azure does not take it at once: everything is asked again before each try."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from nightly import crossed
from story import NEW, OLD, PLATFORM, Json, System
from upgraded import images, upgrades

from local.host.engine.deaths import Death, Moment

THIRD = "14.04.201512010"
SEND = {"method": "POST", "path": "manualUpgrade"}
OPERATION = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Compute"
    "/locations/westus/operations/preempted"
)


def waiting_for_azure(system: System, retry_after: int = 120, **policy: object) -> tuple[str, str]:
    """A scale set whose first upgrade Azure does not take now, and its rollout, which waits."""
    scale_set = system.scale_set(capacity=8, updateDomains=4)
    system.fault("throttle", count=1, retryAfter=retry_after, scaleSet=scale_set, **SEND)
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: "Trying again in" in view["message"])
    return scale_set, rollout


def write_image(system: System, scale_set: str) -> None:
    system.publish(**PLATFORM, version=THIRD)
    system.fault("foreignWrite", scaleSet=scale_set, image={**PLATFORM, "version": THIRD})


@pytest.mark.parametrize(
    ("fault", "on_failure"), crossed(["throttle", "conflict"], ["rollback", "pause", "stop"])
)
def test_an_image_that_somebody_writes_meanwhile_reaches_no_instance(
    system: System, fault: str, on_failure: str
) -> None:
    scale_set = system.scale_set(capacity=8, updateDomains=4)
    system.fault(fault, count=2, scaleSet=scale_set, **SEND)
    rollout = system.start(scale_set, policy={"onFailure": on_failure}).json()["id"]
    system.until(rollout, lambda view: "Trying again in" in view["message"])
    write_image(system, scale_set)
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert (
        f"someone changed the image in the model of {scale_set.rpartition('/')[2]}"
        in (view["message"])
    )
    assert THIRD in view["message"]
    assert (images(system, scale_set), view["counts"]["pending"]) == ({OLD}, 8)


def test_a_fleet_that_falls_ill_meanwhile_is_not_taken_down_further(system: System) -> None:
    scale_set, rollout = waiting_for_azure(system, onFailure="stop")
    system.fault("flapping", scaleSet=scale_set, instanceIds=["4", "5", "6"], period="PT9H")
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "instances are unhealthy that were not before" in view["message"]
    assert upgrades(system, scale_set) == 0


def test_a_deadline_that_passes_meanwhile_holds(system: System) -> None:
    scale_set, rollout = waiting_for_azure(system, 400, deadline="PT5M", onFailure="stop")
    view = system.finish(rollout)
    assert (view["phase"], "the deadline of" in view["message"]) == ("Failed", True)
    assert upgrades(system, scale_set) == 0


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
def test_a_batch_that_was_not_sent_ends_untouched_when_the_operator_ends_it(
    system: System, verb: str, phase: str
) -> None:
    scale_set, rollout = waiting_for_azure(system)
    assert system.api.post(f"/api/rollouts/{rollout}/{verb}").status_code == 202
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["pending"]) == (phase, 8), view["message"]
    assert upgrades(system, scale_set) == 0


def test_a_batch_that_was_not_sent_waits_when_the_operator_pauses_it(system: System) -> None:
    scale_set, rollout = waiting_for_azure(system)
    assert system.api.post(f"/api/rollouts/{rollout}/pause").status_code == 202
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    system.pass_minutes(30)
    assert upgrades(system, scale_set) == 0
    assert system.view(rollout)["counts"] == {**view["counts"], "pending": 8}
    system.api.post(f"/api/rollouts/{rollout}/resume")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 8), view["message"]
    assert images(system, scale_set) == {NEW}


def test_the_models_image_is_not_sent_again_when_the_operator_ends_it(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    system.fault("conflict", scaleSet=scale_set, method="PATCH", count=20)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: "Trying again in" in view["message"])
    system.api.post(f"/api/rollouts/{rollout}/abort")
    system.pass_minutes(2)
    assert system.view(rollout)["phase"] == "Aborted"
    system.azure.delete("/_sim/faults")
    group, name = scale_set.split("/")[4], scale_set.rpartition("/")[2]
    assert OLD in system.api.get(f"/api/scale-sets/{group}/{name}").text


def lost(system: System, then: Callable[[str], None], **policy: object) -> tuple[str, Json]:
    """Batch 2 was sent, and the answer was lost; what happens then; how the rollout ends."""
    scale_set = system.scale_set(capacity=8, updateDomains=4)
    rollout = system.start(scale_set, policy={"onFailure": "stop", **policy}).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1 and view["counts"]["inProgress"] > 0)
    system.fault("dropConnection", after=True, count=1, scaleSet=scale_set, **SEND)
    system.until(rollout, lambda view: view["batch"] == 2 and "Trying again" in view["message"])
    then(scale_set)
    return scale_set, system.finish(rollout)


def test_what_may_have_been_sent_goes_back_too(system: System) -> None:
    def outage(scale_set: str) -> None:
        system.fault("denied", status=403, scaleSet=scale_set, method="GET", count=1)

    scale_set, view = lost(system, outage)
    assert view["phase"] == "Failed"
    assert view["counts"]["pending"] == 4
    assert system.api.post(f"/api/rollouts/{view['id']}/rollback").status_code == 202
    view = system.finish(view["id"])
    assert view["phase"] == "RolledBack", view["message"]
    assert images(system, scale_set) == {OLD}


def test_a_lost_answer_is_looked_up_and_nothing_is_upgraded_twice(system: System) -> None:
    scale_set, view = lost(system, lambda _: None)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 8), view["message"]
    truth = system.truth(scale_set)
    assert (truth["violations"], [each["upgrades"] for each in truth["instances"]]) == ([], [1] * 8)


def test_a_lost_answer_and_an_abort_settle_what_was_sent(system: System) -> None:
    def abort(scale_set: str) -> None:
        listed = system.api.get("/api/rollouts", params={"scaleSet": scale_set}).json()
        assert system.api.post(f"/api/rollouts/{listed[0]['id']}/abort").status_code == 202

    scale_set, view = lost(system, abort)
    assert view["phase"] == "Aborted", view["message"]
    assert view["counts"] == {**view["counts"], "done": 4, "pending": 4, "inProgress": 0}
    assert upgrades(system, scale_set) == 4


def test_our_own_change_of_the_repairs_is_not_taken_for_somebody_elses(system: System) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True, repairsDuration="PT1M")
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]
    kinds = [each["kind"] for each in system.events(view["id"])]
    assert kinds.count("planned") == 2, "at the beginning, and at the end"
    assert system.truth(scale_set)["automaticRepairs"] == "Running"


def test_an_image_that_somebody_has_set_before_ours_is_not_overwritten(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    write_image(system, scale_set)
    system.api.post(f"/api/rollouts/{rollout}/approve")
    view = system.finish(rollout)
    assert (view["phase"], "It was not overwritten" in view["message"]) == ("Failed", True)
    truth = system.truth(scale_set)
    assert (truth["image"].rpartition(":")[2], images(system, scale_set)) == (THIRD, {OLD})


def test_a_change_of_somebody_elses_that_is_under_way_is_waited_for(system: System) -> None:
    """It came while the start waited for approval, and is no reason to refuse what began before."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, modelUpdateDuration="PT2M")
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    body = {"properties": {"virtualMachineProfile": {"userData": "eA=="}}}
    changed = system.azure.patch(
        f"{scale_set}?api-version=2024-07-01", json=body, headers={"Authorization": "Bearer any"}
    )
    assert changed.status_code == 200, changed.text
    system.api.post(f"/api/rollouts/{rollout}/approve")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]


def test_an_image_that_a_region_has_only_just_got_is_waited_for(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    error = {"code": "GalleryImageNotFound", "target": "imageReference", "message": "Not found."}
    answer = {"method": "PATCH", "status": 404, "body": {"error": error}, "count": 20}
    system.fault("rewrite", scaleSet=scale_set, **answer)
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]


def preempted(system: System, times: int) -> str:
    """A scale set whose upgrade Azure accepts and does not carry out, so many times."""
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    lost = {"Azure-AsyncOperation": f"{system.azure.base_url}{OPERATION}?api-version=2024-07-01"}
    ended = {"status": "Failed", "error": {"code": "OperationPreempted", "message": "Later."}}
    answer = {"status": 202, "body": None, "headers": lost, "count": times}
    system.fault("rewrite", scaleSet=scale_set, **answer, **SEND)
    system.fault("rewrite", path=OPERATION, status=200, body=ended, count=times)
    return scale_set


def test_an_operation_that_another_one_preempts_is_sent_again(system: System) -> None:
    scale_set = preempted(system, times=1)
    view = system.run(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]
    assert upgrades(system, scale_set) == 4
    assert any("Sending it again" in each["message"] for each in system.events(view["id"]))


def test_one_that_is_preempted_each_time_is_given_up(system: System) -> None:
    scale_set = preempted(system, times=50)
    view = system.run(scale_set, policy={"onFailure": "stop"})
    assert view["phase"] == "Failed"
    assert "it was sent 3 times: " in view["message"]
    assert len(system.requests("POST", "manualupgrade")) == 3
    assert (images(system, scale_set), upgrades(system, scale_set)) == ({OLD}, 0)


@pytest.mark.by_day(2)
@pytest.mark.parametrize("seconds", [0, 300])
@pytest.mark.parametrize("image", ["good", "bad"])
def test_what_was_sent_by_a_process_that_died_unheard_is_watched(
    system: System, image: str, seconds: int
) -> None:
    """The activity runs again, at once or when Azure has finished, and finds its own traces."""
    scale_set, bad = system.scale_set(capacity=8, updateDomains=4), image == "bad"
    if bad:
        system.fault("badImage", version=NEW)
    again = timedelta(seconds=seconds)
    death = Death("start_upgrade", moment=Moment.UNHEARD, again=again)
    system.host.deaths.plan(death)
    rollout = system.start(scale_set).json()["id"]
    system.host.wait_idle()
    view = system.finish(rollout)
    assert death in system.host.deaths.happened
    expected = ("RolledBack", {OLD}, 0) if bad else ("Succeeded", {NEW}, 8)
    assert (view["phase"], images(system, scale_set), view["counts"]["done"]) == expected
    assert upgrades(system, scale_set) == (4 if bad else 8)


def test_a_batch_of_a_rollout_that_was_terminated_sends_nothing_any_more(system: System) -> None:
    """Durable leaves the batch of what it terminates alone: it wakes up, and is not to send."""
    scale_set, first = waiting_for_azure(system, retry_after=420)
    system.api.post(f"/runtime/webhooks/durabletask/instances/{first}/terminate?reason=x")
    system.look_after()
    second = system.start(scale_set, policy={"updateDomains": [2, 3]})
    assert second.status_code == 202
    assert system.finish(second.json()["id"])["phase"] == "Succeeded"
    system.pass_minutes(10)
    assert system.truth(scale_set)["violations"] == []
    assert upgrades(system, scale_set) == 4
