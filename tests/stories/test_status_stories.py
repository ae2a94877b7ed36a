"""Waiting for the end: the asynchronous pattern, and what an answer gives away."""

import azure.functions as func
import pytest
from signed_in import as_, authenticated
from story import NEW, System

from triggers.calls import CALLS
from triggers.management import management_routes

OTHERS = ("sendEvent", "terminate", "suspend", "resume", "restart", "rewind", "purgeHistory")


def test_a_start_leads_to_a_status_that_is_202_while_it_runs_and_200_at_the_end(
    system: System,
) -> None:
    started = system.start(system.scale_set(capacity=2))
    where, rollout = started.headers["Location"], started.json()["id"]
    assert where == f"{system.host.url}/api/rollouts/{rollout}/status"
    running = system.api.get(where)
    assert (running.status_code, running.headers["Location"]) == (202, where)
    assert int(running.headers["Retry-After"]) > 0
    system.finish(rollout)
    ended = system.api.get(where)
    assert (ended.status_code, ended.json()["phase"]) == (200, "Succeeded")
    assert "Location" not in ended.headers


def test_a_fleet_rollout_has_such_a_status_too(system: System) -> None:
    wave = {"name": "all", "scaleSets": system.small(1)}
    started = system.start_fleet([wave])
    where, fleet = started.headers["Location"], started.json()["id"]
    assert where == f"{system.host.url}/api/fleet-rollouts/{fleet}/status"
    running = system.api.get(where)
    assert (running.status_code, running.headers["Location"]) == (202, where)
    system.finish_fleet(fleet)
    assert system.api.get(where).status_code == 200


def test_the_status_is_asked_for_with_the_callers_own_key(system: System) -> None:
    body = {"scaleSet": system.scale_set(capacity=2), "image": {"version": NEW}}
    started = system.api.post("/api/rollouts?code=mine%3D%3D", json=body)
    assert started.headers["Location"].endswith("/status?code=mine%3D%3D")
    assert system.api.get(started.headers["Location"]).status_code == 202
    system.finish(started.json()["id"])


def test_the_answer_to_a_start_has_only_durables_status_address(system: System) -> None:
    body = system.start(system.scale_set(capacity=2)).json()
    assert [name for name in body if name.endswith("Uri")] == ["statusQueryGetUri"]
    assert system.api.get(body["statusQueryGetUri"]).status_code in {200, 202}
    system.finish(body["id"])
    status = system.api.get(body["statusQueryGetUri"]).json()
    assert (status["runtimeStatus"], status["output"]["phase"]) == ("Completed", "Succeeded")


def test_a_setting_leaves_that_address_out_too(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_STATUS_URI", "false")
    started = system.start(system.scale_set(capacity=2))
    assert "durabletask" not in started.text
    assert system.api.get(started.headers["Location"]).status_code == 202
    system.finish(started.json()["id"])


def test_durables_other_addresses_have_a_call_of_their_own(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=2)).json()["id"]
    links = system.api.get(f"/api/rollouts/{rollout}/management").json()
    assert all(any(name.startswith(other) for name in links) for other in OTHERS)
    assert system.api.get("/api/rollouts/unknown/management").status_code == 404
    system.finish(rollout)
    wave = {"name": "all", "scaleSets": system.small(1)}
    fleet = system.start_fleet([wave]).json()["id"]
    links = system.api.get(f"/api/fleet-rollouts/{fleet}/management").json()
    assert links["terminatePostUri"].split("?")[0].endswith(f"/instances/{fleet}/terminate")


def test_that_call_asks_for_a_role_if_one_is_named(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout = system.start(system.scale_set(capacity=2)).json()["id"]
    authenticated(monkeypatch, ROLLOUT_ROLES='{"manage": ["Admin"]}')
    path = f"/api/rollouts/{rollout}/management"
    answers = [
        system.api.get(path, headers=headers).status_code
        for headers in ({}, as_("ann"), as_("ann", "Admin"))
    ]
    assert answers == [401, 403, 200]


def test_that_call_wants_the_master_key_and_not_a_function_key() -> None:
    assert {CALLS[route.name].level for route in management_routes()} == {func.AuthLevel.ADMIN}
