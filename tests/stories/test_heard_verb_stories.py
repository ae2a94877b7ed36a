"""An abort and a rollback are heard whatever came before; what changes nothing is not sent."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from story import NEW, OLD, System

CLICKS = 60

Json = dict[str, Any]


def say(system: System, path: str, verb: str, **body: Any) -> Json:
    answer = system.api.post(f"{path}/{verb}", json={"by": "ann", **body})
    assert answer.status_code == 202, answer.text
    return answer.json()


def at_once(system: System, path: str, *verbs: str) -> None:
    """All of them at the same time, whatever is answered."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(system.api.post, [f"{path}/{verb}" for verb in verbs]))
    system.host.wait_idle()


def raised(system: System, instance: str) -> list[str]:
    """The names of the events that have reached an orchestration."""
    path = f"/runtime/webhooks/durabletask/instances/{instance}?showHistory=true"
    events = system.api.get(path).json()["historyEvents"]
    return [each["Name"] for each in events if each["EventType"] == "EventRaised"]


def rolling(system: System, **request: Any) -> str:
    rollout = system.start(system.scale_set(capacity=10), **request).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 1)
    return rollout


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
def test_sixty_pauses_at_once_make_nobody_deaf_to_an_end(
    system: System, verb: str, phase: str
) -> None:
    rollout = rolling(system)
    at_once(system, f"/api/rollouts/{rollout}", *["pause"] * CLICKS)
    said = say(system, f"/api/rollouts/{rollout}", verb)
    assert said["notice"].startswith(f"{verb.capitalize()} requested by ann")
    view = system.finish(rollout)
    assert (view["phase"], "by ann" in view["message"]) == (phase, True)


def tired_of_pauses(system: System) -> str:
    """A rollout that has heard as many pauses and resumes within one batch as it can."""
    rollout = rolling(system)
    heard = 0
    for verb in ["pause", "resume"] * CLICKS:
        if system.api.post(f"/api/rollouts/{rollout}/{verb}").status_code == 409:
            break  # each is answered when it was heard, so that none is refused before that
        heard += 1
    system.host.wait_idle()
    assert heard > 1
    return rollout


def test_pauses_and_resumes_in_one_batch_make_nobody_deaf_to_an_end_and_are_no_longer_offered(
    system: System,
) -> None:
    rollout = tired_of_pauses(system)
    assert system.view(rollout)["verbs"] == ["abort", "rollback"]
    refused = system.api.post(f"/api/rollouts/{rollout}/resume")
    assert refused.status_code == 409
    heard_out = "it takes: abort, rollback (it has heard as many other verbs as it can while what"
    assert heard_out in refused.json()["detail"]
    say(system, f"/api/rollouts/{rollout}", "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def test_after_that_batch_it_hears_them_again(system: System) -> None:
    rollout = tired_of_pauses(system)
    view = system.until(rollout, lambda view: view["phase"] == "Paused" or view["batch"] == 2)
    for verb in ["resume", "pause"] if view["phase"] == "Paused" else ["pause"]:
        say(system, f"/api/rollouts/{rollout}", verb)
    system.until(rollout, lambda view: view["phase"] == "Paused")
    say(system, f"/api/rollouts/{rollout}", "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_pause_that_stands_is_answered_and_not_sent(system: System) -> None:
    rollout = rolling(system)
    path = f"/api/rollouts/{rollout}"
    say(system, path, "pause")
    system.host.wait_idle()
    for _ in range(CLICKS):
        assert say(system, path, "pause", by="bob")["control"]["paused"]["by"] == "ann"
    assert raised(system, rollout) == ["command"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    say(system, path, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_pause_right_after_a_resume_holds(system: System) -> None:
    rollout = rolling(system)
    path = f"/api/rollouts/{rollout}"
    for _ in range(3):
        say(system, path, "pause")
        system.until(rollout, lambda view: "resume" in view["verbs"])
        say(system, path, "resume")
        say(system, path, "pause")
        system.until(rollout, lambda view: "resume" in view["verbs"])
        say(system, path, "resume")
    say(system, path, "pause")
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    assert view["batch"] == 1
    say(system, path, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def test_an_end_that_stands_is_answered_and_not_sent(system: System) -> None:
    rollout = rolling(system)
    path = f"/api/rollouts/{rollout}"
    say(system, path, "rollback", reason="wrong image")
    system.host.wait_idle()
    for _ in range(CLICKS):
        notice = say(system, path, "rollback", by="bob")["notice"]
        assert notice.startswith("Rollback requested by ann (wrong image)")
    system.until(rollout, lambda view: view["phase"] == "RollingBack")
    for _ in range(CLICKS):
        assert say(system, path, "rollback", by="bob")["phase"] == "RollingBack"
    assert raised(system, rollout) == ["rollback"]
    assert system.finish(rollout)["phase"] == "RolledBack"


def test_an_abort_takes_the_place_of_a_rollback_that_has_yet_to_begin(system: System) -> None:
    rollout = rolling(system)
    path = f"/api/rollouts/{rollout}"
    say(system, path, "rollback")
    assert say(system, path, "abort")["notice"].startswith("Abort requested by ann")
    view = system.finish(rollout)
    assert (view["phase"], view["verbs"]) == ("Aborted", ["rollback"])


def test_an_abort_that_leaves_only_a_model_says_so_in_its_answer(system: System) -> None:
    """Who aborts hears at once what a scale-out boots until somebody rolls back."""
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    notice = say(system, f"/api/rollouts/{rollout}", "abort")["notice"]
    assert f"scale-out boots Canonical:UbuntuServer:14.04.2-LTS:{NEW}" in notice
    assert "until you roll back" in notice
    assert system.finish(rollout)["verbs"] == ["rollback"]


def test_an_abort_before_the_model_was_set_speaks_of_no_image(system: System) -> None:
    rollout = system.start(system.scale_set(), policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    assert NEW not in say(system, f"/api/rollouts/{rollout}", "abort")["notice"]
    assert system.finish(rollout)["verbs"] == []


def test_sixty_rollbacks_at_once_make_nobody_deaf_to_an_abort(system: System) -> None:
    rollout = rolling(system)
    at_once(system, f"/api/rollouts/{rollout}", *["rollback"] * CLICKS)
    system.until(rollout, lambda view: view["phase"] == "RollingBack")
    say(system, f"/api/rollouts/{rollout}", "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def fleet_of_two(system: System) -> tuple[str, list[str]]:
    scale_sets = [system.scale_set(capacity=10) for _ in range(2)]
    wave = {"name": "all", "scaleSets": scale_sets, "maxConcurrent": 1}
    fleet = system.start_fleet([wave]).json()["id"]
    system.fleet_until(fleet, lambda view: view["counts"]["inProgress"] == 1)
    return fleet, scale_sets


def images(system: System, scale_set: str) -> set[str]:
    instances = system.truth(scale_set)["instances"]
    return {each["image"].rpartition(":")[2] for each in instances}


def test_sixty_pauses_at_once_make_no_fleet_deaf_to_an_abort(system: System) -> None:
    fleet, [_, second] = fleet_of_two(system)
    path = f"/api/fleet-rollouts/{fleet}"
    at_once(system, path, *["pause"] * CLICKS)
    assert say(system, path, "abort")["notice"].startswith("Abort requested by ann")
    assert system.finish_fleet(fleet)["phase"] == "Aborted"
    assert images(system, second) == {OLD}


def test_a_pause_of_a_fleet_that_stands_is_answered_and_not_sent(system: System) -> None:
    fleet, scale_sets = fleet_of_two(system)
    path = f"/api/fleet-rollouts/{fleet}"
    say(system, path, "pause")
    system.host.wait_idle()
    for _ in range(CLICKS):
        assert say(system, path, "pause", by="bob")["control"]["paused"]["by"] == "ann"
    assert raised(system, fleet) == ["command"]
    say(system, path, "resume")
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    assert [images(system, each) for each in scale_sets] == [{NEW}, {NEW}]
