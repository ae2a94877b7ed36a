"""One answer of Azure's is one witness among several, and never a verdict."""

import pytest
from nightly import crossed
from story import NEW, Json, System
from upgraded import upgrades

ROWS = {"method": "GET", "pattern": "virtualMachines$"}
LIES: dict[str, Json] = {
    "an instance is missing": {"instances": {"1": None}},
    "the list is empty": {"body": {"value": []}},
    "404": {"status": 404, "body": {"error": {"code": "NotFound"}}},
    "401": {"status": 401, "body": {"error": {"code": "Expired"}}},
    "no list at all": {"body": None},
}


@pytest.mark.parametrize(("lie", "skip"), crossed([*LIES], range(0, 12, 2)))
def test_one_list_is_one_witness(system: System, lie: str, skip: int) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set).json()["id"]
    system.fault("rewrite", scaleSet=scale_set, count=1, skip=skip, **ROWS, **LIES[lie])
    view = system.finish(rollout)
    truth = system.truth(scale_set)
    assert (view["phase"], truth["violations"]) == ("Succeeded", []), view["message"]
    assert [each["upgrades"] for each in truth["instances"]] == [1] * 4


@pytest.mark.parametrize("skip", [0, 2])
def test_one_answer_that_the_scale_set_does_not_exist_is_no_verdict(
    system: System, skip: int
) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set).json()["id"]
    of_it = {"method": "GET", "pattern": f"{scale_set.rpartition('/')[2]}$", "skip": skip}
    system.fault("rewrite", **of_it, **LIES["404"])
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4), view["message"]


def test_one_that_is_ill_and_missing_from_a_list_is_not_gone(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.fault("flapping", scaleSet=scale_set, instanceIds=["0"], period="P1D", version=NEW)
    rollout = system.start(scale_set, policy={"onFailure": "stop"}).json()["id"]
    system.until(rollout, lambda view: "waiting to be healthy" in view["message"])
    system.fault("rewrite", scaleSet=scale_set, instances={"0": None}, **ROWS)
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["failed"]) == ("Failed", 1), view["message"]
    assert upgrades(system, scale_set) == 1


def test_one_that_only_the_second_list_lacks_is_not_gone(system: System) -> None:
    """The first one lacked another, which has really gone."""
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=["1"])
    system.fault("rewrite", scaleSet=scale_set, instances={"2": None}, skip=1, **ROWS)
    system.api.post(f"/api/rollouts/{rollout}/abort", json={})
    view = system.finish(rollout)
    final = system.events(rollout)[-1]["evidence"]["final"]
    assert (final["gone"], final["untouched"]) == (["1"], ["0", "2", "3"]), view["message"]


@pytest.mark.parametrize("status", [404, 503], ids=["lost", "unreadable"])
def test_an_operation_that_nobody_can_read_is_no_verdict(system: System, status: int) -> None:
    """The scale set and its instances say what has become of it."""
    durations = {"upgradeDuration": "PT10M", "modelUpdateDuration": "PT2M"}
    scale_set = system.scale_set(capacity=4, updateDomains=2, **durations)
    error = {"code": "NotFound", "message": "The operation does not exist."}
    answer = {"status": status, "body": {"error": error}, "rate": 1}
    if status == 404:
        system.fault("rewrite", path="/operations/", **answer)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    system.fault("rewrite", path="/operations/", **answer)
    succeeded = system.finish(rollout)
    assert (succeeded["phase"], succeeded["counts"]["done"]) == ("Succeeded", 4)
