"""Stop-the-line: nothing begins, what is half done finishes its batch, and all goes on after it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from following import definition, follower, publish, settle, told, versions
from line import BUG, LINE, lift, stop, stopped
from story import NEW, OLD, System
from waves import images
from windows import HOUR, window

type Json = dict[str, Any]


@pytest.fixture(autouse=True)
def lifted(system: System) -> Iterator[None]:
    """For the stories after this one."""
    yield
    if stopped(system):
        lift(system)


def waits(view: Json) -> bool:
    return view["message"].startswith("Nothing begins: the line was stopped")


def moved(system: System, scale_set: str) -> int:
    return sum(each["upgrades"] for each in system.truth(scale_set)["instances"])


def test_it_says_since_when_by_whom_and_why(system: System) -> None:
    assert stopped(system) is None
    before = system.clock.now()
    stop(system)
    found = stopped(system)
    assert found is not None
    assert (found["reason"], found["by"]) == (BUG, "ann")
    assert abs(datetime.fromisoformat(found["since"]) - before) < timedelta(minutes=1)
    assert stop(system, "another", "eve") == found
    health = system.api.get("/api/health").json()
    assert (health["status"], health["stopped"]) == ("healthy", found)
    lift(system)
    assert stopped(system) is None
    lift(system)
    assert "stopped" not in system.api.get("/api/health").json()


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("body", [{}, {"reason": "  "}, {"reason": "x", "who": "y"}])
def test_who_gives_no_reason_changes_nothing(system: System, method: str, body: Json) -> None:
    answer = system.api.request(method, LINE, json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert stopped(system) is None


def test_starts_are_refused_and_what_was_started_before_is_answered_as_ever(
    system: System,
) -> None:
    first, second = system.small(2)
    began = system.start(first, id="before-the-stop")
    stop(system)
    again = system.start(first, id="before-the-stop")
    assert (began.status_code, again.status_code) == (202, 202)
    waves = [{"name": "all", "scaleSets": [second]}]
    for refused in (system.start(second), system.start_fleet(waves)):
        assert refused.status_code == 409
        problem = refused.json()
        assert problem["title"] == "The line is stopped"
        assert f"by ann: {BUG}" in problem["detail"]
        assert "DELETE /api/stop-the-line" in problem["detail"]
    assert system.plan(second)["batches"]
    lift(system)
    assert system.run(second)["phase"] == "Succeeded"
    assert system.finish("before-the-stop")["phase"] == "Succeeded"


def test_a_batch_under_way_finishes_and_the_next_one_waits(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    view = system.view(rollout)
    assert view["stopped"]["reason"] == BUG
    assert view["notice"].startswith("The line was stopped at ")
    view = system.until(rollout, waits)
    assert view["counts"]["done"] == moved(system, scale_set) == 2
    assert view["counts"]["inProgress"] == 0
    assert view["message"].endswith(f" by ann: {BUG}")
    assert view["phase"] == "Progressing"
    assert {"pause", "abort", "rollback"} <= set(view["verbs"])
    listed = system.api.get("/api/rollouts").json()
    assert next(each for each in listed if each["id"] == rollout)["stopped"] == view["stopped"]
    system.pass_minutes(3 * 60)
    assert moved(system, scale_set) == 2
    lift(system)
    system.pass_minutes(1)
    assert not waits(system.view(rollout))
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"], view["stopped"]) == ("Succeeded", 10, None)
    said = [each["message"] for each in system.events(rollout) if each["kind"] == "waiting"]
    assert len([message for message in said if "the line was stopped" in message]) == 1


def at_a_gate(system: System) -> Json:
    return {"policy": {"windows": [window(system, 2 * HOUR, 5 * HOUR)]}}


def for_approval(_: System) -> Json:
    return {"policy": {"approval": "everyBatch"}}


def before_its_model(_: System) -> Json:
    return {"policy": {"approval": "start"}}


@pytest.mark.parametrize("request_of", [at_a_gate, for_approval, before_its_model])
def test_what_waits_for_something_else_waits_for_the_line_after_that(
    system: System, request_of: Callable[[System], Json]
) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set, **request_of(system)).json()["id"]

    def rests(view: Json) -> bool:
        return view["phase"] == "AwaitingApproval" or view["opensAt"] is not None

    view = system.until(rollout, rests)
    stop(system)
    if view["phase"] == "AwaitingApproval":
        system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    system.until(rollout, waits, seconds=60)
    assert moved(system, scale_set) == 0
    lift(system)
    if request_of is for_approval:
        system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
        system.api.post(f"/api/rollouts/{rollout}/abort", json={})
        assert system.finish(rollout)["phase"] == "Aborted"
    else:
        assert system.finish(rollout)["phase"] == "Succeeded"


def listed(system: System, scale_set: str) -> int:
    """How often all of its instances were listed."""
    return len(system.requests("GET", f"{scale_set}/virtualMachines"))


def test_half_way_nothing_is_read_again_and_again_because_of_repairs(system: System) -> None:
    """Why they stay suspended is read once in a wait."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    system.until(rollout, waits)
    before = listed(system, scale_set)
    system.pass_minutes(2 * 60)
    assert "that no batch has begun with" in system.view(rollout)["repairs"]["why"]
    assert listed(system, scale_set) == before + 1
    for verb in ("pause", "resume"):
        system.api.post(f"/api/rollouts/{rollout}/{verb}", json={})
        system.pass_minutes(1)
    system.pass_minutes(60)
    assert waits(system.view(rollout))
    assert listed(system, scale_set) == before + 1
    lift(system)
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_repairs_that_ran_meanwhile_run_again_after_a_pause(system: System) -> None:
    """The line is stopped between their suspension and the change of the model."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, automaticRepairs=True)
    services = [{"serviceName": "AutomaticRepairs", "serviceState": "Running"}]
    running = {"orchestrationServices": services}
    system.fault("rewrite", scaleSet=scale_set, rate=1, path="/instanceView", patch=running)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: "has suspended" in view["message"], seconds=1)
    stop(system)
    system.azure.delete("/_sim/faults")
    system.until(rollout, waits)
    for _ in range(2):
        assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
        system.pass_minutes(15)
        assert system.truth(scale_set)["automaticRepairs"] == "Running"
        for verb in ("pause", "resume"):
            system.api.post(f"/api/rollouts/{rollout}/{verb}", json={})
            system.pass_minutes(1)
    assert moved(system, scale_set) == 0
    lift(system)
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.truth(scale_set)["automaticRepairs"] == "Running"


@pytest.mark.by_day(0)
def test_before_its_model_is_set_nothing_is_planned_again_and_again(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set, **before_its_model(system)).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    stop(system)
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    system.until(rollout, waits, seconds=60)
    written, read = len(system.events(rollout)), listed(system, scale_set)
    system.pass_minutes(3 * 60)
    assert waits(system.view(rollout))
    assert (len(system.events(rollout)), listed(system, scale_set)) == (written, read)
    lift(system)
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
def test_every_verb_works_and_a_rollback_is_not_held(system: System, verb: str, phase: str) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    system.until(rollout, waits)
    system.api.post(f"/api/rollouts/{rollout}/pause", json={"by": "ann"})
    system.host.wait_idle()
    assert system.view(rollout)["phase"] == "Paused"
    system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    assert stopped(system)
    truth = system.truth(scale_set)
    ran = {each["image"].rsplit(":", 1)[-1] for each in truth["instances"]}
    assert ran == ({OLD} if verb == "rollback" else {OLD, NEW})
    if verb == "abort":
        system.api.post(f"/api/rollouts/{rollout}/rollback", json={"by": "ann"})
        assert system.finish(rollout)["phase"] == "RolledBack"


def test_a_fleet_rollout_begins_no_further_scale_set(system: System) -> None:
    sets = system.small(3)
    waves = [{"name": "canary", "scaleSets": sets[:1]}, {"name": "rest", "scaleSets": sets[1:]}]
    fleet = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet, lambda view: view["waves"][0]["counts"]["inProgress"] > 0)
    stop(system)
    assert system.fleet(fleet)["stopped"]["by"] == "ann"
    first = system.fleet_until(fleet, lambda _: True)["id"]
    rows = system.api.get(f"/api/fleet-rollouts/{first}/scale-sets").json()
    system.until(rows[0]["rolloutId"], waits)
    system.pass_minutes(90)
    assert images(system, sets[1:]) == [OLD, OLD]
    lift(system)
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Succeeded", view["message"]


@pytest.mark.by_day(0)
def test_a_wave_that_was_to_begin_says_why_it_does_not(system: System) -> None:
    sets = system.small(2)
    waves = [
        {"name": "canary", "scaleSets": sets[:1]},
        {"name": "rest", "scaleSets": sets[1:], "approval": "before"},
    ]
    fleet = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet, lambda view: view["phase"] == "AwaitingApproval")
    stop(system)
    system.api.post(f"/api/fleet-rollouts/{fleet}/approve", json={})
    said = "Wave rest: nothing begins: the line was stopped at "
    system.fleet_until(fleet, lambda view: view["message"].startswith(said))
    system.pass_minutes(5 * 60)
    assert images(system, sets) == [NEW, OLD]
    lift(system)
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"


def test_a_new_version_of_a_followed_image_waits(system: System) -> None:
    system.subscribe()
    scale_set = follower(system, "held-up")
    stop(system)
    publish(system, "held-up", "1.1.0")
    system.pass_minutes(40)
    assert versions(system, scale_set) == ["1.0.0"]
    assert definition("held-up")
    lift(system)
    settle(system)
    assert versions(system, scale_set) == ["1.1.0"]
    assert [each["kind"] for each in told(system, "held-up")][-2:] == ["published", "handled"]
