"""The way back: everything that was touched returns to the image it had."""

from typing import Any

import pytest
from story import NEW, OLD, PLATFORM, System

Json = dict[str, Any]


def images(truth: Json) -> set[str]:
    return {one["image"].rpartition(":")[2] for one in truth["instances"]}


def test_a_bad_image_is_put_back_by_itself(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("badImage", version=NEW)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert images(truth) == {OLD}
    assert {one["health"] for one in truth["instances"]} == {"healthy"}
    assert [one["upgrades"] for one in truth["instances"]].count(2) == 4
    assert (truth["peakDown"], truth["violations"]) == (4, [])
    assert truth["image"].endswith(OLD)
    assert view["message"].startswith("Rolled back: 4 instance(s) run the image they had")
    assert "on the target image but unhealthy" in view["message"]
    assert view["rows"][0]["cells"] == "rrrr"
    assert (view["counts"]["pending"], view["counts"]["done"]) == (20, 0)


def test_a_rollback_goes_domain_by_domain_newest_first(system: System) -> None:
    scale_set = system.scale_set()
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 3)
    system.api.post(f"/api/rollouts/{rollout}/rollback", json={"by": "ann", "reason": "slow"})
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert (images(truth), truth["violations"]) == ({OLD}, [])
    assert "Rollback requested by ann (slow)" in view["message"]
    began = [one for one in system.events(rollout) if one["kind"] == "batchStarted"]
    domains = [one["evidence"]["updateDomain"] for one in began]
    assert domains == [0, 1, 2, 2, 1, 0]


def test_a_rollback_that_is_said_again_while_it_goes_back_changes_nothing(system: System) -> None:
    scale_set = system.scale_set()
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 3)
    system.api.post(f"/api/rollouts/{rollout}/rollback", json={"by": "ann"})
    system.until(rollout, lambda view: view["phase"] == "RollingBack" and view["batch"] == 4)
    again = system.api.post(f"/api/rollouts/{rollout}/rollback", json={"by": "ben"})
    assert again.status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack"
    assert (images(system.truth(scale_set)), view["control"]) == ({OLD}, {})


def test_each_instance_returns_to_its_own_image(system: System) -> None:
    """An earlier rollout had moved one domain only."""
    between = "14.04.201507010"
    system.publish(**PLATFORM, version=between)
    scale_set = system.scale_set()
    system.run(scale_set, image={"version": between}, policy={"updateDomains": [1]})
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 3)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert truth["violations"] == []
    by_domain = {
        (one["updateDomain"], one["image"].rpartition(":")[2]) for one in truth["instances"]
    }
    assert by_domain == {(0, OLD), (1, between), (2, OLD), (3, OLD), (4, OLD)}
    assert truth["image"].endswith(between)


def test_a_rollback_that_fails_stops_and_says_so(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("upgradeFails", instanceIds=["5"])
    view = system.run(scale_set, policy={"rollbackOnFailure": "stop"})
    assert view["phase"] == "Failed"
    assert "the rollback failed" in view["message"]
    assert "instance 5: failed to provision" in view["message"]


def test_a_rollback_before_anything_moved_touches_nothing(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert (truth["peakDown"], truth["image"].endswith(OLD)) == (0, True)


def test_someone_elses_model_is_not_rolled_back(system: System) -> None:
    scale_set = system.scale_set()
    system.publish(**PLATFORM, version="14.04.201509090")
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    system.fault("foreignWrite", scaleSet=scale_set, image={"version": "14.04.201509090"})
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "someone else has set the model" in view["message"]


def test_automatic_repairs_are_suspended_meanwhile_and_run_again_after(system: System) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.truth(scale_set)["automaticRepairs"] == "Running"


def test_automatic_repairs_run_again_also_after_a_failure(system: System) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    system.fault("badImage", version=NEW)
    view = system.run(scale_set, policy={"onFailure": "stop"})
    assert view["phase"] == "Failed"
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    kinds = [event["kind"] for event in system.events(view["id"])]
    assert kinds[-2:] == ["repairsRestored", "finished"]


def test_a_rollout_that_has_ended_can_be_rolled_back(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    ended = system.run(scale_set)
    assert ended["verbs"] == ["rollback"]
    answer = system.api.post(f"/api/rollouts/{ended['id']}/rollback", json={"by": "ann"})
    assert answer.status_code == 202
    assert answer.json()["phase"] in {"RollingBack", "RolledBack"}
    assert answer.json()["image"] == ended["image"]
    view = system.finish(ended["id"])
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert (images(truth), truth["violations"]) == ({OLD}, [])
    assert truth["image"].endswith(OLD)
    assert view["verbs"] == []
    kinds = [event["kind"] for event in system.events(ended["id"])]
    assert kinds.count("finished") == 2
    [line] = system.api.get(f"/api/rollouts?scaleSet={scale_set}").json()
    assert line["phase"] == "RolledBack"


def test_an_abort_before_the_first_batch_leaves_a_model_that_can_be_put_back(
    system: System,
) -> None:
    """Else a scaling out would go on making instances of an image that nobody wants any more."""
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/abort", json={"by": "ann"})
    aborted = system.finish(rollout)
    assert (aborted["phase"], aborted["verbs"]) == ("Aborted", ["rollback"])
    said = "Aborted by ann. No instance was touched. The scale set's image is"
    assert aborted["message"].startswith(said)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert truth["image"].endswith(OLD)
    assert {one["upgrades"] for one in truth["instances"]} == {0}


def test_a_rollout_that_failed_or_was_aborted_can_be_rolled_back(system: System) -> None:
    scale_set = system.scale_set()
    system.fault("badImage", version=NEW)
    failed = system.run(scale_set, policy={"onFailure": "stop"})
    assert (failed["phase"], failed["verbs"]) == ("Failed", ["rollback"])
    system.api.post(f"/api/rollouts/{failed['id']}/rollback")
    view = system.finish(failed["id"])
    assert view["phase"] == "RolledBack"
    assert {one["health"] for one in system.truth(scale_set)["instances"]} == {"healthy"}


def test_a_rollback_of_an_ended_rollout_can_be_aborted(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    assert system.api.post(f"/api/rollouts/{rollout}/abort").status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "Aborted"
    assert images(system.truth(scale_set)) == {OLD, NEW}


def test_a_rollback_waits_for_no_other_rollout(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    first = system.run(scale_set, policy={"updateDomains": [0]})["id"]
    second = system.start(scale_set).json()["id"]
    answer = system.api.post(f"/api/rollouts/{first}/rollback")
    assert (answer.status_code, answer.json()["rolloutId"]) == (409, second)
    assert system.finish(second)["phase"] == "Succeeded"


def test_what_moved_nothing_has_nothing_to_roll_back(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.run(scale_set)
    view = system.run(scale_set)
    assert view["verbs"] == []
    assert system.api.post(f"/api/rollouts/{view['id']}/rollback").status_code == 409


def test_a_scale_set_that_upgrades_by_itself_by_now_is_not_rolled_back(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    switched = system.azure.patch(
        scale_set,
        params={"api-version": "2024-07-01"},
        headers={"Authorization": "Bearer x"},
        json={"properties": {"upgradePolicy": {"mode": "Automatic"}}},
    )
    assert switched.status_code == 200
    system.azure.delete("/_sim/requests")
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "the upgrade policy is Automatic" in view["message"]
    assert {one["method"] for one in system.requests()} == {"GET"}


def test_instances_that_came_with_the_new_image_go_back_as_well(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    system.fault("scaleOut", scaleSet=scale_set, count=3)
    system.until(rollout, lambda view: view["batch"] == 4)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert len(truth["instances"]) == 13
    assert (images(truth), truth["violations"]) == ({OLD}, [])
    assert view["counts"]["total"] == 13


def test_what_had_the_new_image_before_and_was_not_selected_keeps_it(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.run(scale_set, policy={"updateDomains": [1]})
    policy = {"updateDomains": [0], "approval": "everyBatch"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    assert system.finish(rollout)["phase"] == "RolledBack"
    there = system.truth(scale_set)["instances"]
    runs = {(one["updateDomain"], one["image"][-len(OLD) :]) for one in there}
    assert (1, NEW) in runs
    assert (0, NEW) not in runs


def test_an_instance_that_was_given_up_is_excused_and_goes_back_as_well(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("badImage", version=NEW, scaleSet=scale_set)
    policy = {"onFailure": "pause", "instanceIds": ["0"], "maxUnhealthyInstances": 0}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    system.api.post(f"/api/rollouts/{rollout}/skip", json={"by": "ann"})
    assert system.finish(rollout)["phase"] == "Succeeded"
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    assert (view["phase"], images(system.truth(scale_set))) == ("RolledBack", {OLD})


@pytest.mark.parametrize("ended", [True, False], ids=["by an operator, after its end", "by itself"])
def test_a_rollback_leaves_no_open_version_that_means_the_bad_one(
    system: System, *, ended: bool
) -> None:
    """New instances must not get the version that has just failed."""
    bad, offer = "14.04.201512010", f"Open-{ended}"
    image = {**PLATFORM, "offer": offer}
    system.publish(**image, version=OLD)
    scale_set = system.scale_set(capacity=4, updateDomains=2, image={**image, "version": "latest"})
    system.publish(**image, version=bad)
    if not ended:
        system.fault("badImage", version=bad, scaleSet=scale_set)
    [warning] = system.plan(scale_set, image={"version": "latest"})["warnings"]
    assert "a rollback leaves it at the version that most instances run now" in warning
    view = system.run(scale_set, image={"version": "latest"})
    if ended:
        assert system.api.post(f"/api/rollouts/{view['id']}/rollback").status_code == 202
        view = system.finish(view["id"])
    assert view["phase"] == "RolledBack"
    assert f"The scale set's image is Canonical:{offer}:14.04.2-LTS:{OLD}." in view["message"]
    assert f"it was Canonical:{offer}:14.04.2-LTS:latest, which may mean" in view["message"]
    system.fault("scaleOut", scaleSet=scale_set, count=1)
    system.pass_minutes(1)
    assert {one["image"].rpartition(":")[2] for one in system.truth(scale_set)["instances"]} == {
        OLD
    }
