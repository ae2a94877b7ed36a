"""Scale sets whose instances report no health: nothing is called healthy that nobody looked at."""

from typing import Any

import pytest
from story import NEW, OLD, Json, System

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


def test_a_later_rollout_goes_by_what_an_earlier_one_has_accepted(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2, health="none")
    first = system.run(scale_set, policy=POWER_STATE)
    assert first["healthAsIn"] is None
    plan = system.plan(scale_set, image={"version": OLD})
    assert (plan["healthSource"], plan["healthAsIn"]) == ("powerState", first["id"])
    assert f"as in rollout '{first['id']}', whose policy said powerState" in plan["warnings"][0]
    second = system.run(scale_set, image={"version": OLD})
    shown = second["phase"], second["healthSource"], second["healthAsIn"]
    assert shown == ("Succeeded", "powerState", first["id"])
    warned = [each["evidence"] for each in system.events(second["id"]) if each["kind"] == "planned"]
    assert warned[0]["warnings"] == plan["warnings"]
    third = system.run(scale_set)
    assert third["healthAsIn"] == first["id"]
    system.api.post(f"/api/rollouts/{third['id']}/rollback")
    back = system.finish(third["id"])
    assert (back["phase"], back["healthAsIn"]) == ("RolledBack", first["id"])


def test_only_the_last_rollout_of_the_same_scale_set_counts(system: System) -> None:
    scale_set, other = (system.scale_set(capacity=2, health="none") for _ in range(2))
    system.run(scale_set, policy=POWER_STATE)
    assert system.start(other).status_code == 400
    policy = {"health": {"source": "applicationHealth", "timeout": "PT5M"}, "onFailure": "stop"}
    assert system.run(scale_set, image={"version": OLD}, policy=policy)["phase"] == "Failed"
    refused = system.start(scale_set)
    assert [each["path"] for each in refused.json()["errors"]] == ["policy.health.source"]


def test_a_start_that_goes_by_an_earlier_one_may_be_sent_again(system: System) -> None:
    scale_set = system.scale_set(capacity=2, updateDomains=2, health="none")
    system.run(scale_set, policy=POWER_STATE)
    begun = system.start(scale_set, id="as-before", image={"version": OLD})
    again = system.start(scale_set, id="as-before", image={"version": OLD})
    assert (begun.status_code, again.status_code) == (202, 202)
    other = system.start(scale_set, id="as-before", image={"version": OLD}, policy=POWER_STATE)
    assert [each["path"] for each in other.json()["errors"]] == ["policy.health.source"]
    assert system.finish("as-before")["phase"] == "Succeeded"
    same = system.start(scale_set, id="as-before", image={"version": OLD})
    assert (same.status_code, same.json()["phase"]) == (200, "Succeeded")


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
