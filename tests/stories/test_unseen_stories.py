"""What nobody saw, what one answer says, and what one odd instance does take nothing back."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from story import NEW, OLD, System
from upgraded import images, upgrades

ROWS = {"method": "GET", "pattern": "virtualMachines$"}


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


@pytest.mark.by_day(1)
@pytest.mark.parametrize("hours", [0.5, 10, -1], ids=["down", "a clock ahead", "a clock set back"])
def test_time_in_which_nobody_could_look_takes_nothing_back(system: System, hours: float) -> None:
    scale_set, rollout = under_way(system)
    system.clock.advance(timedelta(hours=hours))
    succeeds(system, scale_set, rollout)


def test_nor_does_an_outage_between_looks_that_are_minutes_apart(system: System) -> None:
    """The first batch took eleven minutes, so the second is looked at every five."""
    scale_set = system.scale_set(capacity=10, upgradeDuration="PT2M", bootDuration="PT9M")
    rollout = system.start(scale_set).json()["id"]
    reached = "Batch 2 of 5 (update domain 1): 2 waiting to be healthy"
    system.until(rollout, lambda view: view["message"] == reached)
    system.clock.advance(timedelta(minutes=13))
    succeeds(system, scale_set, rollout)


@pytest.mark.parametrize(
    ("interval", "upgrade"), [("PT1H", "PT1M"), ("PT10M", "PT11M"), ("PT5M", "PT11M")]
)
def test_nor_do_looks_that_are_farther_apart_than_the_timeout_leaves_room_for(
    system: System, interval: str, upgrade: str
) -> None:
    scale_set = system.scale_set(capacity=10, upgradeDuration=upgrade)
    policy = {"health": {"interval": interval, "timeout": "PT15M"}}
    succeeds(system, scale_set, system.start(scale_set, policy=policy).json()["id"])


@pytest.mark.by_day(1)
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


@pytest.mark.by_day(0)
def test_one_long_retry_after_takes_nothing_back(system: System) -> None:
    scale_set, rollout = under_way(system)
    system.fault("throttle", scaleSet=scale_set, method="GET", count=1, retryAfter=3600)
    succeeds(system, scale_set, rollout)


def test_what_azure_asks_for_holds_after_the_batch_too(system: System) -> None:
    """The batch is given up: whoever reads next comes no earlier than the batch would have."""
    scale_set, rollout = under_way(system, onFailure="stop")
    system.azure.delete("/_sim/requests")
    system.fault("throttle", scaleSet=scale_set, method="GET", rate=1, retryAfter=400)
    view = system.finish(rollout)
    assert (view["phase"], "could not be read for" in view["message"]) == ("Failed", True)
    reads = [datetime.fromisoformat(each["at"]) for each in system.requests("GET", scale_set)]
    assert len(reads) > 10
    assert min(later - earlier for earlier, later in pairwise(reads)) >= timedelta(seconds=400)


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


@pytest.mark.by_day(0)
def test_the_way_back_waits_for_an_operation_of_azures_own(system: System) -> None:
    """It hangs for longer than a batch waits for it. Until it ends, Azure refuses the old image."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, upgradeDuration="PT200M")
    policy = {"maxBatchInstances": 2, "health": {"interval": "PT5M"}}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "RollingBack")
    view = system.finish(rollout)
    assert system.truth(scale_set)["image"].endswith(OLD), view["message"]
    assert not [each for each in system.events(rollout) if each["kind"] == "waiting"]


@pytest.mark.by_day(1)
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


def test_a_canary_that_is_being_deleted_is_replaced_by_another_one(system: System) -> None:
    """Deleting an instance may take an hour; its image is not to blame for that."""
    scale_set = system.scale_set(capacity=10, upgradeDuration="PT2M")
    policy = {"canary": {"instances": 1, "bake": "PT5M"}}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1 and view["counts"]["inProgress"] == 1)
    system.fault("instanceStuck", scaleSet=scale_set, instanceIds=["0"], state="Deleting")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 9), view["message"]
    said = [each["message"] for each in system.events(rollout) if each["kind"] == "leftOut"]
    why = "instance 0: is being deleted."
    assert said == [f"The canary has proved nothing, another one takes its place: {why}"]
    assert system.truth(scale_set)["violations"] == []


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


def test_untouched_instances_that_somebody_switches_off_take_nothing_back(system: System) -> None:
    scale_set = system.scale_set(capacity=20, upgradeDuration="PT2M")
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    ids = ["4", "9", "14", "19", "3"]
    system.fault("instanceStops", scaleSet=scale_set, instanceIds=ids, deallocated=True)
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Failed", 8)
    assert "5 of 20 instances are unhealthy or switched off" in view["message"]
    assert images(system, scale_set) == {OLD, NEW}


@pytest.mark.by_day(1)
@pytest.mark.parametrize("state", ["Deleting", "Creating", "Updating"])
def test_one_stuck_instance_does_not_stop_the_others(system: System, state: str) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.fault("instanceStuck", scaleSet=scale_set, instanceIds=["3"], state=state)
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["skipped"]) == ("Succeeded", 1), view["message"]
    assert view["counts"]["done"] == 9
    assert upgrades(system, scale_set) == 9


@pytest.mark.parametrize(
    ("judged", "phase"),
    [("ignore", "Succeeded"), ("fail", "Failed")],
    ids=["ignored", "by default"],
)
def test_a_harmless_extension_that_fails_may_be_ignored(
    system: System, judged: str, phase: str
) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    policy = {"health": {"provisioningFailed": judged}, "onFailure": "stop"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    failed = {"properties": {"provisioningState": "Failed"}}
    system.until(rollout, lambda view: "stabilizing" in view["message"])
    system.fault("rewrite", scaleSet=scale_set, rate=1, instances={"0": failed}, **ROWS)
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]


def test_what_somebody_begins_while_a_batch_waits_for_approval_is_not_held_to_be_ours(
    system: System,
) -> None:
    """The last look was just before, by a policy that looks once an hour."""
    scale_set = system.scale_set(capacity=10)
    policy = {"approval": "everyBatch", "health": {"interval": "PT1H"}}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    for batch in range(5):
        asks = ("AwaitingApproval", batch)
        system.until(rollout, lambda view, asks=asks: (view["phase"], view["batch"]) == asks)
        if batch == 1:
            system.pass_minutes(30)
            system.fault("instanceStuck", scaleSet=scale_set, instanceIds=["1"], state="Updating")
        system.api.post(f"/api/rollouts/{rollout}/approve")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["skipped"]) == ("Succeeded", 1), view["message"]
