"""The main job: a new OS image across a scale set, one update domain at a time."""

import json
from datetime import datetime
from typing import Any

import pytest
from story import NEW, OLD, System


def images(truth: dict[str, Any]) -> set[str]:
    return {json.dumps(one["image"]) for one in truth["instances"]}


def upgrades(truth: dict[str, Any]) -> list[int]:
    return [one["upgrades"] for one in truth["instances"]]


def test_every_instance_moves_one_update_domain_at_a_time(system: System) -> None:
    scale_set = system.scale_set()
    view = system.run(scale_set, reason="CVE-2026-1234", by="alice@contoso.com")
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert all(NEW in image for image in images(truth))
    assert upgrades(truth) == [1] * 20
    assert truth["peakDown"] == 4
    assert set(truth["peakDownByUpdateDomain"].values()) == {4}
    assert truth["violations"] == []


def test_the_view_says_what_happened(system: System) -> None:
    view = system.run(system.scale_set(), reason="CVE-2026-1234", by="alice@contoso.com")
    assert view["counts"] == {
        "total": 20, "done": 20, "skipped": 0, "failed": 0, "aborted": 0, "inProgress": 0,
        "pending": 0,
    }  # fmt: skip
    assert (view["percent"], view["batch"], view["batches"]) == (100, 5, 5)
    assert [(row["updateDomain"], row["cells"]) for row in view["rows"]] == [
        (domain, "dddd") for domain in range(5)
    ]
    assert view["image"]["from"]["version"] == OLD
    assert view["image"]["to"]["version"] == NEW
    assert view["message"].startswith("20 instance(s) run Canonical:UbuntuServer:14.04.2-LTS")
    assert (view["reason"], view["by"]) == ("CVE-2026-1234", "alice@contoso.com")


def test_the_model_is_set_once_and_each_domain_is_upgraded_once(system: System) -> None:
    system.run(system.scale_set())
    assert len(system.requests("PATCH")) == 1
    assert len(system.requests("POST", "/manualupgrade")) == 5
    assert system.requests("PUT") == []


def test_the_event_log_tells_the_story_with_its_evidence(system: System) -> None:
    view = system.run(system.scale_set())
    events = system.events(view["id"])
    kinds = [event["kind"] for event in events]
    batch = ["batchStarted", "upgradeSent", "batchFinished"]
    assert kinds == ["started", "planned", "modelSet", *batch * 5, "planned", "finished"]
    assert events[0]["evidence"]["request"]["image"] == {"version": NEW}
    sent = [event["evidence"]["instanceIds"] for event in events if event["kind"] == "upgradeSent"]
    assert [len(ids) for ids in sent] == [4] * 5
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)


def test_the_event_log_can_be_exported_line_by_line(system: System) -> None:
    rollout = system.run(system.scale_set(capacity=5))["id"]
    answer = system.api.get(f"/api/rollouts/{rollout}/events?format=ndjson")
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == system.events(rollout)
    assert system.api.get(f"/api/rollouts/{rollout}/events?format=xml").status_code == 400


def test_every_instance_has_a_row_with_its_image_before(system: System) -> None:
    view = system.run(system.scale_set())
    rows = system.api.get(f"/api/rollouts/{view['id']}/instances").json()
    assert sorted(int(row["instanceId"]) for row in rows) == list(range(20))
    assert {(row["state"], row.get("reason")) for row in rows} == {("done", None)}
    assert {row["image"]["version"] for row in rows} == {NEW}
    assert {row["imageBefore"]["version"] for row in rows} == {OLD}


def test_the_list_shows_the_newest_first_and_filters(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    first = system.run(scale_set)["id"]
    second = system.run(scale_set)["id"]
    name = scale_set.split("/")[-1]

    def ids(query: str) -> list[str]:
        return [one["id"] for one in system.api.get(f"/api/rollouts?{query}").json()]

    assert ids(f"scaleSet={name}") == [second, first]
    assert ids(f"scaleSet={scale_set.upper()}&phase=succeeded") == [second, first]
    assert ids(f"scaleSet={name}&phase=Failed") == []
    assert ids(f"scaleSet={name}&top=1") == [second]


def test_nothing_to_do_is_a_success_that_says_so(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    system.run(scale_set)
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert "Nothing to do" in view["message"]
    assert upgrades(system.truth(scale_set)) == [1] * 5
    assert len(system.requests("PATCH")) == 1


def test_the_plan_changes_nothing(system: System) -> None:
    scale_set = system.scale_set(protected=["3"])
    plan = system.api.post(
        "/api/rollouts/plan", json={"scaleSet": scale_set, "image": {"version": NEW}}
    ).json()
    assert [batch["updateDomain"] for batch in plan["batches"]] == [0, 1, 2, 3, 4]
    assert [len(batch["instanceIds"]) for batch in plan["batches"]] == [4, 4, 4, 3, 4]
    assert [skip["instanceId"] for skip in plan["skipped"]] == ["3"]
    assert (plan["worstCaseDown"], plan["worstCaseCapacity"]) == (4, 16)
    assert plan["worstCaseCapacityPercent"] == 80
    assert (plan["image"]["from"]["version"], plan["image"]["to"]["version"]) == (OLD, NEW)
    assert (plan["cost"]["shortest"], plan["cost"]["longest"]) == ("PT5M", "PT1H16M15S")
    assert {one["method"] for one in system.requests()} == {"GET"}


def test_a_rollout_keeps_within_the_calls_its_plan_told(system: System) -> None:
    scale_set = system.scale_set()
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    cost = system.api.post("/api/rollouts/plan", json=body).json()["cost"]
    system.azure.delete("/_sim/requests")
    assert system.run(scale_set)["phase"] == "Succeeded"
    assert cost["fewestCalls"] <= len(system.requests()) <= cost["mostCalls"]


def test_a_plan_that_still_holds_can_be_started(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    plan = system.api.post("/api/rollouts/plan", json=body).json()
    assert system.run(scale_set, plan=plan["fingerprint"])["phase"] == "Succeeded"


def test_a_plan_that_no_longer_holds_is_refused(system: System) -> None:
    scale_set = system.scale_set(capacity=5)
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    plan = system.api.post("/api/rollouts/plan", json=body).json()
    system.fault("instanceVanishes", scaleSet=scale_set, instanceIds=["3"])
    answer = system.start(scale_set, plan=plan["fingerprint"])
    assert answer.status_code == 409
    assert [error["path"] for error in answer.json()["errors"]] == ["plan"]
    assert system.requests("PATCH") == []


def test_only_the_chosen_fault_domains_move(system: System) -> None:
    scale_set = system.scale_set(faultDomains=5)
    view = system.run(scale_set, policy={"faultDomains": [2]})
    instances = system.truth(scale_set)["instances"]
    assert view["phase"] == "Succeeded"
    assert {one["faultDomain"] for one in instances if one["upgrades"]} == {2}


def test_protected_instances_are_left_alone_and_named(system: System) -> None:
    scale_set = system.scale_set(protected=["3", "7"])
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert view["phase"] == "Succeeded"
    assert view["counts"]["skipped"] == 2
    assert [one["upgrades"] for one in truth["instances"] if one["instanceId"] in "37"] == [0, 0]
    rows = system.api.get(f"/api/rollouts/{view['id']}/instances").json()
    reasons = {row["instanceId"]: row.get("reason") for row in rows if row["state"] == "skipped"}
    assert set(reasons) == {"3", "7"}
    assert all("protect" in reason for reason in reasons.values())


def test_only_the_chosen_update_domains_move(system: System) -> None:
    scale_set = system.scale_set()
    view = system.run(scale_set, policy={"updateDomains": [1, 3]})
    moved = {one["updateDomain"] for one in system.truth(scale_set)["instances"] if one["upgrades"]}
    assert (view["phase"], moved) == ("Succeeded", {1, 3})


def test_only_the_chosen_instances_move_each_within_its_update_domain(system: System) -> None:
    scale_set = system.scale_set()
    view = system.run(scale_set, policy={"instanceIds": ["3", "8", "4", "19"]})
    instances = system.truth(scale_set)["instances"]
    assert (view["phase"], view["batches"], view["counts"]["done"]) == ("Succeeded", 2, 4)
    assert [one["instanceId"] for one in instances if one["upgrades"]] == ["3", "4", "8", "19"]


def test_only_the_chosen_zones_move(system: System) -> None:
    scale_set = system.scale_set(zones=["1", "2", "3"], capacity=9)
    view = system.run(scale_set, policy={"zones": ["2"]})
    instances = system.truth(scale_set)["instances"]
    assert view["phase"] == "Succeeded"
    assert {one["zone"] for one in instances if one["upgrades"]} == {"2"}


def test_a_later_rollout_goes_on_where_the_first_left_off(system: System) -> None:
    scale_set = system.scale_set()
    system.run(scale_set, policy={"updateDomains": [0]})
    plan = system.plan(scale_set)
    assert plan["modelAlreadySet"]
    assert {skip["reason"] for skip in plan["skipped"]} == {"already runs the target image"}
    assert {skip["instanceId"] for skip in plan["skipped"]} == {"0", "5", "10", "15"}
    view = system.run(scale_set)
    assert view["phase"] == "Succeeded"
    assert (view["counts"]["done"], view["counts"]["skipped"]) == (16, 4)
    assert upgrades(system.truth(scale_set)) == [1] * 20
    assert len(system.requests("PATCH")) == 1


def test_a_canary_goes_alone_and_first(system: System) -> None:
    scale_set = system.scale_set()
    policy = {"canary": {"instances": 1, "bake": "PT10M"}}
    started = system.start(scale_set, policy=policy).json()
    view = system.until(started["id"], lambda view: view["counts"]["inProgress"] > 0)
    assert (view["batch"], view["batches"], view["counts"]["inProgress"]) == (1, 6, 1)
    assert "canary" in view["message"]
    assert system.finish(started["id"])["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []


def test_zones_are_never_mixed(system: System) -> None:
    scale_set = system.scale_set(zones=["1", "2", "3"], capacity=30, updateDomains=5)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["batches"]) == ("Succeeded", 15)
    assert (truth["peakDown"], truth["violations"]) == (2, [])


def test_batches_wait_for_the_pause_between_them(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    quick = system.run(scale_set)
    slow = system.run(system.scale_set(capacity=10), policy={"pauseBetweenBatches": "PT1H"})
    assert minutes(slow) - minutes(quick) == pytest.approx(240, abs=5)


def minutes(view: dict[str, Any]) -> float:
    ended, began = (datetime.fromisoformat(view[key]) for key in ("finishedAt", "startedAt"))
    return (ended - began).total_seconds() / 60
