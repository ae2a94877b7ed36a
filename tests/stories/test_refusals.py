"""Bad input: one problem that names every error with its path; nothing changed, nothing started."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from story import NEW, System

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
COMPUTE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Compute"
NOWHERE = f"{COMPUTE}/virtualMachineScaleSets/nowhere"


def paths(answer: Any) -> set[str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return {error["path"] for error in answer.json()["errors"]}


def nothing_happened(system: System) -> bool:
    return all(one["method"] == "GET" for one in system.requests())


@pytest.mark.parametrize("route", ["/api/rollouts", "/api/rollouts/plan"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(system: System, route: str, body: bytes) -> None:
    answer = system.api.post(route, content=body)
    assert answer.status_code == 400
    assert paths(answer) == {"$"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"scaleSet": "web"}, "scaleSet"),
        ({"scaleSet": 7}, "scaleSet"),
        ({"scaleSet": f"{COMPUTE}/virtualMachines/vm1"}, "scaleSet"),
        ({"scaleSet": f"{NOWHERE}/../../../x"}, "scaleSet"),
        ({"image": {}}, "image"),
        ({"image": {"version": 7}}, "image.version"),
        ({"image": {"version": "1/../2"}}, "image.version"),
        ({"image": {"version": NEW, "id": f"{COMPUTE}/images/x"}}, "image"),
        ({"image": {"id": "not-an-id"}}, "image"),
        ({"image": {"uri": "http://insecure/x.vhd"}}, "image"),
        ({"policy": {"maxBatchInstances": "0%"}}, "policy.maxBatchInstances"),
        ({"policy": {"maxBatchInstances": 0}}, "policy.maxBatchInstances"),
        ({"policy": {"maxBatchInstances": "101%"}}, "policy.maxBatchInstances"),
        ({"policy": {"maxBatchInstances": True}}, "policy.maxBatchInstances"),
        ({"policy": {"maxUnhealthyInstances": -1}}, "policy.maxUnhealthyInstances"),
        ({"policy": {"updateDomains": []}}, "policy.updateDomains"),
        ({"policy": {"updateDomains": ["0"]}}, "policy.updateDomains[0]"),
        ({"policy": {"updateDomains": [0, -1]}}, "policy.updateDomains[1]"),
        ({"policy": {"health": {"interval": "-PT5S"}}}, "policy.health.interval"),
        ({"policy": {"health": {"interval": "PT0S"}}}, "policy.health.interval"),
        ({"policy": {"health": {"interval": 15}}}, "policy.health.interval"),
        ({"policy": {"health": {"timeout": "PT30S"}}}, "policy.health.timeout"),
        ({"policy": {"pauseBetweenBatches": "soon"}}, "policy.pauseBetweenBatches"),
        ({"policy": {"canary": {"instances": 0}}}, "policy.canary.instances"),
        ({"policy": {"onFailure": "explode"}}, "policy.onFailure"),
        ({"polcy": {}}, "polcy"),
        ({"id": "a/b"}, "id"),
        ({"id": ""}, "id"),
        ({"by": 7}, "by"),
    ],
)
def test_an_error_is_named_with_its_path(system: System, change: dict[str, Any], path: str) -> None:
    body = {"scaleSet": NOWHERE, "image": {"version": NEW}, **change}
    answer = system.api.post("/api/rollouts", json=body)
    assert answer.status_code == 400
    assert paths(answer) == {path}
    assert system.requests() == []


def test_all_errors_are_named_at_once(system: System) -> None:
    body: Any = {
        "scaleSet": "x",
        "image": {},
        "policy": {"zones": [], "deadline": "P0D"},
        "what": 1,
    }
    answer = system.api.post("/api/rollouts", json=body)
    assert paths(answer) == {"scaleSet", "image", "policy.zones", "policy.deadline", "what"}


@pytest.mark.parametrize(
    ("request_", "status", "path", "says"),
    [
        ({"policy": {"updateDomains": [0, 9]}}, 400, "policy.updateDomains[1]", "0, 1, 2, 3, 4"),
        ({"policy": {"instanceIds": ["77"]}}, 400, "policy.instanceIds[0]", "does not exist"),
        ({"policy": {"faultDomains": [7]}}, 400, "policy.faultDomains[0]", "0, 1, 2, 3, 4"),
        ({"policy": {"zones": ["1"]}}, 400, "policy.zones[0]", "have none"),
        ({"policy": {"batchBy": "zone"}}, 400, "policy.batchBy", "zone"),
        (
            {"policy": {"updateDomains": [0], "instanceIds": ["1"]}},
            400, "policy", "selects no instance",
        ),
        ({"image": {"id": f"{COMPUTE}/images/x"}}, 400, "image", "custom image"),
        ({"image": {"uri": "https://a.b/x.vhd"}}, 400, "image", "vhd image"),
        ({"image": {"version": "9.9.9"}}, 404, "image", "was not found in westus"),
        ({"image": {"sku": "none"}}, 404, "image", "westus"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_scale_set_is_refused(
    system: System, request_: dict[str, Any], status: int, path: str, says: str
) -> None:
    answer = system.start(system.scale_set(), **request_)
    assert answer.status_code == status, answer.text
    assert paths(answer) == {path}
    assert says in str(answer.json()["errors"])
    assert nothing_happened(system)


def test_an_unknown_scale_set_is_not_found(system: System) -> None:
    answer = system.start(NOWHERE)
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["detail"]


@pytest.mark.parametrize("policy", ["Automatic", "Rolling"])
def test_a_wrong_upgrade_policy_is_refused(system: System, policy: str) -> None:
    scale_set = system.scale_set(upgradePolicy=policy)
    answer = system.start(scale_set)
    assert answer.status_code == 409
    assert f"is {policy}" in answer.json()["detail"]
    assert nothing_happened(system)
    assert system.truth(scale_set)["peakDown"] == 0


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"automaticOsUpgrade": True}, "Set enableAutomaticOSUpgrade to false first"),
        ({"tags": {"aks-managed-poolName": "pool"}}, "az aks nodepool upgrade"),
    ],
)
def test_what_somebody_else_upgrades_is_not_rolled(
    system: System, spec: dict[str, Any], says: str
) -> None:
    scale_set = system.scale_set(capacity=4, resourceGroup="others", **spec)
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    for route in ("/api/rollouts", "/api/rollouts/plan"):
        answer = system.api.post(route, json=body)
        assert (answer.status_code, says in answer.json()["detail"]) == (409, True)
    [listed] = [
        one
        for one in system.api.get("/api/scale-sets?resourceGroup=others").json()
        if one["id"] == scale_set
    ]
    assert (listed["rollable"], listed["lasting"], says in listed["reason"]) == (False, True, True)
    assert nothing_happened(system)


def test_a_refused_start_leaves_no_rollout_behind(system: System) -> None:
    scale_set = system.scale_set(upgradePolicy="Automatic")
    system.start(scale_set, id="refused-one")
    system.host.wait_idle()
    assert system.api.get("/api/rollouts/refused-one").status_code == 404
    assert system.api.get(f"/api/rollouts?scaleSet={scale_set}").json() == []


def test_one_rollout_at_a_time_on_a_scale_set(system: System) -> None:
    scale_set = system.scale_set()
    first = system.start(scale_set).json()["id"]
    second = system.start(scale_set.upper().replace("SUBSCRIPTIONS", "subscriptions"))
    assert second.status_code == 409
    assert second.json()["rolloutId"] == first
    assert system.finish(first)["phase"] == "Succeeded"


def test_of_simultaneous_starts_exactly_one_wins(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(system.start, [scale_set] * 8))
    winners = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    losers = [answer.json()["rolloutId"] for answer in answers if answer.status_code == 409]
    assert len(winners) == 1
    assert losers == winners * 7
    assert system.finish(winners[0])["phase"] == "Succeeded"


def test_the_same_start_twice_at_once_is_one_start(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    with ThreadPoolExecutor(4) as pool:
        starts = [pool.submit(system.start, scale_set, id="at-once") for _ in range(4)]
        answers = [start.result() for start in starts]
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.json()["id"] for answer in answers} == {"at-once"}
    assert system.finish("at-once")["phase"] == "Succeeded"
    assert len(system.requests("PATCH")) == 1


def test_the_same_request_with_the_same_id_starts_nothing_new(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    first = system.start(scale_set, id="cve-1")
    again = system.start(scale_set, id="cve-1")
    assert (first.status_code, again.status_code) == (202, 202)
    system.finish("cve-1")
    ended = system.start(scale_set, id="cve-1")
    assert (ended.status_code, ended.json()["phase"]) == (200, "Succeeded")
    assert len(system.requests("PATCH")) == 1


def test_another_request_with_the_same_id_is_refused(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.run(scale_set, id="cve-2")
    answer = system.start(scale_set, id="cve-2", reason="another one")
    assert (answer.status_code, answer.json()["rolloutId"]) == (409, "cve-2")


def test_the_idempotency_key_is_the_id(system: System) -> None:
    body = {"scaleSet": system.scale_set(capacity=2), "image": {"version": NEW}}
    headers = {"Idempotency-Key": "key-1"}
    answers = [system.api.post("/api/rollouts", json=body, headers=headers) for _ in range(2)]
    assert [answer.json()["id"] for answer in answers] == ["key-1", "key-1"]
    conflicting = system.api.post("/api/rollouts", json={**body, "id": "other"}, headers=headers)
    assert (conflicting.status_code, paths(conflicting)) == (400, {"id"})
    system.finish("key-1")


@pytest.mark.parametrize("path", ["", "/instances", "/events"])
def test_an_unknown_rollout_is_not_found(system: System, path: str) -> None:
    answer = system.api.get(f"/api/rollouts/unknown{path}")
    assert answer.status_code == 404
    assert "unknown" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["x%3FshowInput=true", "..%2Fentities", "x%23y", "@rollout_index@all", "a:batch-1"]
)
def test_an_id_that_cannot_be_one_is_not_looked_up(system: System, path: str) -> None:
    """Durable's client would put it into a URL as it is."""
    assert system.api.get(f"/api/rollouts/{path}").status_code == 404
    assert system.api.post(f"/api/rollouts/{path}/abort").status_code == 404


@pytest.mark.parametrize("query", ["phase=Weird", "top=0", "top=many"])
def test_a_wrong_filter_is_refused(system: System, query: str) -> None:
    answer = system.api.get(f"/api/rollouts?{query}")
    assert answer.status_code == 400
    assert paths(answer) == {query.partition("=")[0]}


@pytest.mark.parametrize("route", ["/api/rollouts", "/api/rollouts/plan"])
def test_a_right_that_is_missing_is_named_with_the_command_that_grants_it(
    system: System, route: str
) -> None:
    scale_set = system.scale_set(capacity=2)
    system.fault("denied", status=403, path=scale_set)
    answer = system.api.post(route, json={"scaleSet": scale_set, "image": {"version": NEW}})
    assert answer.status_code == 403
    detail = answer.json()["detail"]
    assert (
        f"lacks the right Microsoft.Compute/virtualMachineScaleSets/read on {scale_set}" in detail
    )
    assert f'--role "Reader" --scope {scale_set}' in detail
    assert nothing_happened(system)


def test_a_plan_knows_the_rollout_that_is_active_whatever_azure_is_doing(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2, modelUpdateDuration="PT1M")
    rollout = system.start(scale_set).json()["id"]
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    wave = {"name": "all", "scaleSets": [scale_set]}
    for reached in ("Setting the scale set's image", "Batch 1 of 4", "Batch 4 of 4"):
        system.until(rollout, lambda view, begins=reached: view["message"].startswith(begins))
        answer = system.api.post("/api/rollouts/plan", json=body)
        assert (answer.status_code, answer.json().get("rolloutId")) == (409, rollout)
        assert f"Rollout {rollout!r} is active on" in answer.json()["detail"]
        fleet = {"image": {"version": NEW}, "waves": [wave]}
        planned = system.api.post("/api/fleet-rollouts/plan", json=fleet).json()
        [member] = planned["waves"][0]["scaleSets"]
        assert f"Rollout {rollout!r} is active on" in member["refusal"]
    system.finish(rollout)
    assert system.plan(scale_set)["batches"] == []
