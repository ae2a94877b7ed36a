"""What an operator does while a rollout runs."""

from story import System

from rollout.inventory import ScaleSetId
from rollout.run import lock_id


def test_abort_lets_the_running_batch_settle_and_begins_no_other(system: System) -> None:
    scale_set = system.scale_set()
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] == 4)
    command = {"reason": "wrong image", "by": "bob@contoso.com"}
    answer = system.api.post(f"/api/rollouts/{started}/abort", json=command)
    assert answer.status_code == 202
    system.host.wait_idle()
    assert "bob@contoso.com" in system.view(started)["notice"]
    view = system.finish(started)
    assert view["phase"] == "Aborted"
    assert "Aborted by bob@contoso.com (wrong image) after batch 2 of 5" in view["message"]
    assert (view["counts"]["done"], view["counts"]["pending"]) == (8, 12)
    assert sum(one["upgrades"] for one in system.truth(scale_set)["instances"]) == 8
    assert "abortRequested" in [event["kind"] for event in system.events(started)]


def test_abort_without_a_body_during_a_pause_ends_at_once(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"pauseBetweenBatches": "PT12H"}
    started = system.start(scale_set, policy=policy).json()["id"]
    system.until(started, lambda view: "Pausing" in view["message"])
    assert system.api.post(f"/api/rollouts/{started}/abort").status_code == 202
    system.host.wait_idle()
    view = system.view(started)
    assert (view["phase"], view["counts"]["done"]) == ("Aborted", 2)


def test_abort_before_anything_moved_changes_nothing(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("throttle", count=1, retryAfter=30, method="PATCH")
    started = system.start(scale_set).json()["id"]
    system.api.post(f"/api/rollouts/{started}/abort", json={})
    view = system.finish(started)
    assert view["phase"] == "Aborted"
    assert sum(one["upgrades"] for one in system.truth(scale_set)["instances"]) == 0


def test_aborting_twice_is_aborting_once(system: System) -> None:
    started = system.start(system.scale_set(capacity=5)).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    for _ in range(2):
        assert system.api.post(f"/api/rollouts/{started}/abort").status_code == 202
    view = system.finish(started)
    events = [event["kind"] for event in system.events(started)]
    assert (view["phase"], events.count("abortRequested")) == ("Aborted", 1)


def test_abort_of_an_ended_rollout_is_refused(system: System) -> None:
    view = system.run(system.scale_set(capacity=2))
    answer = system.api.post(f"/api/rollouts/{view['id']}/abort")
    assert answer.status_code == 409
    assert "it takes: rollback" in answer.json()["detail"]


def test_abort_of_an_unknown_rollout_is_not_found(system: System) -> None:
    assert system.api.post("/api/rollouts/unknown/abort").status_code == 404


def test_abort_with_a_wrong_body_is_refused(system: System) -> None:
    started = system.start(system.scale_set(capacity=2)).json()["id"]
    answer = system.api.post(f"/api/rollouts/{started}/abort", json={"who": "me"})
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == ["who"]
    assert system.finish(started)["phase"] == "Succeeded"


def test_abort_by_durables_own_event_works_as_well(system: System) -> None:
    started = system.start(system.scale_set(capacity=5)).json()
    uri = system.managed(started["id"], "sendEventPostUri").replace("{eventName}", "command")
    for said in ({"verb": "dance"}, {"verb": "abort", "by": "carol"}):
        assert system.api.post(uri, json=said).status_code == 202
    view = system.finish(started["id"])
    assert (view["phase"], "by carol" in view["message"]) == ("Aborted", True)


def test_terminating_through_durable_ends_the_lock_and_is_shown(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    started = system.start(scale_set).json()
    uri = system.managed(started["id"], "terminatePostUri")
    system.api.post(uri.replace("{text}", "enough"))
    system.host.wait_idle()
    view = system.view(started["id"])
    assert view["phase"] == "Aborted"
    assert view["finishedAt"] is not None
    assert system.start(scale_set).status_code in {202, 409}


def test_terminating_through_durable_lets_automatic_repairs_run_again(system: System) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    started = system.start(scale_set).json()
    system.until(started["id"], lambda view: view["counts"]["inProgress"] > 0)
    assert system.truth(scale_set)["automaticRepairs"] == "Suspended"
    uri = system.managed(started["id"], "terminatePostUri")
    system.api.post(uri.replace("{text}", "enough"))
    system.look_after()
    assert system.truth(scale_set)["automaticRepairs"] == "Running"
    kinds = [event["kind"] for event in system.events(started["id"])]
    assert kinds[-2:] == ["brokenOff", "repairsRestored"]


def test_a_rollout_whose_lock_was_terminated_still_has_the_scale_set(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    lock = lock_id(ScaleSetId.parse(scale_set))
    system.api.post(f"/runtime/webhooks/durabletask/instances/{lock}/terminate?reason=oops")
    system.host.wait_idle()
    answer = system.start(scale_set)
    assert (answer.status_code, answer.json()["rolloutId"]) == (409, rollout)
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []
