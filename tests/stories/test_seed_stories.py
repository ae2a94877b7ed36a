"""What the two tools before us got wrong (docs/parity.md) and no other story shows."""

from datetime import datetime

import pytest
from story import OLD, System


def at(request: dict[str, str]) -> datetime:
    return datetime.fromisoformat(request["at"])


def test_no_instance_is_upgraded_before_the_model_is_really_set(system: System) -> None:
    """vmssupgrade sent the upgrade some milliseconds after the PUT, whatever became of it."""
    scale_set = system.scale_set(capacity=5, modelUpdateDuration="PT2M")
    assert system.run(scale_set)["phase"] == "Succeeded"
    [patch] = system.requests("PATCH")
    first = min(map(at, system.requests("POST", "manualupgrade")))
    assert (first - at(patch)).total_seconds() >= 120


def test_a_scale_set_of_two_update_domains_never_loses_half(system: System) -> None:
    scale_set = system.scale_set(capacity=10, updateDomains=2)
    assert system.run(scale_set)["phase"] == "Succeeded"
    truth = system.truth(scale_set)
    assert (truth["peakDown"], truth["violations"]) == (2, [])


def test_capacity_that_others_change_is_never_written_back(system: System) -> None:
    """Both tools sent the whole model back with the capacity they had read before."""
    scale_set = system.scale_set(capacity=10)
    started = system.start(scale_set).json()["id"]
    system.fault("scaleOut", scaleSet=scale_set, count=5)
    assert system.finish(started)["phase"] == "Succeeded"
    assert system.truth(scale_set)["capacity"] == 15
    assert system.requests("PUT") == []


def test_every_call_that_upgrades_names_its_instances(system: System) -> None:
    """vmsseditor posted empty lists, and "1,2" as one id; both, whole fleets at once."""
    scale_set = system.scale_set()
    rollout = system.run(scale_set)["id"]
    sent = [one for one in system.events(rollout) if one["kind"] == "upgradeSent"]
    ids = [one for event in sent for one in event["evidence"]["instanceIds"]]
    assert sorted(map(int, ids)) == list(range(20))
    assert len(sent) == len(system.requests("POST", "manualupgrade"))
    assert system.truth(scale_set)["violations"] == []


@pytest.mark.parametrize("mode", ["Automatic", "Rolling"])
def test_a_scale_set_that_upgrades_by_itself_is_not_touched(system: System, mode: str) -> None:
    scale_set = system.scale_set(upgradePolicy=mode)
    assert system.start(scale_set).status_code == 409
    truth = system.truth(scale_set)
    assert (truth["peakDown"], truth["models"]) == (0, 1)
    assert {one["image"].rpartition(":")[2] for one in truth["instances"]} == {OLD}


def test_a_token_that_is_refused_for_a_while_loses_nothing(system: System) -> None:
    """vmssupgrade crashed on the first 401 of a poll and left the upgrade to itself."""
    scale_set = system.scale_set(capacity=10)
    started = system.start(scale_set).json()["id"]
    system.until(started, lambda view: view["counts"]["inProgress"] > 0)
    system.fault("denied", status=401, count=3, method="GET", path="virtualMachines")
    assert system.finish(started)["phase"] == "Succeeded"


def test_a_right_that_is_taken_away_stops_the_rollout_and_is_named(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    system.fault("denied", method="POST", path="manualupgrade")
    view = system.run(scale_set)
    assert view["phase"] == "RolledBack", "nothing was touched: the model goes back"
    assert "AuthorizationFailed" in view["message"]
    assert "'Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action'" in view["message"]
    truth = system.truth(scale_set)
    assert (truth["peakDown"], truth["image"].rpartition(":")[2]) == (0, OLD)
