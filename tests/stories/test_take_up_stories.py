"""A worker that dies, an orchestration that breaks: the story goes on, and nobody is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from following import settle
from nightly import crossed, some
from story import NEW, OLD, System

from durable.client import start_first
from local.host.engine.deaths import Death, Moment

DURABLE = "/runtime/webhooks/durabletask"
AZURE_CALLS = (
    "set_image", "observe_model", "start_upgrade", "observe_batch",
    "observe_inventory", "keep_lock", "release_lock",
)  # fmt: skip


@pytest.mark.parametrize(("activity", "moment"), crossed(AZURE_CALLS, [*Moment]))
def test_an_activity_whose_worker_dies_is_done_again(
    system: System, activity: str, moment: Moment
) -> None:
    scale_set, death = system.scale_set(capacity=4), Death(activity, moment=moment)
    system.host.deaths.plan(death)
    view = system.run(scale_set)
    assert death in system.host.deaths.happened
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]
    assert system.truth(scale_set)["violations"] == []


@pytest.mark.parametrize("moment", [*Moment])
def test_a_look_at_everything_whose_worker_dies_is_done_again(
    system: System, moment: Moment
) -> None:
    """Not at once: what the start has just read is good enough for a rollout that begins then."""
    scale_set, death = system.scale_set(capacity=4), Death("inspect_scale_set", moment=moment)
    system.host.deaths.plan(death)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    assert death not in system.host.deaths.happened
    system.clock.advance(timedelta(minutes=2))
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    view = system.finish(rollout)
    assert death in system.host.deaths.happened
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]
    assert system.truth(scale_set)["violations"] == []


@pytest.mark.by_day(2)
@pytest.mark.parametrize("activity", some(["set_repairs", *AZURE_CALLS], 2))
def test_what_was_done_unheard_is_put_back_too(system: System, activity: str) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    system.fault("badImage", version=NEW)
    death = Death(activity, moment=Moment.UNHEARD)
    system.host.deaths.plan(death)
    view = system.run(scale_set)
    assert death in system.host.deaths.happened
    truth = system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == ("RolledBack", []), view["message"]
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}
    assert truth["image"].rpartition(":")[2] == OLD
    assert truth["automaticRepairs"] == "Running"


@pytest.mark.parametrize(
    ("orchestrator", "nth"), crossed(["roll_out", "upgrade_batch"], range(1, 7))
)
def test_an_orchestration_whose_worker_dies_is_taken_up(
    system: System, orchestrator: str, nth: int
) -> None:
    scale_set = system.scale_set(capacity=4, automaticRepairs=True)
    rollout = f"dies-{orchestrator.replace('_', '-')}-{nth}"
    instance = rollout if orchestrator == "roll_out" else f"{rollout}:batch-1"
    before = len(system.host.deaths.happened)
    system.host.deaths.plan(Death(orchestrator, instance, nth))
    system.start(scale_set, id=rollout)
    system.host.wait_idle()
    system.look_after()
    view = system.finish(rollout)
    assert len(system.host.deaths.happened) == before + 1
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]
    assert view["counts"]["skipped"] == 0, "what was sent is watched"
    truth = system.truth(scale_set)
    assert (truth["violations"], truth["automaticRepairs"]) == ([], "Running")
    assert system.start(scale_set).status_code == 202


def test_a_rollout_is_found_whose_start_died_with_it(
    world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start_and_die(*order: Any) -> None:
        await start_first(*order)
        raise OSError("the process was killed")

    monkeypatch.setattr("durable.begin.start_first", start_and_die)
    scale_set = world.scale_set(capacity=4)
    world.host.deaths.plan(Death("roll_out"))
    assert world.start(scale_set, id="orphan").status_code == 500
    world.host.wait_idle()
    monkeypatch.undo()
    world.look_after()
    assert world.finish("orphan")["phase"] == "Succeeded"


@pytest.mark.parametrize(("orchestrator", "nth"), crossed(["hold_lock", "watch"], range(1, 5)))
def test_what_looks_after_the_others_may_die_too(
    system: System, orchestrator: str, nth: int
) -> None:
    scale_set = system.scale_set(capacity=4)
    system.host.deaths.plan(Death(orchestrator, nth=nth))
    rollout = system.start(scale_set).json()["id"]
    system.look_after()
    system.look_after()
    assert system.start(scale_set).json()["rolloutId"] == rollout
    assert system.finish(rollout)["phase"] == "Succeeded"
    system.host.deaths.forget()
    assert system.start(scale_set).status_code == 202


@pytest.mark.by_day(1)
@pytest.mark.parametrize("nth", some(range(1, 12), 5))
def test_a_rollback_that_breaks_off_goes_on(system: System, nth: int) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("badImage", version=NEW)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "RollingBack")
    system.host.deaths.plan(Death("roll_out" if nth % 2 else "upgrade_batch", nth=nth // 2 + 1))
    for _ in range(60):
        system.clock.advance(timedelta(seconds=15))
        system.look_after()
    system.host.deaths.forget()
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == ("RolledBack", []), view["message"]
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}


def broken(system: System, scale_set: str, batch: int = 2) -> str:
    """A rollout that broke off in its second batch: its id."""
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == batch)
    break_off(system, rollout)
    return rollout


def break_off(system: System, rollout: str) -> None:
    """At once: were time to pass, the timer might take it up before it is seen."""
    system.host.deaths.plan(Death("roll_out", rollout))
    system.api.post(f"{DURABLE}/instances/{rollout}/raiseEvent/command", json={})
    system.host.wait_idle()
    assert "Broke off" in system.view(rollout)["message"]


def test_what_broke_off_says_so_in_one_sentence_and_takes_verbs(system: System) -> None:
    rollout = broken(system, system.scale_set(capacity=10))
    view = system.view(rollout)
    assert (view["phase"], view["verbs"]) == ("Paused", ["retry", "abort", "rollback"])
    assert "\n" not in view["message"]
    assert len(view["message"]) < 700
    [line] = [each for each in system.api.get("/api/rollouts").json() if each["id"] == rollout]
    assert line["message"] == view["message"]
    system.look_after()
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize(
    ("verb", "phase", "image"),
    [("retry", "Succeeded", NEW), ("abort", "Aborted", None), ("rollback", "RolledBack", OLD)],
)
def test_an_operator_may_decide_what_becomes_of_it(
    system: System, verb: str, phase: str, image: str | None
) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    rollout = broken(system, scale_set)
    assert system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"}).status_code == 202
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == (phase, []), view["message"]
    assert truth["automaticRepairs"] == "Running"
    images = {each["image"].rpartition(":")[2] for each in truth["instances"]}
    assert images == ({image} if image else {OLD, NEW})
    assert view["counts"]["inProgress"] == 0
    assert system.start(scale_set).status_code == 202


def test_a_pause_outlives_the_orchestration_that_heard_it(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    system.api.post(f"/api/rollouts/{rollout}/pause")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    break_off(system, rollout)
    system.look_after()
    view = system.view(rollout)
    assert (view["phase"], view["verbs"][0]) == ("Paused", "resume"), view["message"]
    system.api.post(f"/api/rollouts/{rollout}/resume")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_one_that_never_gets_on_is_left_to_an_operator(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = broken(system, scale_set)
    for _ in range(3):
        system.host.deaths.plan(Death("roll_out", rollout))
        system.look_after()
    view = system.view(rollout)
    assert (view["phase"], view["verbs"]) == ("Failed", ["retry", "rollback"]), view["message"]
    system.host.deaths.forget()
    system.look_after()
    assert system.api.post(f"/api/rollouts/{rollout}/rollback").status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert system.truth(scale_set)["violations"] == []


@pytest.mark.parametrize("verb", ["retry", "rollback"])
def test_one_that_somebody_terminated_can_be_taken_up(system: System, verb: str) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    system.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    system.host.wait_idle()
    view = system.view(rollout)
    assert (view["phase"], view["verbs"]) == ("Aborted", ["retry", "rollback"])
    assert system.api.post(f"/api/rollouts/{rollout}/{verb}").status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == {"retry": "Succeeded", "rollback": "RolledBack"}[verb], view["message"]
    truth = system.truth(scale_set)
    assert (truth["violations"], truth["automaticRepairs"]) == ([], "Running")


def test_one_that_somebody_purged_leaves_the_scale_set_free(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2)
    system.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    system.host.wait_idle()
    assert system.api.delete(f"{DURABLE}/instances/{rollout}").status_code == 200
    [line] = [each for each in system.api.get("/api/rollouts").json() if each["id"] == rollout]
    assert (line["phase"], line["verbs"]) == ("Aborted", [])
    settle(system)  # Azure is still upgrading what was sent
    assert system.run(scale_set)["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []


def test_what_does_not_look_for_three_intervals_is_seen(
    system: System, caplog: pytest.LogCaptureFixture
) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    batch = f"{rollout}:batch-1"
    system.api.post(f"{DURABLE}/instances/{batch}/suspend?reason=stand%20still")
    system.host.wait_idle()
    system.clock.advance(timedelta(minutes=1))
    system.look_after()
    view = system.view(rollout)
    assert view["standingStillSince"] is not None
    assert "No look at its instances since" in view["message"]
    assert any(each["standingStillSince"] for each in system.api.get("/api/rollouts").json())
    health = system.api.get("/api/health").json()
    assert health["status"] == "standingStill"
    assert rollout in {each["id"] for each in health["rollouts"]}
    assert [each for each in caplog.records if getattr(each, "event", "") == "standsStill"]
    system.api.post(f"{DURABLE}/instances/{batch}/resume?reason=go")
    system.host.wait_idle()
    system.look_after()
    assert system.view(rollout)["standingStillSince"] is None
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_one_that_breaks_before_its_canary_does_not_call_it_healthy(system: System) -> None:
    policy = {"canary": {"instances": 1}, "approval": "canary"}
    rollout = system.start(system.scale_set(capacity=4), policy=policy).json()["id"]
    break_off(system, rollout)
    system.look_after()
    view = system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    assert view["batch"] == 1, view["message"]
    assert view["counts"]["done"] == 1
