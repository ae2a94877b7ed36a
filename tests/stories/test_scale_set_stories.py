"""Looking for a scale set: what there is, whether it can be rolled, and one with its heat map."""

import re
from datetime import timedelta
from typing import Any

import pytest
from story import NEW, OLD, Json, System

OTHER = "22222222-2222-2222-2222-222222222222"
LIST = "/api/scale-sets"


def of_group(system: System, group: str) -> list[Json]:
    answer = system.api.get(LIST, params={"resourceGroup": group})
    assert answer.status_code == 200, answer.text
    return answer.json()


def viewed(system: System, scale_set: str, **query: str) -> Json:
    group, name = scale_set.split("/")[4], scale_set.rsplit("/", maxsplit=1)[-1]
    answer = system.api.get(f"{LIST}/{group}/{name}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def paths(answer: Any) -> set[str]:
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    return {error["path"] for error in answer.json()["errors"]}


def test_the_local_system_lists_its_own_subscription(system: System) -> None:
    made = {system.scale_set(capacity=2).casefold(), system.scale_set(capacity=2).casefold()}
    listed = system.api.get(LIST).json()
    assert made <= {one["id"].casefold() for one in listed}
    order = [(one["resourceGroup"].casefold(), one["name"].casefold()) for one in listed]
    assert order == sorted(order)


def test_a_line_says_what_it_is_and_whether_it_can_be_rolled(system: System) -> None:
    system.scale_set(resourceGroup="lines", name="api", capacity=3, zones=["1", "2", "3"])
    system.scale_set(resourceGroup="lines", name="batch", capacity=2, upgradePolicy="Automatic")
    api, batch = of_group(system, "lines")
    assert (api["name"], api["location"], api["zones"]) == ("api", "westus", ["1", "2", "3"])
    assert (api["vmSize"], api["capacity"]) == ("Standard_DS1_v2", 3)
    manual = {"mode": "Manual", "automaticOsUpgrades": False}
    assert (api["orchestrationMode"], api["upgradePolicy"]) == ("Uniform", manual)
    assert (api["provisioningState"], api["image"]["version"]) == ("Succeeded", OLD)
    assert (api["adminUser"], api["computerNamePrefix"]) == ("azureuser", "api")
    assert (api["rollable"], api["reason"]) == (True, None)
    assert (batch["rollable"], batch["upgradePolicy"]["mode"]) == (False, "Automatic")
    assert "Set upgradePolicy.mode to Manual first" in batch["reason"]


def test_another_subscription_is_asked_for_by_its_id(system: System) -> None:
    made = system.scale_set(subscription=OTHER, resourceGroup="far", name="web", capacity=2)
    (listed,) = system.api.get(LIST, params={"subscription": OTHER}).json()
    assert listed["id"].casefold() == made.casefold()
    assert viewed(system, listed["id"], subscription=OTHER)["id"] == made
    assert system.api.get(f"{LIST}/far/web").status_code == 404


def test_a_subscription_without_scale_sets_has_an_empty_list(system: System) -> None:
    images_only = "33333333-3333-3333-3333-333333333333"
    system.publish(subscription=images_only, gallery="golden", image="web", version="1.0.0")
    answer = system.api.get(LIST, params={"subscription": images_only})
    assert (answer.status_code, answer.json()) == (200, [])


def test_a_view_has_the_instances_and_the_heat_map(system: System) -> None:
    scale_set = system.scale_set(
        capacity=12, updateDomains=2, zones=["1", "2"], protected=["5"], unhealthy=["0"]
    )
    view = viewed(system, scale_set)
    assert (view["id"], view["rollable"], view["rollingUpgrade"]) == (scale_set, True, None)
    assert [one["instanceId"] for one in view["instances"]] == [str(n) for n in range(12)]
    first = view["instances"][0]
    assert (first["zone"], first["updateDomain"], first["faultDomain"]) == ("1", 0, 0)
    assert (first["health"], first["powerState"]) == ("unhealthy", "running")
    assert (first["image"]["version"], first["provisioningState"]) == (OLD, "Succeeded")
    assert [
        one["instanceId"] for one in view["instances"] if one["protectFromScaleSetActions"]
    ] == ["5"]
    assert [(row["zone"], row["updateDomain"], row["instanceIds"]) for row in view["rows"]] == [
        ("1", 0, ["0", "4", "8"]),
        ("1", 1, ["2", "6", "10"]),
        ("2", 0, ["1", "5", "9"]),
        ("2", 1, ["3", "7", "11"]),
    ]
    assert [one["instances"] for one in view["imageCounts"]] == [12]
    assert view["healthCounts"] == {"healthy": 11, "unhealthy": 1, "unknown": 0, "initializing": 0}


def test_while_a_rollout_is_active_its_id_is_shown(system: System) -> None:
    scale_set = system.scale_set(resourceGroup="active", capacity=4)
    rollout_id = system.start(scale_set).json()["id"]
    system.until(rollout_id, lambda view: view["counts"]["done"] > 0)
    (listed,), view = of_group(system, "active"), viewed(system, scale_set)
    for seen in (listed, view):
        assert (seen["rollable"], seen["rolloutId"]) == (False, rollout_id)
        assert rollout_id in seen["reason"]
    assert {one["image"]["version"] for one in view["imageCounts"]} == {OLD, NEW}
    system.finish(rollout_id)
    ended = viewed(system, scale_set)
    assert (ended["rollable"], ended["reason"], ended["rolloutId"]) == (True, None, None)
    assert [(one["image"]["version"], one["instances"]) for one in ended["imageCounts"]] == [
        (NEW, 4)
    ]


def test_azures_own_rolling_upgrade_is_shown_and_no_rollout_begins(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2, upgradePolicy="Rolling")
    assert viewed(system, scale_set)["rollingUpgrade"] is None
    system.fault("foreignWrite", scaleSet=scale_set, image={"version": NEW})
    system.clock.advance(timedelta(seconds=30))
    view = viewed(system, scale_set)
    assert view["rollingUpgrade"]["code"] == "RollingForward"
    assert view["rollingUpgrade"]["startTime"]
    assert view["rollingUpgrade"]["counts"] == {
        "successful": 0, "failed": 0, "inProgress": 2, "pending": 2,
    }  # fmt: skip
    assert not view["rollable"]
    assert system.start(scale_set).status_code == 409
    system.clock.advance(timedelta(hours=1))
    ended = viewed(system, scale_set)["rollingUpgrade"]
    assert (ended["code"], ended["counts"]["successful"]) == ("Completed", 4)


@pytest.mark.parametrize("path", [LIST, f"{LIST}/demo/web"])
@pytest.mark.parametrize("text", ["a b", "a/b", "..", "x" * 65, "\u017f"])
def test_what_is_no_subscription_is_refused(system: System, path: str, text: str) -> None:
    answer = system.api.get(path, params={"subscription": text})
    assert paths(answer) == {"subscription"}
    assert system.requests() == []


@pytest.mark.parametrize("path", [LIST, f"{LIST}/demo/web"])
def test_without_any_subscription_it_says_how_to_give_one(
    system: System, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
    answer = system.api.get(path)
    assert paths(answer) == {"subscription"}
    (error,) = answer.json()["errors"]
    assert "?subscription=" in error["message"]
    assert "AZURE_SUBSCRIPTION_ID" in error["message"]


def test_what_is_no_resource_group_is_refused_with_all_other_errors(system: System) -> None:
    answer = system.api.get(LIST, params={"subscription": "a b", "resourceGroup": "../x"})
    assert paths(answer) == {"subscription", "resourceGroup"}
    assert system.requests() == []


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (f"{LIST}/demo/nowhere", "could not read nowhere: ResourceNotFound"),
        (f"{LIST}/nowhere/web", "could not read web: ResourceGroupNotFound"),
        (f"{LIST}?resourceGroup=nowhere", "/resourceGroups/nowhere"),
    ],
)
def test_what_is_unknown_is_not_found_and_named(system: System, path: str, named: str) -> None:
    system.scale_set(resourceGroup="demo", capacity=1)
    answer = system.api.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert re.search(named, answer.json()["detail"])


@pytest.mark.parametrize(
    "name", ["..%2Fweb", "a%2Fb", "a%20b", "web%3Fx=1", pytest.param("x" * 91, id="long")]
)
def test_a_name_that_can_be_no_scale_sets_never_reaches_azure(system: System, name: str) -> None:
    for path in (f"demo/{name}", f"{name}/web"):
        assert system.api.get(f"{LIST}/{path}").status_code == 404
    assert system.requests() == []


@pytest.mark.parametrize("path", [LIST, f"{LIST}/demo/web"])
def test_what_azure_refuses_is_passed_on(system: System, path: str) -> None:
    system.fault("denied", status=403)
    denied = system.api.get(path)
    assert denied.status_code == 403
    assert "AuthorizationFailed" in denied.json()["detail"]
    system.fault("throttle", retryAfter=70)
    throttled = system.api.get(path)
    assert (throttled.status_code, throttled.headers["retry-after"]) == (503, "70")
