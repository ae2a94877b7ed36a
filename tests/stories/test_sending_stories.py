"""What is sent, when Azure does not take it at once: everything is asked again before each try."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from story import NEW, OLD, PLATFORM, Json, System

THIRD = "14.04.201512010"
SEND = {"method": "POST", "path": "manualUpgrade"}


def waiting_for_azure(system: System, retry_after: int = 120, **policy: object) -> tuple[str, str]:
    """A scale set whose first upgrade Azure does not take now, and its rollout, which waits."""
    scale_set = system.scale_set(capacity=8, updateDomains=4)
    system.fault("throttle", count=1, retryAfter=retry_after, scaleSet=scale_set, **SEND)
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: "Trying again in" in view["message"])
    return scale_set, rollout


def images(system: System, scale_set: str) -> set[str]:
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    return {each["image"].rpartition(":")[2] for each in truth["instances"]}


def upgrades(system: System, scale_set: str) -> int:
    return sum(each["upgrades"] for each in system.truth(scale_set)["instances"])


def write_image(system: System, scale_set: str) -> None:
    system.publish(**PLATFORM, version=THIRD)
    system.fault("foreignWrite", scaleSet=scale_set, image={**PLATFORM, "version": THIRD})


@pytest.mark.parametrize("on_failure", ["rollback", "pause", "stop"])
@pytest.mark.parametrize("fault", ["throttle", "conflict"])
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
    scale_set, rollout = waiting_for_azure(system, 400, deadline="PT5M")
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


def under_way(system: System, **policy: object) -> tuple[str, str]:
    """A rollout whose second batch is being upgraded."""
    scale_set = system.scale_set(capacity=10, upgradeDuration="PT2M")
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    return scale_set, rollout


def succeeds(system: System, scale_set: str, rollout: str) -> None:
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 10), view["message"]
    truth = system.truth(scale_set)
    assert (truth["violations"], [each["upgrades"] for each in truth["instances"]]) == (
        [],
        [1] * 10,
    )


@pytest.mark.parametrize("hours", [0.5, 10, -1], ids=["down", "a clock ahead", "a clock set back"])
def test_time_in_which_nobody_could_look_takes_nothing_back(system: System, hours: float) -> None:
    scale_set, rollout = under_way(system)
    system.clock.advance(timedelta(hours=hours))
    succeeds(system, scale_set, rollout)


@pytest.mark.parametrize("minutes", [20, 55])
def test_an_outage_of_azure_takes_nothing_back(system: System, minutes: int) -> None:
    scale_set, rollout = under_way(system)
    system.fault("dropConnection", scaleSet=scale_set, rate=1)
    system.pass_minutes(minutes)
    assert "Trying again in" in system.view(rollout)["message"]
    system.azure.delete("/_sim/faults")
    succeeds(system, scale_set, rollout)


def test_an_outage_that_is_too_long_pauses_where_the_policy_pauses(system: System) -> None:
    scale_set, rollout = under_way(system, onFailure="pause")
    system.fault("dropConnection", scaleSet=scale_set, rate=1)
    system.pass_minutes(75)
    view = system.view(rollout)
    assert (view["phase"], view["counts"]["failed"]) == ("Paused", 0)
    assert "could not be read for 1 h" in view["message"]
    system.azure.delete("/_sim/faults")
    system.api.post(f"/api/rollouts/{rollout}/resume")
    succeeds(system, scale_set, rollout)


def test_one_long_retry_after_takes_nothing_back(system: System) -> None:
    scale_set, rollout = under_way(system)
    system.fault("throttle", scaleSet=scale_set, method="GET", count=1, retryAfter=3600)
    succeeds(system, scale_set, rollout)


def test_an_instance_that_is_evicted_in_its_batch_is_left_out(system: System) -> None:
    scale_set, rollout = under_way(system)
    down = next(
        each["instanceId"]
        for each in system.api.get(f"/api/rollouts/{rollout}/instances").json()
        if each["state"] == "upgrading"
    )
    system.fault("instanceStops", scaleSet=scale_set, instanceIds=[down], deallocated=True)
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"], view["counts"]["failed"]) == ("Succeeded", 9, 0)
    rows = {
        each["instanceId"]: each
        for each in system.api.get(f"/api/rollouts/{rollout}/instances").json()
    }
    assert "was switched off while its batch was under way" in rows[down]["reason"]


def test_a_long_operation_of_azures_own_is_waited_for(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2, upgradeDuration="PT45M")
    policy = {"maxBatchInstances": 2, "health": {"interval": "PT1M"}}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.pass_minutes(30)
    assert "Azure's own operation on them is still running" in system.view(rollout)["message"]
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]


@pytest.mark.parametrize("approval", ["none", "canary"])
def test_a_canary_that_goes_away_is_replaced_by_another_one(system: System, approval: str) -> None:
    scale_set = system.scale_set(capacity=10, upgradeDuration="PT3M")
    policy = {"canary": {"instances": 1, "bake": "PT5M"}, "approval": approval}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.fault("badImage", scaleSet=scale_set, version=NEW)
    system.until(rollout, lambda view: view["counts"]["inProgress"] == 1)
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=["0"])
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    truth = system.truth(scale_set)
    assert (truth["violations"], truth["peakDown"]) == ([], 1)
    said = [each["message"] for each in system.events(rollout) if each["kind"] == "leftOut"]
    why = "instance 0: no longer exists."
    assert said == [f"The canary has proved nothing, another one takes its place: {why}"]


def test_a_canary_that_is_skipped_is_replaced_by_another_one(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("upgradeFails", scaleSet=scale_set, instanceIds=["0"])
    policy = {"canary": {"instances": 1, "bake": "PT5M"}, "onFailure": "pause"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    system.api.post(f"/api/rollouts/{rollout}/skip")
    view = system.until(rollout, lambda view: view["batch"] == 2)
    assert "canary" in view["message"]
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 9), view["message"]


def test_a_bad_image_is_found_before_the_time_is_up(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("badImage", scaleSet=scale_set, version=NEW)
    policy = {"onFailure": "stop", "health": {"unhealthyAfter": "PT2M"}}
    began = system.clock.now()
    view = system.run(scale_set, policy=policy)
    assert (view["phase"], view["counts"]["failed"]) == ("Failed", 2)
    assert system.clock.now() - began < timedelta(minutes=8)
