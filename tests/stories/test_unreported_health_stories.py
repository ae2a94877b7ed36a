"""Scale sets whose instances report no health: nothing is called healthy that nobody looked at."""

from typing import Any

import pytest
from story import NEW, Json, System

POWER_STATE = {"health": {"source": "powerState"}}


def viewed(system: System, scale_set: str) -> Json:
    group, name = scale_set.split("/")[4], scale_set.rsplit("/", maxsplit=1)[-1]
    return system.api.get(f"/api/scale-sets/{group}/{name}").json()


@pytest.mark.parametrize("route", ["/api/rollouts", "/api/rollouts/plan"])
@pytest.mark.parametrize("health", [{}, {"source": "auto"}])
def test_no_rollout_begins_where_nobody_reports_health(
    system: System, route: str, health: dict[str, Any]
) -> None:
    body = {
        "scaleSet": system.scale_set(capacity=6, health="none"),
        "image": {"version": NEW},
        "policy": {"health": health},
    }
    answer = system.api.post(route, json=body)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["path"] == "policy.health.source"
    assert "neither the Application Health extension nor a load balancer" in error["message"]
    assert "say powerState to accept that" in error["message"]
    assert {one["method"] for one in system.requests()} == {"GET"}


def test_whoever_accepts_the_power_state_is_told_so_everywhere(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2, health="none")
    plan = system.plan(scale_set, policy=POWER_STATE)
    assert plan["healthSource"] == "powerState"
    assert "Nobody reports the health of these instances" in plan["warnings"][0]
    view = system.run(scale_set, policy=POWER_STATE)
    assert (view["phase"], view["healthSource"]) == ("Succeeded", "powerState")
    [planned] = [
        event
        for event in system.events(view["id"])
        if event["kind"] == "planned" and event["evidence"]["batches"]
    ]
    assert planned["evidence"]["healthSource"] == "powerState"
    assert planned["evidence"]["warnings"] == plan["warnings"]


def test_a_rollback_after_the_end_still_knows_where_health_came_from(system: System) -> None:
    scale_set = system.scale_set(capacity=2, updateDomains=2, health="none")
    rollout = system.run(scale_set, policy=POWER_STATE)["id"]
    assert system.api.post(f"/api/rollouts/{rollout}/rollback").status_code == 202
    view = system.finish(rollout)
    assert (view["phase"], view["healthSource"]) == ("RolledBack", "powerState")


def test_where_health_is_reported_that_is_what_a_rollout_goes_by(system: System) -> None:
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    plan = system.plan(scale_set)
    assert (plan["healthSource"], plan["warnings"]) == ("applicationHealth", [])
    assert system.run(scale_set)["healthSource"] == "applicationHealth"
    assert viewed(system, scale_set)["healthSource"] == "applicationHealth"


def test_a_scale_set_that_nobody_asks_for_its_health_is_not_called_healthy(system: System) -> None:
    view = viewed(system, system.scale_set(capacity=6, health="none", stopped=["5"]))
    assert view["healthSource"] == "powerState"
    assert (view["healthCounts"]["healthy"], view["healthCounts"]["unknown"]) == (0, 6)
    assert view["powerCounts"] == {"running": 5, "stopped": 1}
