"""Old rollouts are forgotten, with everything that Durable keeps of them; never one that runs."""

import logging

import pytest
from forgetting import DURABLE, clear_out, kept, let_pass, listed
from story import OLD, System

from rollout.run import index
from settings.retention import RETENTION_SETTING

POLICY = {"allowFullOutage": True, "maxBatchInstances": 1}


def test_nothing_is_left_of_a_rollout_that_ended_long_ago(world: System) -> None:
    world.run(world.scale_set(capacity=3), id="old", policy=POLICY)
    let_pass(world, days=179)
    assert {"old", "old:batch-1", "old:batch-3", "record old"} <= kept(world)
    let_pass(world, days=2)
    assert kept(world) == set()
    assert listed(world) == []
    for tail in ("", "/events", "/instances"):
        assert world.api.get(f"/api/rollouts/old{tail}").status_code == 404


def test_its_way_back_is_forgotten_with_it_and_counts_for_its_age(world: System) -> None:
    world.run(world.scale_set(capacity=3), id="back", policy=POLICY)
    let_pass(world, days=100)
    world.api.post("/api/rollouts/back/rollback")
    assert world.finish("back")["phase"] == "RolledBack"
    let_pass(world, days=100)
    assert clear_out(world) == {"forgotten": [], "failed": []}
    assert "back:rollback" in kept(world)
    let_pass(world, days=81)
    assert kept(world) == set()


def test_one_that_runs_is_never_forgotten(world: System) -> None:
    policy = {**POLICY, "approval": "everyBatch", "approvalTimeout": "P6D", "deadline": "P300D"}
    first = world.start(world.scale_set(capacity=3), id="long", policy=policy)
    assert first.status_code == 202
    world.host.wait_idle()
    world.api.post(f"{DURABLE}/instances/long/suspend?reason=holiday")
    let_pass(world, days=200)
    assert clear_out(world) == {"forgotten": [], "failed": []}
    assert {"long", "record long"} <= kept(world)
    assert listed(world) == ["long"]


def test_a_later_rollout_of_the_scale_set_is_not_touched(world: System) -> None:
    scale_set = world.scale_set(capacity=2)
    world.run(scale_set, id="first", policy=POLICY)
    let_pass(world, days=170)
    world.run(scale_set, id="second", policy=POLICY, image={"version": OLD})
    let_pass(world, days=11)
    assert listed(world) == ["second"]
    assert "record first" not in kept(world)
    assert world.view("second")["phase"] == "Succeeded"
    assert any(one.startswith("lock:scale-set-") for one in kept(world))


def test_one_that_somebody_terminated_is_forgotten_too(world: System) -> None:
    world.start(world.scale_set(capacity=3), id="ended", policy=POLICY)
    world.host.wait_idle()
    world.api.post(f"{DURABLE}/instances/ended/terminate?reason=wrong")
    let_pass(world, hours=2)
    let_pass(world, days=181)
    assert "ended" not in listed(world)
    assert not [one for one in kept(world) if one in {"ended", "record ended"}]


def test_one_that_is_in_the_list_no_more_is_found(
    world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "KEPT", 1)
    for name in ("first", "second"):
        world.run(world.scale_set(capacity=2), id=name, policy=POLICY)
    world.host.wait_idle()
    assert listed(world) == ["second"]
    let_pass(world, days=181)
    assert kept(world) == set()


def test_one_that_is_in_the_list_no_more_does_not_hide_behind_others(
    world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Durable answers a page only: here a short one, full of what somebody else left there."""
    monkeypatch.setattr("local.host.http.paging.PAGE", 3)
    monkeypatch.setattr("durable.expiry.PAGE", 3)
    monkeypatch.setattr(index, "KEPT", 1)
    for name in ("first", "last"):
        for number in range(3):
            world.api.post(f"{DURABLE}/orchestrators/upgrade_batch/0{name}{number}", json={})
            let_pass(world, minutes=10)
        world.run(world.scale_set(capacity=2), id=name, policy=POLICY)
    let_pass(world, days=181)
    assert clear_out(world)["failed"] == []
    assert listed(world) == []
    assert {one for one in kept(world) if not one.startswith("0")} == set()
    assert len(kept(world)) == 6


def test_a_run_forgets_only_so_many_and_the_next_one_goes_on(
    world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrators.retention.MOST_AT_ONCE", 2)
    monkeypatch.setenv(RETENTION_SETTING, "P366D")
    for number in range(3):
        world.run(world.scale_set(capacity=1), id=f"n{number}", policy=POLICY)
    let_pass(world, days=200)
    monkeypatch.setenv(RETENTION_SETTING, "P1D")
    assert clear_out(world) == {"forgotten": ["n0", "n1"], "failed": []}
    assert clear_out(world) == {"forgotten": ["n2"], "failed": []}
    assert kept(world) == set()


def test_what_was_forgotten_is_told_once(world: System, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "rollout")
    world.run(world.scale_set(capacity=2), id="old", policy=POLICY)
    let_pass(world, days=181)
    [line] = [one for one in caplog.records if one.name == "rollout.retention"]
    assert line.__dict__["rolloutId"] == "old"
    assert line.getMessage().startswith("Purged 4 instance(s) of rollout old, which ended before")


def test_a_wrong_setting_forgets_nothing(
    world: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.run(world.scale_set(capacity=1), id="old", policy=POLICY)
    monkeypatch.setenv(RETENTION_SETTING, "PT1H")
    let_pass(world, days=181)
    assert listed(world) == ["old"]
    assert "Nothing is forgotten: ROLLOUT_RETENTION is 'PT1H'" in caplog.text
    [error] = world.api.get("/api/health").json()["errors"]
    assert error["path"] == RETENTION_SETTING
