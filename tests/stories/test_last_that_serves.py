"""The way back where almost nobody serves: one at a time, and never the last."""

from datetime import timedelta

from story import NEW, OLD, System

from local.host.engine.deaths import Death


def moved(system: System) -> tuple[str, str]:
    """A scale set of two domains, of which the first was moved; then the others fall ill, so that
    whoever serves is in one batch of the way back: its id, and the rollout's.
    """
    scale_set = system.scale_set(capacity=6, updateDomains=2)
    policy = {
        "updateDomains": [0],
        "maxBatchInstances": "50%",
        "maxUnhealthyInstances": "100%",
    }
    rollout = system.run(scale_set, policy=policy)["id"]
    system.fault(
        "flapping", scaleSet=scale_set, version=OLD, period="P9D", instanceIds=["1", "3", "5"]
    )
    return scale_set, rollout


def versions(system: System, scale_set: str) -> list[str]:
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    return [one["image"].rpartition(":")[2] for one in truth["instances"]]


def test_a_batch_of_all_that_serve_goes_back_without_the_last(system: System) -> None:
    """And the last goes back once the others serve again."""
    scale_set, rollout = moved(system)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert versions(system, scale_set) == [OLD] * 6
    assert system.truth(scale_set)["peakUpgrading"] == 3  # on the way forward
    sent = [each for each in system.events(rollout) if each["kind"] == "upgradeSent"]
    assert [len(each["evidence"]["instanceIds"]) for each in sent] == [3, 2, 1]


def test_the_last_that_serves_stays_where_it_is_and_is_named(system: System) -> None:
    """Those that went back do not serve: who still does is not taken down."""
    scale_set, rollout = moved(system)
    system.fault("badImage", version=OLD)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"])
    assert versions(system, scale_set) == [OLD, OLD, OLD, OLD, NEW, OLD]
    assert "would take down the last of 6 instances" in view["message"]
    rows = system.api.get(f"/api/rollouts/{rollout}/instances").json()
    [last] = [row for row in rows if row["instanceId"] == "4"]
    assert last["reason"].startswith("stayed up while the others of its batch went back")


def test_the_last_that_serves_is_not_taken_down_for_one_that_still_boots(system: System) -> None:
    """Its failure is within the budget; nobody serves in its place."""
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    system.fault("slowBoot", scaleSet=scale_set, seconds=7200)
    budgets = {"maxUnhealthyUpgradedInstances": 2, "maxUnhealthyInstances": "100%"}
    policy = {"onFailure": "stop", "health": {"timeout": "PT5M"}, **budgets}
    view = system.run(scale_set, policy=policy)
    assert view["phase"] == "Failed", view["message"]
    assert "would take down the last of 2 instances" in view["message"]
    assert system.truth(scale_set)["peakDown"] == 1


def test_who_was_skipped_and_still_boots_does_not_serve(system: System) -> None:
    """The operator goes on without it, and not without anybody."""
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    system.fault("slowBoot", scaleSet=scale_set, seconds=7200)
    policy = {"onFailure": "pause", "health": {"timeout": "PT5M"}, "maxUnhealthyInstances": "100%"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert system.api.post(f"/api/rollouts/{rollout}/skip").status_code == 202
    system.pass_minutes(30)
    view = system.view(rollout)
    assert "would take down the last of 2 instances" in view["message"]
    assert system.truth(scale_set)["peakDown"] == 1
    system.api.post(f"/api/rollouts/{rollout}/abort")
    system.finish(rollout)


def test_a_way_back_that_is_taken_up_knows_who_did_not_come_up(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set, policy={"health": {"timeout": "PT5M"}})["id"]
    system.fault("slowBoot", scaleSet=scale_set, seconds=7200)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    system.until(rollout, lambda view: view["counts"]["failed"] > 0)
    system.host.deaths.plan(Death("roll_out"))
    for _ in range(40):
        system.clock.advance(timedelta(seconds=15))
        system.look_after()
    assert system.host.deaths.happened
    view = system.finish(rollout)
    assert view["phase"] == "Failed", view["message"]
    assert "4 of 10 instances are not healthy that were so" in view["message"]
    assert system.truth(scale_set)["peakDown"] == 4


def test_who_does_not_come_up_in_time_is_down_while_others_go_back(system: System) -> None:
    """Who still boots is down: the next ones wait for it."""
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set, policy={"health": {"timeout": "PT5M"}})["id"]
    system.fault("slowBoot", scaleSet=scale_set, seconds=7200)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "4 of 10 instances are not healthy that were so" in view["message"]
    assert system.truth(scale_set)["peakDown"] == 4
    assert view["verbs"] == ["rollback"]
