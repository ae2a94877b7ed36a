"""Gates that ask Azure Monitor: alerts, metrics, logs, and what they do to a rollout."""

from typing import Any

import pytest
from story import NEW, System

from local.host.engine.deaths import Death

Json = dict[str, Any]
SMALL = {"capacity": 4, "updateDomains": 2}
WORKSPACE = "8d1a9d31-7d0f-4d7c-9d3e-2b0d0a1f7f11"
CPU = "Percentage CPU"
CHECKS: dict[str, Json] = {
    "alert": {"kind": "alert", "severity": "Sev1"},
    "metric": {"kind": "metric", "name": CPU, "condition": "< 80", "window": "PT5M"},
    "query": {
        "kind": "query", "workspace": WORKSPACE, "query": "requests | summarize rate = 0.2",
        "column": "rate", "condition": "< 1",
    },
}  # fmt: skip
PATHS = {"alert": "/alerts", "metric": "getBatch", "query": "/query"}


def policy(check: Json, **fields: Any) -> Json:
    """In two batches of two instances each."""
    gate = {"name": "watch", "place": "afterBatch", "check": check, "timeout": "PT20M", **fields}
    return {"gates": [gate], "maxBatchInstances": 2}


def tell(system: System, what: str, body: Json) -> None:
    answer = system.azure.post(f"/_sim/{what}", json=body)
    assert answer.is_success, answer.text


def declare(system: System, scale_set: str, *, good: bool) -> None:
    """What Azure Monitor has of the time from now on."""
    tell(system, "metrics", {"resource": scale_set, "name": CPU, "value": 30 if good else 95})
    table = {"columns": {"rate": "real"}, "rows": [[0.2 if good else 7]]}
    tell(system, "logs", {"target": WORKSPACE, "table": table})
    if not good:
        tell(system, "alerts", {"rule": "errors", "resource": scale_set, "severity": "Sev0"})


def said(system: System, view: Json, kind: str) -> list[Json]:
    return [event for event in system.events(view["id"]) if event["kind"] == kind]


@pytest.mark.parametrize("kind", CHECKS)
def test_a_gate_of_azure_monitor_passes(system: System, kind: str) -> None:
    scale_set = system.scale_set(**SMALL)
    declare(system, scale_set, good=True)
    view = system.run(scale_set, policy=policy(CHECKS[kind]))
    assert view["phase"] == "Succeeded", view["message"]
    assert len(said(system, view, "gatesPassed")) == 2
    [line] = view["gates"]
    assert (line["kind"], line["verdict"]) == (kind, "pass")


@pytest.mark.parametrize("dies", [False, True])
def test_an_alert_that_fires_between_two_batches_counts_after_the_next_one(
    system: System, *, dies: bool
) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = {**policy(CHECKS["alert"]), "pauseBetweenBatches": "PT30M"}
    rollout = system.start(scale_set, policy=asked).json()["id"]
    system.until(rollout, lambda view: "next batch" in view["message"].lower())
    system.pass_minutes(5)
    declare(system, scale_set, good=False)
    if dies:
        death = Death("roll_out", rollout)
        system.host.deaths.plan(death)
        system.pass_minutes(30)
        assert death in system.host.deaths.happened
        system.look_after()
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    [failed] = said(system, view, "gateFailed")
    assert f"after batch {1 if dies else 2}" in failed["message"]


@pytest.mark.parametrize("kind", CHECKS)
def test_a_gate_of_azure_monitor_fails_and_what_was_upgraded_goes_back(
    system: System, kind: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    declare(system, scale_set, good=True)
    rollout = system.start(scale_set, policy=policy(CHECKS[kind])).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] == 2)
    declare(system, scale_set, good=False)
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert system.truth(scale_set)["violations"] == []
    assert all(each["image"] != NEW for each in system.truth(scale_set)["instances"])
    [event] = said(system, view, "gateFailed")
    assert "gate watch has failed" in event["message"].lower()


@pytest.mark.by_day(1)
@pytest.mark.parametrize("kind", CHECKS)
def test_a_gate_without_rights_cannot_tell_and_says_which_it_needs(
    system: System, kind: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    declare(system, scale_set, good=True)
    tell(system, "faults", {"kind": "denied", "path": PATHS[kind], "rate": 1})
    asked = policy(CHECKS[kind], onUnknown="pause")
    rollout = system.start(scale_set, policy=asked).json()["id"]
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    assert "gate watch could not be told within 20 min" in view["message"]
    assert "Monitoring Reader on" in view["gates"][0]["message"]
    system.azure.delete("/_sim/faults")
    system.api.post(f"/api/rollouts/{rollout}/retry", json={"by": "ann"})
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_the_upgraded_are_compared_with_those_that_are_not_yet(system: System) -> None:
    scale_set = system.scale_set(**SMALL)
    name = scale_set.rpartition("/")[2]
    for number in range(4):
        vm = {"VMName": f"{name}_{number}"}
        body = {"resource": scale_set, "name": CPU, "value": 40, "dimensions": vm}
        tell(system, "metrics", body)
    check = {
        "kind": "metric", "name": CPU, "comparedTo": "notUpgraded", "condition": "<= 110 %",
    }  # fmt: skip
    view = system.run(scale_set, policy=policy(check))
    assert view["phase"] == "Succeeded", view["message"]
    [first, last] = said(system, view, "gatesPassed")
    assert "of those not yet upgraded 40" in str(first)
    assert "before the rollout 40" in str(last), "nobody is left to compare with"


def test_a_gate_takes_no_more_than_a_call_for_each_question(system: System) -> None:
    scale_set = system.scale_set(**SMALL)
    declare(system, scale_set, good=True)
    view = system.run(scale_set, policy=policy(CHECKS["alert"], passes=3, interval="PT1M"))
    assert view["phase"] == "Succeeded"
    asked = [each for each in system.requests() if each["path"].endswith("/alerts")]
    assert len(asked) == 6
