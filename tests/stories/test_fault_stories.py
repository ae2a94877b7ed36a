"""What goes wrong in Azure, and what the rollout makes of it."""

from datetime import datetime
from typing import Any

import pytest
from story import NEW, System

from rollout.batch import POLICY_READ_EVERY
from rollout.plan import SELDOM


def upgrades_by_domain(truth: dict[str, Any]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for one in truth["instances"]:
        counts[one["updateDomain"]] = counts.get(one["updateDomain"], 0) + one["upgrades"]
    return counts


def test_a_bad_image_stops_in_the_first_domain(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("badImage", version=NEW)
    view = system.run(scale_set, policy={"onFailure": "stop"})
    truth = system.truth(scale_set)
    assert view["phase"] == "Failed"
    assert upgrades_by_domain(truth) == {0: 4, 1: 0, 2: 0, 3: 0, 4: 0}
    assert (truth["peakDown"], truth["violations"]) == (4, [])
    message = view["message"]
    assert "batch 1 of 5 (update domain 0)" in message
    assert "instances 0, 5, 10, 15: on the target image but unhealthy" in message
    assert "16 were not touched" in message


def test_a_failed_rollout_frees_its_scale_set(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("badImage", version=NEW)
    system.run(scale_set, policy={"onFailure": "stop"})
    system.azure.delete("/_sim/faults")
    system.publish(
        publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201508010"
    )
    view = system.run(scale_set, image={"version": "14.04.201508010"})
    assert view["phase"] == "Succeeded"


def test_instances_that_were_unhealthy_before_do_not_stop_the_repair(system: System) -> None:
    """They count against nobody's budget, and go first in their domain."""
    scale_set = system.scale_set(unhealthy=["2", "7", "12", "17", "3", "8", "13", "18"])
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"


def test_a_failed_upgrade_names_the_instance_and_azures_reason(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("upgradeFails", instanceIds=["5"])
    view = system.run(scale_set, policy={"onFailure": "stop"})
    assert view["phase"] == "Failed"
    assert "instance 5: failed to provision: VMExtensionProvisioningError" in view["message"]
    assert view["counts"]["done"] == 3
    rows = system.api.get(f"/api/rollouts/{view['id']}/instances").json()
    failed = {row["instanceId"]: row["reason"] for row in rows if row["state"] == "failed"}
    assert list(failed) == ["5"]
    assert "VMExtensionProvisioningError" in failed["5"]


def test_failures_within_the_budget_do_not_stop_the_rollout(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("upgradeFails", instanceIds=["5"])
    policy = {"maxUnhealthyUpgradedInstances": 1}
    view = system.run(scale_set, policy=policy)
    assert view["phase"] == "Succeeded"
    assert (view["counts"]["done"], view["counts"]["failed"]) == (19, 1)
    assert "1 failed, within the budget" in view["message"]


def test_a_slow_boot_is_waited_for(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("slowBoot", seconds=400)
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []


def test_a_boot_slower_than_the_timeout_is_a_failure(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("slowBoot", seconds=4000)
    policy = {"health": {"timeout": "PT10M"}, "onFailure": "stop"}
    view = system.run(scale_set, policy=policy)
    assert view["phase"] == "Failed"
    assert upgrades_by_domain(system.truth(scale_set)) == {0: 2, 1: 0, 2: 0, 3: 0, 4: 0}


def test_throttled_polls_are_no_verdict_on_health(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    system.fault("throttle", count=5, retryAfter=40, method="GET")
    view = system.finish(started)
    assert view["phase"] == "Succeeded"
    waits = [one for one in system.events(started) if one["kind"] == "waiting"]
    assert sum(one.get("times", 1) for one in waits) == 5
    assert all(one["evidence"]["error"]["status"] == 429 for one in waits)


def test_retry_after_is_obeyed(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    system.azure.delete("/_sim/requests")
    system.fault("throttle", count=1, retryAfter=120, method="GET")
    system.finish(started)
    served = system.requests("GET")
    refused = next(index for index, one in enumerate(served) if one["status"] == 429)
    before, after = (datetime.fromisoformat(served[refused + n]["at"]) for n in (0, 1))
    assert (after - before).total_seconds() >= 120


@pytest.mark.parametrize("after", [False, True], ids=["before it was done", "after it was done"])
def test_an_upgrade_answered_503_is_done_exactly_once(system: System, after: bool) -> None:  # noqa: FBT001
    """The SDK would send it again by itself; we read first what has become of it."""
    scale_set = system.scale_set(capacity=10)
    system.fault(
        "serverError", count=1, status=503, method="POST", path="manualupgrade", after=after
    )
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert [one["upgrades"] for one in truth["instances"]] == [1] * 10
    assert truth["violations"] == []


@pytest.mark.parametrize("after", [False, True], ids=["before it was done", "after it was done"])
def test_a_model_change_answered_500_is_done_exactly_once(system: System, after: bool) -> None:  # noqa: FBT001
    scale_set = system.scale_set(capacity=5)
    system.fault("serverError", count=1, status=500, method="PATCH", after=after)
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert len(system.requests("PATCH")) == (1 if after else 2)


def test_a_dropped_connection_is_tried_again(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    started = system.start(scale_set).json()["id"]
    system.fault("dropConnection", count=3)
    assert system.finish(started)["phase"] == "Succeeded"


@pytest.mark.parametrize("name", ["AZURE_ENVIRONMENT", "ARM_ENDPOINT"])
def test_a_setting_gone_wrong_is_waited_out(
    system: System, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    rollout = system.start(system.scale_set(capacity=10)).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    with monkeypatch.context() as wrong:
        wrong.setenv(name, "wrong")
        system.until(rollout, lambda view: f"{name} is 'wrong'" in view["message"])
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_conflict_is_waited_out(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("conflict", count=2)
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert [one["upgrades"] for one in system.truth(scale_set)["instances"]] == [1] * 5


def test_someone_elses_image_stops_the_rollout_before_the_next_batch(system: System) -> None:
    scale_set = system.scale_set()
    system.publish(
        publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201509090"
    )
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] == 4)
    system.fault("foreignWrite", scaleSet=scale_set, image={"version": "14.04.201509090"})
    view = system.finish(started)
    assert view["phase"] == "Failed"
    assert "someone changed the image in the model" in view["message"]
    assert "14.04.201509090" in view["message"]
    assert sum(upgrades_by_domain(system.truth(scale_set)).values()) == 4


def test_an_upgrade_policy_that_is_switched_stops_the_rollout_before_the_next_batch(
    system: System,
) -> None:
    scale_set = system.scale_set()
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: "stabilizing" in view["message"])
    _switch_to_automatic(system, scale_set)
    view = system.finish(started)
    assert view["phase"] == "Failed"
    assert f"switched the upgrade policy of {scale_set.rsplit('/')[-1]}" in view["message"]
    assert view["counts"]["done"] == 4


def test_an_upgrade_policy_that_is_switched_stops_a_long_batch_within_ten_minutes(
    system: System,
) -> None:
    scale_set = system.scale_set()
    health = {"stable": "PT1H", "timeout": "PT2H"}
    started = system.start(scale_set, policy={"health": health}).json()["id"]
    system.until(started, lambda view: "stabilizing" in view["message"])
    _switch_to_automatic(system, scale_set)
    switched = system.clock.now()
    view = system.finish(started)
    assert view["phase"] == "Failed"
    assert "switched the upgrade policy to Automatic while a batch was under way" in view["message"]
    assert "4 were left in the middle of their upgrade" in view["message"]
    assert (view["batch"], view["counts"]["inProgress"]) == (1, 4)
    ended = datetime.fromisoformat(view["finishedAt"])
    assert ended - switched <= POLICY_READ_EVERY + SELDOM


def test_nor_is_it_overlooked_while_azures_operation_alone_is_asked(system: System) -> None:
    scale_set = system.scale_set(capacity=6, updateDomains=3, upgradeDuration="PT80M")
    started = system.start(scale_set, policy={"health": {"timeout": "PT4H"}}).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    automatic = {"properties": {"upgradePolicy": {"mode": "Automatic"}}}
    where = f"{scale_set.rsplit('/', maxsplit=1)[-1]}$"
    system.fault("rewrite", method="GET", pattern=where, rate=1, patch=automatic)
    switched = system.clock.now()
    view = system.finish(started)
    assert "switched the upgrade policy to Automatic while a batch was under way" in view["message"]
    ended = datetime.fromisoformat(view["finishedAt"])
    assert ended - switched <= POLICY_READ_EVERY + SELDOM


def _switch_to_automatic(system: System, scale_set: str) -> None:
    switched = system.azure.patch(
        scale_set,
        params={"api-version": "2024-07-01"},
        headers={"Authorization": "Bearer x"},
        json={"properties": {"upgradePolicy": {"mode": "Automatic"}}},
    )
    assert switched.status_code == 200


def test_an_instance_that_vanishes_fails_nothing(system: System) -> None:
    scale_set = system.scale_set()
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["batch"] == 2)
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=["1", "4"])
    view = system.finish(started)
    assert view["phase"] == "Succeeded"
    assert (view["counts"]["done"], view["counts"]["skipped"]) == (18, 2)


def test_instances_that_come_during_the_rollout_are_seen_to(system: System) -> None:
    scale_set = system.scale_set()
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["batch"] == 2)
    system.fault("scaleOut", scaleSet=scale_set, count=3)
    view = system.finish(started)
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert view["counts"]["total"] == len(truth["instances"]) == 23
    assert all(NEW in str(one["image"]) for one in truth["instances"])


def test_a_success_is_never_claimed_when_nothing_was_upgraded(system: System) -> None:
    """Azure accepts, the operation succeeds late: the lag after the 202 must not fool us."""
    scale_set = system.scale_set(capacity=10, staleAfterAccept=20)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert [one["upgrades"] for one in truth["instances"]] == [1] * 10
    assert truth["violations"] == []
