"""The worker dies in the very turn that hears a verb: who was told 202 is obeyed all the same."""

from collections.abc import Callable
from typing import Any

import pytest
from story import NEW, OLD, System
from waves import images

from local.host.engine.deaths import Death

type Reached = Callable[[dict[str, Any]], bool]


def in_phase(phase: str) -> Reached:
    return lambda view: view["phase"] == phase


def say_to_the_dying(
    system: System, path: str, rollout: str, orchestrator: str, **body: Any
) -> None:
    """The verb is answered 202; the turn that hears it is the worker's last."""
    before = len(system.host.deaths.happened)
    system.host.deaths.plan(Death(orchestrator, rollout))
    answer = system.api.post(path, json={"by": "ann", **body})
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()
    assert len(system.host.deaths.happened) == before + 1
    system.look_after()
    system.host.wait_idle()


def say(system: System, rollout: str, verb: str, **body: Any) -> None:
    say_to_the_dying(system, f"/api/rollouts/{rollout}/{verb}", rollout, "roll_out", **body)


@pytest.mark.parametrize(
    ("verb", "phase", "known"),
    [("abort", "Aborted", {OLD, NEW}), ("rollback", "RolledBack", {OLD})],
)
def test_an_end_that_was_heard_by_nobody_is_carried_out(
    system: System, verb: str, phase: str, known: set[str]
) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    say(system, rollout, verb)
    view, truth = system.finish(rollout), system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == (phase, []), view["message"]
    assert "by ann" in view["message"]
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == known


def test_a_pause_that_was_heard_by_nobody_pauses_and_so_does_its_resume(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=10)).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    say(system, rollout, "pause")
    view = system.until(rollout, in_phase("Paused"))
    assert "Paused by ann" in view["message"]
    say(system, rollout, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_an_approval_that_was_heard_by_nobody_counts_for_its_batch_only(system: System) -> None:
    policy = {"approval": "everyBatch"}
    rollout = system.start(system.scale_set(capacity=10), policy=policy).json()["id"]
    system.until(rollout, in_phase("AwaitingApproval"))
    system.api.post(f"/api/rollouts/{rollout}/approve")
    system.until(rollout, lambda view: view["batch"] == 1 and in_phase("AwaitingApproval")(view))
    say(system, rollout, "approve")
    system.until(rollout, lambda view: view["batch"] == 2)
    view = system.until(rollout, in_phase("AwaitingApproval"))
    assert view["batch"] == 2, "the next batch is asked for again"


@pytest.mark.parametrize(
    ("verb", "phase", "counts"),
    [("retry", "Succeeded", {"done": 10}), ("skip", "Succeeded", {"done": 8, "skipped": 2})],
)
def test_a_decision_that_was_heard_by_nobody_is_carried_out(
    system: System, verb: str, phase: str, counts: dict[str, int]
) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("badImage", version=NEW)
    rollout = system.start(scale_set, policy={"onFailure": "pause"}).json()["id"]
    system.until(rollout, in_phase("Paused"))
    system.azure.delete("/_sim/faults")
    say(system, rollout, verb)
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    assert {key: view["counts"][key] for key in counts} == counts


def test_an_abort_of_a_rollback_that_was_heard_by_nobody_is_carried_out(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 3)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    system.until(rollout, lambda view: view["phase"] == "RollingBack" and view["batch"] > 3)
    say(system, rollout, "abort")
    view = system.finish(rollout)
    assert view["phase"] == "Aborted", view["message"]
    assert system.truth(scale_set)["violations"] == []


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("pause", "Paused")])
def test_a_fleet_rollout_obeys_what_it_did_not_live_to_hear(
    system: System, verb: str, phase: str
) -> None:
    scale_sets = system.small(3)
    waves = [
        {"name": "canary", "scaleSets": scale_sets[:1], "bakeAfter": "PT10M"},
        {"name": "rest", "scaleSets": scale_sets[1:]},
    ]
    fleet = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet, lambda view: view["counts"]["done"] == 1)
    say_to_the_dying(system, f"/api/fleet-rollouts/{fleet}/{verb}", fleet, "roll_out_fleet")
    view = system.fleet_until(fleet, in_phase(phase))
    assert "by ann" in view["message"]
    assert images(system, scale_sets) == [NEW, OLD, OLD]


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("pause", "Paused")])
def test_a_wave_that_did_not_live_to_pass_it_on_makes_no_difference(
    system: System, verb: str, phase: str
) -> None:
    first, second = system.scale_set(capacity=10), system.scale_set(capacity=10)
    wave = {"name": "all", "scaleSets": [first, second], "maxConcurrent": 2}
    fleet = system.start_fleet([wave]).json()["id"]
    system.fleet_until(fleet, lambda view: view["counts"]["inProgress"] == 2)
    path = f"/api/fleet-rollouts/{fleet}/{verb}"
    say_to_the_dying(system, path, f"{fleet}:wave-1", "roll_out_wave")
    scale_sets = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    members = [each["rolloutId"] for each in scale_sets]
    system.pass_minutes(40)
    assert [system.view(one)["phase"] for one in members] == [phase, phase]
