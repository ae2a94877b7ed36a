"""Old fleet rollouts are forgotten like others, and a followed image remembers what it rolled."""

from typing import Any

import pytest
from following import followed, follower, publish, rollouts_of, settle, told, versions
from forgetting import DURABLE, clear_out, kept, let_pass, listed
from story import System

from rollout.run import index

NOTHING: dict[str, Any] = {"forgotten": [], "failed": []}
APPROVED = {"approval": "before"}


def run_fleet(world: System, fleet_id: str) -> None:
    waves = [{"name": name, "scaleSets": world.small(1)} for name in ("canary", "prod")]
    assert world.start_fleet(waves, id=fleet_id).status_code == 202
    assert world.finish_fleet(fleet_id)["phase"] == "Succeeded"


def fleets(world: System) -> list[str]:
    return [one["id"] for one in world.api.get("/api/fleet-rollouts").json()]


def test_nothing_is_left_of_a_fleet_rollout_that_ended_long_ago(world: System) -> None:
    run_fleet(world, "old")
    let_pass(world, days=179)
    assert {"old", "old:wave-1", "old:wave-2", "record old"} <= kept(world)
    let_pass(world, days=2)
    assert kept(world) == set()
    assert (fleets(world), listed(world)) == ([], [])
    for tail in ("", "/events", "/scale-sets"):
        assert world.api.get(f"/api/fleet-rollouts/old{tail}").status_code == 404


def test_its_way_back_is_forgotten_with_it_and_counts_for_its_age(world: System) -> None:
    run_fleet(world, "back")
    let_pass(world, days=100)
    world.api.post("/api/fleet-rollouts/back/rollback")
    assert world.finish_fleet("back")["phase"] == "RolledBack"
    let_pass(world, days=100)
    assert clear_out(world) == NOTHING
    assert {"back:rollback", "back:rollback-1", "back:wave-1"} <= kept(world)
    let_pass(world, days=81)
    assert kept(world) == set()


def wait_long(world: System, fleet_id: str) -> None:
    """Its first wave is through, and for 200 days nobody says whether the second may begin."""
    canary, prod = world.small(1), world.small(1)
    waves = [
        {"name": "canary", "scaleSets": canary},
        {"name": "prod", "scaleSets": prod, **APPROVED},
    ]
    started = world.start_fleet(waves, id=fleet_id, deadline="P300D")
    assert started.status_code == 202, started.text
    world.fleet_until(fleet_id, lambda view: view["phase"] == "AwaitingApproval")
    let_pass(world, days=200)


def test_one_that_runs_is_never_forgotten_nor_are_its_rollouts(world: System) -> None:
    """So that it can still be rolled back, as a whole."""
    wait_long(world, "long")
    assert clear_out(world) == NOTHING
    assert fleets(world) == ["long"]
    assert {"long", "long:wave-1", "record long"} <= kept(world)
    world.api.post("/api/fleet-rollouts/long/rollback")
    view = world.finish_fleet("long")
    assert (view["phase"], view["waves"][0]["cells"]) == ("RolledBack", "r")


def test_its_rollouts_keep_others_from_nothing(
    world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrators.retention.MOST_AT_ONCE", 1)
    wait_long(world, "long")
    waves = [{"name": "both", "scaleSets": world.small(2)}]
    world.start_fleet(waves, id="other")
    world.fleet_until("other", lambda view: view["phase"] == "Succeeded")
    let_pass(world, days=2)
    monkeypatch.setenv("ROLLOUT_RETENTION", "P1D")
    newest_first = [one for one in listed(world) if one.startswith("other~")]
    assert len(newest_first) == 2
    for one in reversed(newest_first):
        assert clear_out(world)["forgotten"] == [one]
    assert clear_out(world)["forgotten"] == ["other"]
    assert clear_out(world) == NOTHING
    assert fleets(world) == ["long"]


def test_one_of_which_a_rollout_still_runs_is_kept(world: System) -> None:
    """Somebody terminated the fleet rollout and its wave, and suspended what they had begun."""
    waves = [{"name": "canary", "scaleSets": world.small(1)}]
    world.start_fleet(waves, id="ended", deadline="P300D")
    world.host.wait_idle()
    [member] = listed(world)
    world.api.post(f"{DURABLE}/instances/{member}/suspend?reason=wait")
    for one in ("ended", "ended:wave-1"):
        world.api.post(f"{DURABLE}/instances/{one}/terminate?reason=wrong")
    let_pass(world, days=200)
    assert clear_out(world) == NOTHING
    assert {"ended", "ended:wave-1", "record ended", member} <= kept(world)
    world.api.post(f"{DURABLE}/instances/{member}/terminate?reason=wrong")
    let_pass(world, days=1)
    assert clear_out(world)["failed"] == []
    assert fleets(world) == []
    assert {"ended", "ended:wave-1", "record ended"}.isdisjoint(kept(world))


def test_one_that_is_in_the_list_no_more_is_found(
    world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "KEPT", 1)
    for name in ("first", "second"):
        run_fleet(world, name)
    world.host.wait_idle()
    assert fleets(world) == ["second"]
    let_pass(world, days=181)
    assert kept(world) == set()


@pytest.fixture
def golden(world: System) -> str:
    """The name of a gallery image; the app is told of its versions."""
    world.azure.delete("/_sim/event-subscriptions")
    world.subscribe()
    return "golden"


def test_a_version_whose_fleet_rollout_is_forgotten_is_not_rolled_again(
    world: System, golden: str
) -> None:
    scale_set = follower(world, golden)
    publish(world, golden, "1.0.1")
    settle(world)
    fleet = followed(world, golden)["fleetRolloutId"]
    let_pass(world, days=181)
    assert world.api.get(f"/api/fleet-rollouts/{fleet}").status_code == 404
    assert fleets(world) == listed(world) == []
    publish(world, golden, "1.0.1", tags={"only": "a tag"})
    settle(world)
    assert fleets(world) == rollouts_of(world, scale_set) == []
    assert (versions(world, scale_set), world.truth(scale_set)["models"]) == (["1.0.1"], 2)
    one = followed(world, golden)
    assert (one["version"], one["state"]) == ("1.0.1", "rolled")
    publish(world, golden, "1.0.2")
    settle(world)
    assert versions(world, scale_set) == ["1.0.2"]


def test_a_bad_version_is_not_tried_again_when_its_failure_is_forgotten(
    world: System, golden: str
) -> None:
    """The model names the version of before: only the followed image knows of this one."""
    scale_set = follower(world, golden)
    world.fault("badImage", version="1.0.1")
    publish(world, golden, "1.0.1")
    settle(world)
    let_pass(world, days=181)
    publish(world, golden, "1.0.1", tags={"only": "a tag"})
    settle(world)
    assert fleets(world) == rollouts_of(world, scale_set) == []
    assert versions(world, scale_set) == ["1.0.0"]


def test_a_followed_image_stays_and_what_it_told_long_ago_does_not(
    world: System, golden: str
) -> None:
    follower(world, golden)
    publish(world, golden, "1.0.1")
    settle(world)
    let_pass(world, days=100)
    publish(world, golden, "1.0.2")
    settle(world)
    assert "Version 1.0.1 was published" in [one["message"] for one in told(world, golden)]
    let_pass(world, days=100)
    left = [one["message"] for one in told(world, golden)]
    assert left[0] == "Version 1.0.2 was published"
    assert all("1.0.1" not in one for one in left)
    let_pass(world, days=100)
    assert told(world, golden) == []
    assert followed(world, golden)["version"] == "1.0.2"
    assert {one for one in kept(world) if not one.startswith("record")} == {
        followed(world, golden)["id"]
    }
