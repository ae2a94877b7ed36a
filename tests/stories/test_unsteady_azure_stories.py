"""Azure throttles, refuses tokens and misses instances: the rollout goes on all the same."""

import pytest
from story import NEW, System

ROUTES = ["/api/rollouts", "/api/rollouts/plan"]


def test_a_rollout_starts_although_a_third_of_the_reads_is_throttled(system: System) -> None:
    scale_set = system.scale_set(capacity=8, pageSize=1)
    system.fault("throttle", rate=0.3, retryAfter=1, method="GET")
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert view["counts"]["done"] == 8
    assert not [one for one in system.events(view["id"]) if one["kind"] == "waiting"]


@pytest.mark.parametrize("route", ROUTES)
def test_who_is_throttled_for_longer_is_told_when_to_come_again(system: System, route: str) -> None:
    scale_set = system.scale_set(capacity=2)
    system.fault("throttle", retryAfter=77, method="GET")
    body = {"id": "again", "scaleSet": scale_set, "image": {"version": NEW}}
    answer = system.api.post(route, json=body)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "77")
    problem = answer.json()
    assert problem["title"] == "Azure throttles this app (429)"
    assert "throttled (429)" in problem["detail"]
    assert "Nothing was started" in problem["detail"]
    assert "the same id" in problem["detail"]


def test_a_list_of_scale_sets_is_read_although_it_is_throttled(system: System) -> None:
    system.scale_set(capacity=1)
    system.fault("throttle", count=2, retryAfter=2)
    assert system.api.get("/api/scale-sets").status_code == 200


def test_a_wait_that_azure_asks_for_without_bound_is_bounded(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    policy = {"health": {"timeout": "PT4H"}}
    started = system.start(scale_set, policy=policy).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    for text in ("inf", "1e300", "604800"):
        headers = {"Retry-After": text}
        system.fault("rewrite", method="GET", status=429, headers=headers)
    view = system.finish(started)
    assert view["phase"] == "Succeeded"
    waits = [one for one in system.events(started) if one["kind"] == "waiting"]
    assert {one["evidence"]["error"]["retryAfter"] for one in waits} == {1200}
    assert sum(one.get("times", 1) for one in waits) == 3


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST"])
def test_a_token_that_is_refused_once_ends_nothing(system: System, method: str) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    started = system.start(scale_set).json()["id"]
    system.fault("denied", status=401, method=method, skip=1 if method == "GET" else 0)
    view = system.finish(started)
    assert view["phase"] == "Succeeded"
    assert [one["upgrades"] for one in system.truth(scale_set)["instances"]] == [1] * 4


@pytest.mark.parametrize("status", [400, 404])
def test_an_instance_that_azure_misses_once_is_upgraded_all_the_same(
    system: System, status: int
) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    body = {"error": {"code": "BadRequest", "message": "The VM instance 1 cannot be found."}}
    system.fault("rewrite", path="manualupgrade", status=status, body=body)
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert [one["upgrades"] for one in system.truth(scale_set)["instances"]] == [1] * 4


def test_a_list_that_is_garbage_once_is_no_verdict(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    system.fault("rewrite", pattern="virtualMachines$", body=None)
    assert system.finish(started)["phase"] == "Succeeded"
