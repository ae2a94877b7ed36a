"""GET /api/openapi.json describes what the API really answers."""

import json
import re
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate
from story import NEW, System

from function_app import app

OTHERS = {"openapi.json", "{*rest}", "dashboard", "dashboard/{*file}"}
"""Routes that are no calls of the API."""


@pytest.fixture
def contract(system: System) -> dict[str, Any]:
    return system.api.get("/api/openapi.json").json()


def check(contract: dict[str, Any], path: str, method: str, answer: Any) -> None:
    """Whether an answer is one that the contract allows."""
    described = contract["paths"][path][method]["responses"][str(answer.status_code)]
    kind = answer.headers["content-type"].partition(";")[0]
    schema = {**described["content"][kind]["schema"], "components": contract["components"]}
    found = answer.text if kind == "application/x-ndjson" else answer.json()
    jsonschema.validate(found, schema, jsonschema.Draft202012Validator)


def test_it_is_a_valid_openapi_document(contract: dict[str, Any]) -> None:
    validate(contract)  # pyright: ignore[reportUnknownMemberType]


def test_whatever_it_refers_to_is_in_it(contract: dict[str, Any]) -> None:
    """Also where it tells kinds of gates apart, which no validator follows."""
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(contract)))
    assert {"HttpGate", "HttpGateShown"} <= named <= set(contract["components"]["schemas"])


def test_it_says_who_may_call(contract: dict[str, Any]) -> None:
    schemes = contract["components"]["securitySchemes"]
    assert schemes["functionKey"].items() >= {"in": "header", "name": "x-functions-key"}.items()
    assert schemes["functionKeyInUrl"].items() >= {"in": "query", "name": "code"}.items()
    assert {name for one in contract["security"] for name in one} == schemes.keys()
    assert contract["info"]["license"]["identifier"] == "MIT"
    known = {tag["name"] for tag in contract["tags"]}
    for path, methods in contract["paths"].items():
        for operation in methods.values():
            assert set(operation["tags"]) <= known
            assert operation["description"]
            anonymous = path == "/callbacks/{token}"
            assert (operation.get("security") == [{}]) is anonymous
            assert ("401" in operation["responses"]) is not anonymous


REQUESTS = {"RolloutRequest", "FleetRolloutRequest", "CommandBody", "Policy", "ImageRequest"}


def test_what_a_request_may_leave_out_has_no_default(contract: dict[str, Any]) -> None:
    """Programs that make types of the contract take a property with a default for one that has to
    be there (openapi-typescript does, unless it is told otherwise).
    """
    schemas = contract["components"]["schemas"]
    assert schemas.keys() >= REQUESTS
    assert '"default"' not in json.dumps(schemas)
    assert schemas["RolloutRequest"]["required"] == ["scaleSet", "image"]
    assert schemas["FleetRolloutRequest"]["required"] == ["image", "waves"]
    for name in ("CommandBody", "Policy", "ImageRequest", "HealthPolicy", "CanaryPolicy"):
        assert "required" not in schemas[name]
    assert schemas["Policy"]["properties"]["maxBatchInstances"]["x-default"] == "20%"


def test_an_answer_says_what_is_always_there(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    for name in ("RolloutDetails", "ListedRollout", "FleetDetails", "ListedFleet", "ImageChange"):
        assert schemas[name]["required"] == [*schemas[name]["properties"]]
    assert {"counts", "message"} <= {*schemas["WaveView"]["required"]}
    assert "zone" not in schemas["InstanceRow"]["required"]
    assert schemas["InstanceRow"]["properties"]["zone"] == {"type": "string"}
    assert "health" in schemas["PolicyShown"]["required"]
    assert "canary" not in schemas["PolicyShown"]["required"]
    open_ended = [name for name in schemas if "additionalProperties" not in schemas[name]]
    assert {"RolloutView", "PolicyShown", "ImageRequestShown"} <= {*open_ended}


def test_every_route_is_in_it(contract: dict[str, Any]) -> None:
    routes = {
        (binding["route"], method.lower())
        for function in app.get_functions()
        for binding in json.loads(str(function))["bindings"]
        if binding["type"] == "httpTrigger"
        for method in binding["methods"]
    }
    described = {
        (path.removeprefix("/"), method)
        for path, operations in contract["paths"].items()
        for method in operations
    }
    others = {route for route in routes if route[0] in OTHERS}
    assert described == routes - others


def test_answers_keep_to_it(system: System, contract: dict[str, Any]) -> None:
    scale_set = system.scale_set(capacity=5, protected=["1"])
    body = {"scaleSet": scale_set, "image": {"version": NEW}}
    plan = system.api.post("/api/rollouts/plan", json=body)
    check(contract, "/rollouts/plan", "post", plan)
    started = system.api.post("/api/rollouts", json=body)
    check(contract, "/rollouts", "post", started)
    system.finish(started.json()["id"])
    for tail in ("", "/instances", "/events", "/events?format=ndjson"):
        answer = system.api.get(f"/api/rollouts/{started.json()['id']}{tail}")
        path = f"/rollouts/{{id}}{tail.partition('?')[0]}"
        check(contract, path, "get", answer)
    check(contract, "/rollouts", "get", system.api.get("/api/rollouts"))


def test_fleets_keep_to_it(system: System, contract: dict[str, Any]) -> None:
    waves = [{"name": "one", "scaleSets": system.small(2)}]
    body = {"image": {"version": NEW}, "waves": waves}
    plan = system.api.post("/api/fleet-rollouts/plan", json=body)
    check(contract, "/fleet-rollouts/plan", "post", plan)
    started = system.start_fleet(waves)
    check(contract, "/fleet-rollouts", "post", started)
    fleet_id = started.json()["id"]
    for tail in ("", "/scale-sets", "/events"):
        answer = system.api.get(f"/api/fleet-rollouts/{fleet_id}{tail}")
        check(contract, f"/fleet-rollouts/{{id}}{tail}", "get", answer)
    check(contract, "/fleet-rollouts", "get", system.api.get("/api/fleet-rollouts"))
    check(contract, "/health", "get", system.api.get("/api/health"))
    system.finish_fleet(fleet_id)


def test_scale_sets_keep_to_it(system: System, contract: dict[str, Any]) -> None:
    """One that is rolled by us, a zonal one, and one that rolls by itself."""
    ours = system.scale_set(resourceGroup="contract", capacity=5, protected=["1"])
    system.scale_set(resourceGroup="contract", zones=["1", "2"], capacity=4, stopped=["0"])
    rolling = system.scale_set(resourceGroup="contract", capacity=4, upgradePolicy="Rolling")
    system.fault("foreignWrite", scaleSet=rolling, image={"version": NEW})
    rollout_id = system.start(ours).json()["id"]
    listed = system.api.get("/api/scale-sets?resourceGroup=contract")
    assert len(listed.json()) == 3
    check(contract, "/scale-sets", "get", listed)
    for one in listed.json():
        view = system.api.get(f"/api/scale-sets/contract/{one['name']}")
        check(contract, "/scale-sets/{resourceGroup}/{name}", "get", view)
        rights = system.api.get(f"/api/scale-sets/contract/{one['name']}/rights")
        check(contract, "/scale-sets/{resourceGroup}/{name}/rights", "get", rights)
    system.finish(rollout_id)


def test_problems_keep_to_it(system: System, contract: dict[str, Any]) -> None:
    check(contract, "/rollouts", "post", system.api.post("/api/rollouts", json={}))
    check(contract, "/rollouts", "post", system.start(system.scale_set(upgradePolicy="Rolling")))
    check(contract, "/rollouts/{id}", "get", system.api.get("/api/rollouts/unknown"))
    check(contract, "/rollouts/{id}/abort", "post", system.api.post("/api/rollouts/x/abort"))
    check(contract, "/scale-sets", "get", system.api.get("/api/scale-sets?subscription=a%20b"))
    for name in ("none", "..%2Fx"):
        nowhere = system.api.get(f"/api/scale-sets/demo/{name}")
        check(contract, "/scale-sets/{resourceGroup}/{name}", "get", nowhere)
