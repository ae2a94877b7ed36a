"""Flexible scale sets: VMs known by name, read one by one."""

from typing import Any

import pytest
from story import System

Json = dict[str, Any]


def flexible(system: System, **spec: Any) -> str:
    return system.scale_set(orchestrationMode="Flexible", **{"capacity": 9, **spec})


def names(truth: Json) -> list[str]:
    return [one["instanceId"] for one in truth["instances"]]


def test_a_flexible_scale_set_moves_in_slices(system: System) -> None:
    scale_set = flexible(system, capacity=10)
    plan = system.plan(scale_set)
    assert [len(batch["instanceIds"]) for batch in plan["batches"]] == [2] * 5
    assert any("Flexible orchestration" in warning for warning in plan["warnings"])
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 10)
    assert [one["upgrades"] for one in truth["instances"]] == [1] * 10
    assert (truth["peakDown"], truth["violations"]) == (2, [])


def test_a_zonal_one_moves_zone_by_zone(system: System) -> None:
    scale_set = flexible(system, zones=["1", "2", "3"])
    view = system.run(scale_set, policy={"maxBatchInstances": 3})
    truth = system.truth(scale_set)
    assert (view["phase"], view["batches"]) == ("Succeeded", 3)
    assert [row["zone"] for row in view["rows"]] == ["1", "2", "3"]
    assert truth["violations"] == []


def test_where_azure_shows_fault_domains_they_bound_the_batches(system: System) -> None:
    scale_set = flexible(system, faultDomains=3, showFaultDomains=True)
    view = system.run(scale_set, policy={"maxBatchInstances": 3})
    assert (view["phase"], view["batches"]) == ("Succeeded", 3)
    assert [row["faultDomain"] for row in view["rows"]] == [0, 1, 2]


def test_a_bad_image_stops_it_after_the_first_batch(system: System) -> None:
    scale_set = flexible(system)
    system.fault("badImage", version="14.04.201507060", scaleSet=scale_set)
    view = system.run(scale_set, policy={"onFailure": "stop"})
    assert (view["phase"], view["counts"]["failed"]) == ("Failed", 2)
    assert system.truth(scale_set)["peakDown"] == 2


def test_a_bad_image_is_rolled_back(system: System) -> None:
    scale_set = flexible(system, zones=["1", "2", "3"])
    system.fault("badImage", version="14.04.201507060", scaleSet=scale_set)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "RolledBack"
    assert {one["health"] for one in truth["instances"]} == {"healthy"}
    assert truth["violations"] == []


def test_protected_and_stopped_vms_are_left_alone_and_named(system: System) -> None:
    scale_set = flexible(system, protected=["1"], stopped=["2"])
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 7)
    rows = system.api.get(f"/api/rollouts/{view['id']}/instances").json()
    reasons = {row["instanceId"]: row["reason"] for row in rows if row["state"] == "skipped"}
    _, protected, stopped, *_ = names(truth)
    assert "protect" in reasons[protected]
    assert "is stopped" in reasons[stopped]
    assert truth["violations"] == []


def test_vms_are_chosen_by_name_in_any_case(system: System) -> None:
    scale_set = flexible(system)
    chosen = names(system.truth(scale_set))[4]
    view = system.run(scale_set, policy={"instanceIds": [chosen.upper()]})
    moved = [one["instanceId"] for one in system.truth(scale_set)["instances"] if one["upgrades"]]
    assert (view["phase"], moved) == ("Succeeded", [chosen])


def test_a_vm_that_vanishes_fails_nothing(system: System) -> None:
    scale_set = flexible(system)
    last = names(system.truth(scale_set))[-1]
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["batch"] == 1)
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=[last])
    view = system.finish(started)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 8)


def test_should_azure_refuse_to_upgrade_its_vms_nothing_was_touched(system: System) -> None:
    """Azure documents manualupgrade for it here, and to act on single VMs there."""
    scale_set = flexible(system, flexibleUpgrade="refuse")
    view = system.run(scale_set)
    assert view["phase"] == "RolledBack", "only the model was changed: it goes back"
    assert "with Flexible orchestration mode" in view["message"]
    assert system.truth(scale_set)["peakDown"] == 0


@pytest.mark.parametrize("field", ["updateDomains", "faultDomains"])
def test_domains_that_it_does_not_have_are_refused(system: System, field: str) -> None:
    answer = system.start(flexible(system), policy={field: [0]})
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == [f"policy.{field}[0]"]
    assert {one["method"] for one in system.requests()} == {"GET"}


def test_a_flexible_rollout_keeps_within_the_calls_its_plan_told(system: System) -> None:
    scale_set = flexible(system)
    cost = system.plan(scale_set)["cost"]
    system.azure.delete("/_sim/requests")
    assert system.run(scale_set)["phase"] == "Succeeded"
    assert cost["fewestCalls"] <= len(system.requests()) <= cost["mostCalls"]


def test_who_is_protected_is_asked_only_where_it_matters(system: System) -> None:
    """Of all VMs before the plan, by the start, and at the end; else of the VMs of a batch."""
    scale_set = flexible(system, capacity=10)
    assert system.run(scale_set)["phase"] == "Succeeded"
    asked = system.requests("GET", f"{scale_set}/virtualMachines/")
    assert len(asked) == 2 * 10 + 2 * 10
