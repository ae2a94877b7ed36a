"""What the doors say to those who get a call, a name or a field wrong."""

import json
from typing import Any

import httpx
import pytest
from story import NEW, OLD, System

from triggers.openapi import openapi


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.json()


def paths(answer: httpx.Response) -> list[str]:
    return [one["path"] for one in problem(answer, 400)["errors"]]


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", "rollouts", "phase, top, scaleSet"),
        ("GET", "fleet-rollouts", "phase, top"),
        ("GET", "rollouts/any/events", "format"),
        ("GET", "scale-sets", "subscription, resourceGroup"),
        ("GET", "scale-sets/demo/web", "subscription"),
        ("GET", "health", ""),
        ("POST", "rollouts", ""),
        ("POST", "rollouts/any/abort", ""),
    ],
)
def test_a_query_parameter_that_would_be_ignored_is_refused(
    system: System, method: str, path: str, known: str
) -> None:
    answer = system.api.request(method, f"/api/{path}?state=Failed&code=key&clientId=me")
    assert paths(answer) == ["state"]
    assert known in answer.json()["errors"][0]["message"]


def test_every_parameter_of_the_contract_is_known(system: System) -> None:
    for path, methods in openapi()["paths"].items():
        for method, call in methods.items():
            names = [one["name"] for one in call["parameters"] if one["in"] == "query"]
            answer = system.api.request(method, f"/api{path}", params=dict.fromkeys(names, "x"))
            assert "is not a query parameter" not in answer.text, path


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("image", "22.04.2"),
        ("policy", []),
        ("policy", {"canary": 1}),
        ("policy", {"zones": "1"}),
        ("policy", {"allowFullOutage": "yes"}),
        ("policy", {"maxUnhealthyUpgradedInstances": "1"}),
        ("by", 1),
        ("scaleSet", 5),
        ("id", []),
    ],
)
def test_no_answer_is_about_python(system: System, field: str, wrong: object) -> None:
    body = {"scaleSet": system.scale_set(capacity=1), "image": {"version": NEW}, field: wrong}
    answer = system.api.post("/api/rollouts/plan", json=body)
    assert problem(answer, 400)["errors"]
    for word in ("dictionary", "instance of", "Request", "Policy", "boolean", "integer", "Input"):
        assert word not in " ".join(one["message"] for one in answer.json()["errors"])


@pytest.mark.parametrize("what", ["plan", "start", "view"])
def test_a_misspelled_scale_set_is_named_with_the_one_that_was_meant(
    system: System, what: str
) -> None:
    scale_set = system.scale_set(name=f"checkout-{what}", capacity=1)
    wrong = scale_set.replace("checkout", "chekout")
    body = {"scaleSet": wrong, "image": {"version": NEW}}
    answer = {
        "plan": lambda: system.api.post("/api/rollouts/plan", json=body),
        "start": lambda: system.api.post("/api/rollouts", json=body),
        "view": lambda: system.api.get(f"/api/scale-sets/demo/chekout-{what}"),
    }[what]()
    found = problem(answer, 404)
    assert found["title"] == "No such scale set"
    assert f"Did you mean 'checkout-{what}'" in found["detail"]


def test_nothing_is_suggested_that_is_not_alike(system: System) -> None:
    answer = system.api.get("/api/scale-sets/demo/zzzzzzzzzzzz")
    assert "Did you mean" not in problem(answer, 404)["detail"]


def test_a_subscription_or_group_that_is_not_there_is_named_as_such(system: System) -> None:
    unknown = "11111111-1111-1111-1111-111111111111"
    for name in (unknown, "abc"):
        answer = system.api.get("/api/scale-sets", params={"subscription": name})
        assert problem(answer, 404)["title"] == "No such subscription"
    answer = system.api.get("/api/scale-sets", params={"resourceGroup": "none"})
    assert problem(answer, 404)["title"] == "No such resource group"


def test_an_unknown_verb_is_answered_with_the_verbs_there_are(system: System) -> None:
    answer = system.api.post("/api/rollouts/any/cancel")
    found = problem(answer, 404)
    assert found["title"] == "No such call"
    assert "POST /api/rollouts/{id}/abort" in found["detail"]
    assert "fleet" not in found["detail"]


@pytest.mark.parametrize(
    ("method", "path", "near"),
    [
        ("GET", "rollout", "Did you mean GET /api/rollouts or POST /api/rollouts?"),
        ("POST", "Rollout", "Did you mean POST /api/rollouts or GET /api/rollouts?"),
        ("POST", "rollouts/any/abrot", "Did you mean POST /api/rollouts/{id}/abort?"),
        ("GET", "scalesets/demo/web", "Did you mean GET /api/scale-sets/{resourceGroup}/{name}?"),
        ("HEAD", "rolouts", None),
    ],
)
def test_a_misspelled_call_is_answered_with_what_may_be_meant(
    system: System, method: str, path: str, near: str | None
) -> None:
    answer = system.api.request(method, f"/api/{path}")
    assert answer.status_code == 404
    assert near is None or near in problem(answer, 404)["detail"]


def test_what_is_not_ours_is_not_answered_by_us(system: System) -> None:
    """Nothing of Durable's, of the host's own, or of the page is taken by what answers the rest."""
    known = {
        "/runtime/webhooks/durabletask/instances": 200,
        "/runtime/webhooks/durabletask/nothing": 404,
        "/admin/functions": 200,
        "/api/dashboard": 200,
        "/api/dashboard/main.js": 200,
        "/nothing": 404,
    }
    answers = {path: system.api.get(path) for path in known}
    assert {path: answer.status_code for path, answer in answers.items()} == known
    assert not [path for path, answer in answers.items() if "No such call" in answer.text]
    file = system.api.get("/api/dashboard/nothing.js")
    assert problem(file, 404)["title"] == "No such file"


def test_it_is_asked_after_every_other_function_and_wants_a_key(system: System) -> None:
    functions = system.host.catalog.with_trigger("httpTrigger")
    last = max(functions, key=lambda function: function.name.lower())
    assert (last.binding["route"], last.binding["authLevel"]) == ("{*rest}", "FUNCTION")


@pytest.mark.parametrize("path", ["", "x/y/z?any=1"])
def test_an_unknown_call_is_answered_with_all_there_are(system: System, path: str) -> None:
    found = problem(system.api.get(f"/api/{path}"), 404)
    assert "GET /api/scale-sets" in found["detail"]
    assert "/api/openapi.json" in found["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "rollouts/any", "GET"),
        ("PUT", "ROLLOUTS", "POST, GET"),
        ("GET", "rollouts/any/abort", "POST"),
        ("PATCH", "scale-sets/demo/web/", "GET"),
        ("OPTIONS", "health", "GET"),
    ],
)
def test_another_method_is_answered_with_those_it_takes(
    system: System, method: str, path: str, allowed: str
) -> None:
    answer = system.api.request(method, f"/api/{path}")
    assert problem(answer, 405)["title"] == "No such method"
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["rollouts", "rollouts/none", "none", "openapi.json"])
def test_every_json_answer_ends_its_line(system: System, path: str) -> None:
    text = system.api.get(f"/api/{path}").text
    assert text.endswith("\n")
    assert json.loads(text) is not None


@pytest.mark.parametrize("name", [".", ".."])
@pytest.mark.parametrize("part", ["publisher", "offer", "sku", "version"])
def test_no_part_of_an_image_climbs(system: System, name: str, part: str) -> None:
    scale_set = system.scale_set(capacity=1)
    system.azure.delete("/_sim/requests")
    answer = system.start(scale_set, image={"version": NEW, part: name})
    assert paths(answer) == [f"image.{part}"]
    assert system.requests() == []


@pytest.mark.parametrize("group", [".", "..", "../x", "demo?x", "%2e%2e", "a/b", ""])
def test_no_resource_group_of_a_selector_climbs(system: System, group: str) -> None:
    selector = {"tags": {"a": "b"}, "resourceGroup": group}
    answer = system.start_fleet([{"name": "one", "selector": selector}])
    assert paths(answer) == ["waves[0].selector.resourceGroup"]
    assert system.requests() == []


def test_a_name_that_is_there_twice_is_refused(system: System) -> None:
    scale_set = system.scale_set(capacity=1)
    body = f'{{"scaleSet": "{scale_set}", "image": {{"version": "1", "version": "{NEW}"}}}}'
    answer = system.api.post("/api/rollouts", content=body)
    assert paths(answer) == ["$"]
    assert "'version' is there twice" in answer.text


def test_a_scale_set_in_another_case_is_the_same_request(system: System) -> None:
    scale_set = system.scale_set(capacity=2)
    first = system.start(scale_set, id=f"case-{scale_set.rpartition('/')[2]}")
    again = system.start(scale_set.upper(), id=first.json()["id"].upper())
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["id"] == first.json()["id"]
    named = system.api.get(f"/api/rollouts/{first.json()['id'].upper()}")
    assert (named.status_code, named.json()["id"]) == (200, first.json()["id"])
    system.finish(first.json()["id"])


def test_a_fleet_in_another_case_is_the_same_request(system: System) -> None:
    scale_set, name = system.scale_set(capacity=2), "case-fleet"
    first = system.start_fleet([{"name": "one", "scaleSets": [scale_set]}], id=name)
    upper = scale_set.upper()
    again = system.start_fleet([{"name": "one", "scaleSets": [upper]}], id=name.upper())
    assert (first.status_code, again.status_code) == (202, 202), again.text
    system.finish_fleet(name)


def test_the_fields_are_named_in_which_a_request_differs(system: System) -> None:
    scale_set = system.scale_set(capacity=2)
    first = system.start(scale_set, id="differs", policy={"maxBatchInstances": 1})
    assert first.status_code == 202
    other = system.start(scale_set, id="differs", policy={"maxBatchInstances": 2}, by="me")
    found = problem(other, 409)
    assert found["title"] == "The id is taken"
    assert [one["path"] for one in found["errors"]] == ["by", "policy.maxBatchInstances"]
    assert "by, policy.maxBatchInstances" in found["detail"]
    system.finish("differs")


def test_the_fields_are_named_in_which_a_fleet_differs(system: System) -> None:
    waves = [{"name": "one", "scaleSets": system.small(1)}]
    assert system.start_fleet(waves, id="differing").status_code == 202
    other = system.start_fleet(waves, id="differing", image={"version": OLD})
    assert [one["path"] for one in problem(other, 409)["errors"]] == ["image.version"]
    system.finish_fleet("differing")
