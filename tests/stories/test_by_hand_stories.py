"""What somebody purges, ends or starts through Durable's own endpoints, at any moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from following import followed, follower, publish, settle
from news_rules import configure, ids
from receiver import receiving
from story import NEW, OLD, System
from waves import images
from windows import HOUR, freeze

from local.host.engine.deaths import Death
from rollout.inventory import ScaleSetId
from rollout.run import lock_id

DURABLE = "/runtime/webhooks/durabletask"
KINDS = (
    "roll_out", "roll_out_fleet", "roll_out_wave", "upgrade_batch", "hold_lock", "follow_image",
    "deliver_news", "watch",
)  # fmt: skip

type Json = dict[str, Any]


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was purged is waited for in vain, for twenty seconds in an app that nobody tests."""
    monkeypatch.setattr("durable.until.BETWEEN_LOOKS_SECONDS", 0.02)


def terminate(system: System, instance: str) -> None:
    answer = system.api.post(f"{DURABLE}/instances/{instance}/terminate?reason=x")
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()


def purge(system: System, instance: str) -> None:
    answer = system.api.delete(f"{DURABLE}/instances/{instance}")
    assert answer.status_code == 200, answer.text


def started_by_hand(system: System, kind: str, instance: str, given: Json | None) -> None:
    system.api.post(f"{DURABLE}/orchestrators/{kind}/{instance}", json=given)
    system.host.wait_idle()


def test_a_rollout_whose_way_forward_is_purged_while_it_goes_back_keeps_its_scale_set(
    system: System,
) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    purge(system, rollout)
    assert system.view(rollout)["phase"] == "RollingBack"
    refused = system.start(scale_set)
    assert (refused.status_code, refused.json()["rolloutId"]) == (409, rollout)
    assert system.finish(rollout)["phase"] == "RolledBack"
    truth = system.truth(scale_set)
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}
    assert truth["violations"] == []
    assert system.start(scale_set).status_code == 202


def test_a_fleet_rollout_whose_way_forward_is_purged_while_it_goes_back_goes_back(
    system: System,
) -> None:
    scale_sets = system.small(2)
    waves = [{"name": "all", "scaleSets": scale_sets}]
    fleet = system.start_fleet(waves).json()["id"]
    system.finish_fleet(fleet)
    system.api.post(f"/api/fleet-rollouts/{fleet}/rollback")
    system.fleet_until(fleet, lambda view: view["counts"]["inProgress"] > 0)
    purge(system, fleet)
    refused = system.start_fleet(waves)
    assert (refused.status_code, refused.json()["rolloutId"]) == (409, fleet)
    assert system.finish_fleet(fleet)["phase"] == "RolledBack"
    assert images(system, scale_sets) == [OLD, OLD]
    assert system.start_fleet(waves).status_code == 202


def test_an_id_of_which_only_the_rollback_is_left_is_taken(system: System) -> None:
    """Else the next one of that id would be shown as rolled back, whatever becomes of it."""
    scale_set = system.scale_set(capacity=4)
    system.run(scale_set, id="half-purged")
    system.api.post("/api/rollouts/half-purged/rollback")
    system.finish("half-purged")
    purge(system, "half-purged")
    same = system.start(scale_set, id="half-purged")
    assert (same.status_code, same.json()["phase"]) == (200, "RolledBack")
    other = system.start(scale_set, id="half-purged", policy={"updateDomains": [0]})
    assert other.status_code == 409
    waves = [{"name": "all", "scaleSets": [scale_set]}]
    assert system.start_fleet(waves, id="half-purged").status_code == 409


@pytest.mark.parametrize("purged", [False, True], ids=["terminated", "purged"])
def test_a_follower_that_somebody_ends_no_longer_says_that_it_follows(
    system: System, image: str, *, purged: bool
) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1")
    line = followed(system, image)
    assert line["state"] == "rolling"
    terminate(system, line["id"])
    if purged:
        purge(system, line["id"])
    line = followed(system, image)
    assert line["state"] == "notRolled"
    assert "Following was ended through Durable's management API" in line["message"]
    settle(system)
    assert system.start(scale_set, image={"id": f"{line['definition']}/versions/1.0.1"}).json()


def test_a_courier_that_somebody_restarts_tells_nothing_twice(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as ops:
        hook = {"name": "ops", "kind": "webhook", "url": ops.url, "batchesEvery": "PT0S"}
        configure(monkeypatch, hook)
        rollout = system.run(system.scale_set(capacity=2))["id"]
        told = ids(ops)
        answer = system.api.post(f"{DURABLE}/instances/news:ops:{rollout}/restart")
        assert answer.status_code == 202
        settle(system)
        assert ids(ops) == told


@pytest.mark.parametrize("given", [None, {}, {"owner": 1}])
def test_a_lock_that_nobody_can_read_locks_nothing(system: System, given: Json | None) -> None:
    scale_set = system.scale_set(capacity=2)
    started_by_hand(system, "hold_lock", lock_id(ScaleSetId.parse(scale_set)), given)
    name = scale_set.rpartition("/")[2]
    shown = system.api.get(f"/api/scale-sets/demo/{name}")
    assert (shown.status_code, shown.json()["rolloutId"]) == (200, None)
    assert system.start(scale_set).status_code == 202


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [None, {"id": 1}], ids=["nothing", "something else"])
def test_what_somebody_starts_past_the_app_takes_an_id_and_nothing_else(
    system: System, kind: str, given: Json | None
) -> None:
    scale_set = system.scale_set(capacity=2)
    name = f"by-hand-{kind.replace('_', '-')}-{'some' if given else 'none'}"
    started_by_hand(system, kind, name, given)
    for unknown in (f"/api/rollouts/{name}", f"/api/fleet-rollouts/{name}"):
        assert system.api.get(unknown).status_code == 404
        assert system.api.post(f"{unknown}/abort").status_code == 404
    waves = [{"name": "all", "scaleSets": [scale_set]}]
    for taken in (system.start(scale_set, id=name), system.start_fleet(waves, id=name)):
        assert taken.status_code == 409
        assert taken.json()["title"] == "The id is taken"
    assert system.start(scale_set).status_code == 202


def purge_batch(system: System, rollout: str, number: int) -> None:
    terminate(system, rollout)
    terminate(system, f"{rollout}:batch-{number}")
    purge(system, f"{rollout}:batch-{number}")


@pytest.mark.parametrize(("verb", "phase"), [("retry", "Succeeded"), ("rollback", "RolledBack")])
def test_what_a_purged_batch_had_sent_is_watched_before_anything_else_begins(
    system: System, verb: str, phase: str
) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    purge_batch(system, rollout, 2)
    assert system.api.post(f"/api/rollouts/{rollout}/{verb}").status_code == 202
    view = system.finish(rollout)
    assert (view["phase"], system.truth(scale_set)["violations"]) == (phase, []), view["message"]
    assert view["counts"]["skipped"] == 0
    assert view["counts"]["done"] == (10 if verb == "retry" else 0)


def test_what_a_purged_batch_had_not_sent_waits_for_its_window(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    frozen = freeze(system, timedelta(minutes=18), 5 * HOUR)
    system.fault("throttle", path="manualupgrade", scaleSet=scale_set, count=1, retryAfter=300)
    rollout = system.start(scale_set, policy={"freezes": [frozen]}).json()["id"]
    system.until(rollout, lambda view: "Trying again in 5 min" in view["message"])
    purge_batch(system, rollout, 1)
    system.pass_minutes(30)
    assert system.api.post(f"/api/rollouts/{rollout}/retry").status_code == 202
    view = system.until(rollout, lambda view: view["opensAt"] is not None)
    opens_at = datetime.fromisoformat(view["opensAt"])
    assert system.finish(rollout)["phase"] == "Succeeded"
    asked = system.requests("POST", f"{scale_set}/manualupgrade")
    sent = [one for one in asked if one["status"] < 300]
    assert sent
    assert min(datetime.fromisoformat(one["at"]) for one in sent) >= opens_at


def test_a_rollout_whose_batch_is_purged_is_seen_to_stand_still(world: System) -> None:
    """Purged by filter, which takes what runs as well."""
    rollout = world.start(world.scale_set(capacity=10)).json()["id"]
    world.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    batch = world.api.get(f"{DURABLE}/instances/{rollout}:batch-2").json()
    since = f"createdTimeFrom={batch['createdTime']}"
    assert world.api.delete(f"{DURABLE}/instances?{since}").status_code == 200
    world.pass_minutes(2)
    world.look_after()
    assert "No look at its instances since" in world.view(rollout)["message"]
    terminate(world, rollout)
    assert world.api.post(f"/api/rollouts/{rollout}/retry").status_code == 202
    assert world.finish(rollout)["phase"] == "Succeeded"


def test_a_scale_set_whose_rollout_was_purged_is_not_called_rolled_back(system: System) -> None:
    scale_sets = system.small(2)
    fleet = system.start_fleet([{"name": "all", "scaleSets": scale_sets}]).json()["id"]
    system.finish_fleet(fleet)
    rows = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    purge(system, rows[0]["rolloutId"])
    system.api.post(f"/api/fleet-rollouts/{fleet}/rollback")
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Failed"
    assert "its Durable instance no longer exists" in view["message"]
    assert images(system, scale_sets) == [NEW, OLD]


@pytest.mark.parametrize("through", [False, True], ids=["under way", "through"])
def test_a_scale_set_that_goes_back_by_itself_is_called_rolled_back_only_once_it_is(
    system: System, *, through: bool
) -> None:
    [scale_set] = system.small(1)
    fleet = system.start_fleet([{"name": "all", "scaleSets": [scale_set]}]).json()["id"]
    system.finish_fleet(fleet)
    [row] = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    rollout = row["rolloutId"]
    assert system.api.post(f"/api/rollouts/{rollout}/rollback").status_code == 202
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    if through:
        system.finish(rollout)
    purge(system, rollout)
    system.api.post(f"/api/fleet-rollouts/{fleet}/rollback")
    view = system.finish_fleet(fleet)
    assert view["phase"] == ("RolledBack" if through else "Failed"), view["message"]
    assert ("its Durable instance no longer exists" in view["message"]) is not through
    assert system.truth(scale_set)["violations"] == []


def test_a_rollback_of_what_has_moved_nothing_is_refused(system: System) -> None:
    system.host.deaths.plan(Death("read_lock", "nothing-moved"))
    system.start(system.scale_set(capacity=4), id="nothing-moved")
    system.host.wait_idle()
    terminate(system, "nothing-moved")
    refused = system.api.post("/api/rollouts/nothing-moved/rollback")
    assert (refused.status_code, refused.json()["title"]) == (409, "There is nothing to put back")
    assert system.api.post("/api/rollouts/nothing-moved/retry").status_code == 202
    assert system.finish("nothing-moved")["phase"] == "Succeeded"
