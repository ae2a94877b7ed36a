"""What somebody starts, restarts or purges through Durable's own endpoints, beside our locks."""

import json
from typing import Any

import pytest
from story import NEW, OLD, System
from waves import images

DURABLE = "/runtime/webhooks/durabletask"

type Json = dict[str, Any]


def instance(system: System, instance_id: str) -> Json:
    system.host.wait_idle()
    return system.api.get(f"{DURABLE}/instances/{instance_id}").json()


def restart(system: System, instance_id: str, *, new_id: bool = True) -> str:
    """Restart it as Durable does; the id of what runs then."""
    again = str(new_id).lower()
    path = f"{DURABLE}/instances/{instance_id}/restart?restartWithNewInstanceId={again}"
    answer = system.api.post(path)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def begun(system: System, scale_set: str, **request: Any) -> str:
    rollout = system.start(scale_set, **request).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    return rollout


@pytest.mark.parametrize("new_id", [True, False], ids=["a new id", "its own id"])
def test_a_restarted_rollout_does_nothing_beside_the_lock(system: System, *, new_id: bool) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    first = system.run(scale_set, policy={"updateDomains": [0]})["id"]
    events = system.events(first)
    second = begun(system, scale_set)
    system.azure.delete("/_sim/requests")
    again = restart(system, first, new_id=new_id)
    ended = instance(system, again)
    assert ended["runtimeStatus"] == "Completed"
    assert ended["output"]["phase"] == "Failed"
    assert "nothing was done" in ended["output"]["message"]
    assert [one for one in system.requests() if one["method"] != "GET"] == []
    assert system.events(first) == events
    assert system.finish(second)["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []


def versions(system: System, scale_set: str) -> list[str]:
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    return [one["image"].rpartition(":")[2] for one in truth["instances"]]


def test_one_that_was_restarted_under_its_own_id_can_still_go_back(system: System) -> None:
    """Durable has forgotten what it had done; its log has not."""
    scale_set = system.scale_set(capacity=10)
    before = system.run(scale_set, policy={"updateDomains": [0, 1]})
    restart(system, before["id"], new_id=False)
    view = system.finish(before["id"])
    assert "nothing was done" in view["message"]
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"])
    for same in ("image", "rows", "counts", "batch", "startedAt"):
        assert view[same] == before[same], same
    assert system.api.post(f"/api/rollouts/{view['id']}/rollback").status_code == 202
    assert system.finish(view["id"])["phase"] == "RolledBack"
    assert versions(system, scale_set) == [OLD] * 10


def test_one_that_was_terminated_in_the_middle_and_restarted_can_go_back(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = begun(system, scale_set)
    system.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    system.pass_minutes(30)
    system.look_after()
    restart(system, rollout, new_id=False)
    assert system.finish(rollout)["verbs"] == ["rollback"]
    assert system.api.post(f"/api/rollouts/{rollout}/rollback").status_code == 202
    assert system.finish(rollout)["phase"] == "RolledBack"
    assert versions(system, scale_set) == [OLD] * 10


def test_a_restarted_rollback_can_be_said_again(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.run(scale_set)["id"]
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    system.api.post(f"/api/rollouts/{rollout}/abort")
    batch = system.finish(rollout)["batch"]
    restart(system, f"{rollout}:rollback", new_id=False)
    view = system.finish(rollout)
    assert (view["batch"], view["verbs"]) == (batch, ["rollback"])
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    assert system.finish(rollout)["phase"] == "RolledBack"
    assert versions(system, scale_set) == [OLD] * 10


def test_a_restarted_rollout_leaves_a_scale_set_alone_that_nobody_has(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    rollout = system.run(scale_set)["id"]
    system.run(scale_set, image={"version": OLD})
    system.azure.delete("/_sim/requests")
    restart(system, rollout, new_id=False)
    view = system.finish(rollout)
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"])
    assert "without the lock" in view["message"]
    assert system.requests() == []
    [line] = [each for each in system.api.get("/api/rollouts").json() if each["id"] == rollout]
    assert line["phase"] == "Failed"
    assert system.run(scale_set)["phase"] == "Succeeded"


def test_a_rollout_that_is_started_past_the_doors_does_nothing(system: System) -> None:
    scale_set = system.scale_set(capacity=4)
    order = {
        "id": "past-the-doors",
        "request": {"scaleSet": scale_set, "image": {"version": NEW}},
    }
    system.azure.delete("/_sim/requests")
    system.api.post(f"{DURABLE}/orchestrators/roll_out/past-the-doors", json=order)
    assert "without the lock" in instance(system, "past-the-doors")["output"]["message"]
    assert system.requests() == []


@pytest.mark.parametrize("new_id", [True, False], ids=["a new id", "its own id"])
def test_a_restarted_batch_sends_nothing(system: System, *, new_id: bool) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = begun(system, scale_set)
    again = restart(system, f"{rollout}:batch-1", new_id=new_id)
    system.pass_minutes(1)
    output = instance(system, again)["output"]
    assert output is not None
    assert ("instead of" if new_id else "is not under way") in output["halt"]
    assert system.finish(rollout)["phase"] == "Succeeded"
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    assert {one["upgrades"] for one in truth["instances"]} == {1}


def test_a_batch_that_is_made_up_sends_nothing(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = begun(system, scale_set)
    first = instance(system, f"{rollout}:batch-1")
    order = json.loads(first["input"])
    order["batch"] |= {"number": 7, "instanceIds": ["4", "9"], "updateDomain": 4}
    system.api.post(f"{DURABLE}/orchestrators/upgrade_batch/{rollout}:batch-7", json=order)
    assert "is not under way" in instance(system, f"{rollout}:batch-7")["output"]["halt"]
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []


def test_a_restarted_fleet_rollout_or_wave_starts_nothing(system: System) -> None:
    waves = [{"name": "all", "scaleSets": system.small(2)}]
    assert system.start_fleet(waves, id="fleet-once").status_code == 202
    assert system.finish_fleet("fleet-once")["phase"] == "Succeeded"
    lines = system.api.get("/api/rollouts").json()
    for instance_id in ("fleet-once", "fleet-once:wave-1"):
        ended = instance(system, restart(system, instance_id))
        assert ended["runtimeStatus"] == "Completed"
        assert "nothing was done" in str(ended["output"])
    assert system.api.get("/api/rollouts").json() == lines
    assert system.fleet("fleet-once")["phase"] == "Succeeded"
    kinds = [one["kind"] for one in system.api.get("/api/fleet-rollouts/fleet-once/events").json()]
    assert kinds.count("started") == 1


def test_a_restarted_lock_or_follower_ends_at_once(system: System) -> None:
    lock = {"owner": "x", "fingerprint": "0", "token": "lost"}
    for name, body in (("hold_lock", lock), ("follow_image", None)):
        published = {"versionId": "/v", "definition": "/d", "version": "1.0.0"}
        payload = body or {"publication": published}
        system.api.post(f"{DURABLE}/orchestrators/{name}/stray-{name}", json=payload)
        assert instance(system, f"stray-{name}")["runtimeStatus"] == "Completed"


def test_one_that_is_restarted_while_it_still_has_the_lock_does_nothing(system: System) -> None:
    """It was terminated a moment ago: to begin anew would take the new image for the old one."""
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    rollout = begun(system, scale_set)
    system.api.post(f"{DURABLE}/instances/{rollout}/terminate?reason=x")
    system.host.wait_idle()
    restart(system, rollout, new_id=False)
    view = system.finish(rollout)
    assert "nothing was done" in view["message"]
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"])
    system.look_after()
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    assert system.api.post(f"/api/rollouts/{rollout}/rollback").status_code == 202
    assert system.finish(rollout)["phase"] == "RolledBack"
    assert versions(system, scale_set) == [OLD] * 10


def test_a_rollout_that_is_restarted_beside_its_rollback_does_nothing(system: System) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    rollout = system.run(scale_set)["id"]
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    restart(system, rollout, new_id=False)
    assert "without the lock" in instance(system, rollout)["output"]["message"]
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    assert system.finish(rollout)["phase"] == "RolledBack"
    assert versions(system, scale_set) == [OLD] * 10


def said(system: System, fleet: str, verb: str) -> int:
    return system.api.post(f"/api/fleet-rollouts/{fleet}/{verb}").status_code


def moved_fleet(system: System, name: str) -> tuple[Json, list[str]]:
    """A fleet rollout in two waves, at its end."""
    scale_sets = system.small(3)
    waves = [
        {"name": "first", "scaleSets": scale_sets[:1]},
        {"name": "rest", "scaleSets": scale_sets[1:]},
    ]
    assert system.start_fleet(waves, id=name).status_code == 202
    return system.finish_fleet(name), scale_sets


def test_a_fleet_rollout_that_was_restarted_under_its_own_id_can_still_go_back(
    system: System,
) -> None:
    before, scale_sets = moved_fleet(system, "fleet-again")
    system.azure.delete("/_sim/requests")
    restart(system, "fleet-again", new_id=False)
    view = system.finish_fleet("fleet-again")
    assert "nothing was done" in view["message"]
    assert "can be rolled back" in view["message"]
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"])
    for same in ("waves", "counts", "wave", "startedAt", "percent"):
        assert view[same] == before[same], same
    assert system.requests() == []
    [line] = [
        one for one in system.api.get("/api/fleet-rollouts").json() if one["id"] == view["id"]
    ]
    assert (line["phase"], line["message"]) == ("Failed", view["message"])
    assert said(system, "fleet-again", "rollback") == 202
    view = system.finish_fleet("fleet-again")
    assert (view["phase"], view["verbs"]) == ("RolledBack", []), view["message"]
    assert images(system, scale_sets) == [OLD] * 3


@pytest.mark.parametrize("tidied_up", [True, False])
def test_a_fleet_rollout_that_was_terminated_in_a_wave_and_restarted_can_go_back(
    system: System, *, tidied_up: bool
) -> None:
    scale_sets = system.small(2, capacity=4)
    name = f"fleet-terminated-{tidied_up}".lower()
    wave = {"name": "all", "scaleSets": scale_sets, "maxConcurrent": 1}
    assert system.start_fleet([wave], id=name).status_code == 202
    system.fleet_until(name, lambda _: NEW in "".join(images(system, scale_sets)))
    system.api.post(f"{DURABLE}/instances/{name}/terminate?reason=x")
    system.host.wait_idle()
    view = system.fleet(name)
    assert (view["phase"], view["counts"]["inProgress"]) == ("Aborted", 1)
    assert "nothing more of it begins" in view["message"]
    if tidied_up:
        system.look_after()
    restart(system, name, new_id=False)
    system.host.wait_idle()
    view = system.fleet(name)
    assert "nothing was done" in view["message"]
    assert (view["phase"], view["verbs"]) == ("Failed", ["rollback"])
    assert view["counts"]["inProgress"] == 1
    assert said(system, name, "rollback") == 202
    view = system.finish_fleet(name)
    assert view["phase"] == "RolledBack", view["message"]
    assert images(system, scale_sets) == [OLD] * 2
    assert system.start_fleet([wave], id=f"{name}-next").status_code == 202


@pytest.mark.by_day(1)
@pytest.mark.parametrize("aborted", [True, False])
def test_a_fleet_rollback_that_was_restarted_knows_what_is_back(
    system: System, *, aborted: bool
) -> None:
    name = f"fleet-back-{aborted}".lower()
    _, scale_sets = moved_fleet(system, name)
    assert said(system, name, "rollback") == 202
    if aborted:
        system.fleet_until(name, lambda view: view["wave"] == 1)
        assert said(system, name, "abort") == 202
    before = system.finish_fleet(name)
    restart(system, f"{name}:rollback", new_id=False)
    view = system.finish_fleet(name)
    assert (view["phase"], view["waves"]) == ("Failed", before["waves"])
    assert view["verbs"] == (["rollback"] if aborted else [])
    if aborted:
        assert said(system, name, "rollback") == 202
        assert system.finish_fleet(name)["phase"] == "RolledBack"
    assert images(system, scale_sets) == [OLD] * 3
