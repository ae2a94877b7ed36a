"""GET /api/openapi.json: the contract, generated from the models that validate requests."""

from dataclasses import dataclass
from typing import Any

import azure.functions as func
from pydantic.json_schema import models_json_schema

from rollout.app_health import AppHealth
from rollout.base import Cell, Event, Phase, Problem, Value
from rollout.fleet import (
    FleetPlan,
    FleetRolloutRequest,
    FleetRolloutView,
    FleetSummary,
    ScaleSetRow,
)
from rollout.follow import FollowedImage
from rollout.inventory import ScaleSetSummary, ScaleSetView
from rollout.plan import Plan, RolloutRequest
from rollout.run import (
    CommandBody,
    InstanceRow,
    ManagementLinks,
    RolloutSummary,
    RolloutView,
    StartedRollout,
    Verb,
    fleet_verbs,
)
from triggers.web import IDEMPOTENCY_KEY, Call, Route, answer

type Json = dict[str, Any]


@dataclass(frozen=True)
class ApiOperation:
    """One call of the API: what it takes, what it returns, and its possible problem statuses."""

    name: str
    method: str
    path: str
    summary: str
    gives: type[Value]
    takes: type[Value] | None = None
    body_required: bool = True
    many: bool = False
    statuses: tuple[int, ...] = (200,)
    problems: tuple[int, ...] = ()
    parameters: tuple[Json, ...] = ()


def _parameter(name: str, place: str, description: str, schema: Json | None = None) -> Json:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": schema or {"type": "string"},
    }


_ID = (_parameter("id", "path", "The rollout's id."),)
_FLEET_ID = (_parameter("id", "path", "The fleet rollout's id."),)
_KEY = (_parameter(IDEMPOTENCY_KEY, "header", "The rollout's id, if the body gives none."),)
_PHASE_AND_TOP = (
    _parameter("phase", "query", "Only those in this phase.", {"enum": list(Phase)}),
    _parameter("top", "query", "At most this many.", {"type": "integer", "minimum": 1}),
)
_FILTERS = (
    *_PHASE_AND_TOP,
    _parameter("scaleSet", "query", "Only rollouts of this scale set (its name or ARM id)."),
)
_FORMAT = _parameter(
    "format", "query", "ndjson: a JSON document per line.", {"enum": ["json", "ndjson"]}
)
_SUBSCRIPTION = _parameter(
    "subscription", "query", "The subscription; without it, AZURE_SUBSCRIPTION_ID of the app."
)
_SETS = (_SUBSCRIPTION, _parameter("resourceGroup", "query", "Only those of this group."))
_SET_PATH = (
    _parameter("resourceGroup", "path", "Its resource group."),
    _parameter("name", "path", "Its name."),
    _SUBSCRIPTION,
)

OPERATIONS = (
    ApiOperation(
        "start_rollout", "post", "/rollouts", "Start a rollout", StartedRollout, RolloutRequest,
        statuses=(200, 202), problems=(400, 403, 404, 409, 413, 502, 503), parameters=_KEY,
    ),
    ApiOperation(
        "plan_rollout", "post", "/rollouts/plan", "What a rollout would do; changes nothing", Plan,
        RolloutRequest, problems=(400, 403, 404, 409, 413, 502, 503),
    ),
    ApiOperation(
        "list_rollouts", "get", "/rollouts", "The rollouts, newest first",
        RolloutSummary, many=True,
        problems=(400,), parameters=_FILTERS,
    ),
    ApiOperation(
        "view_rollout", "get", "/rollouts/{id}", "A rollout as it is now", RolloutView,
        problems=(404,), parameters=_ID,
    ),
    ApiOperation(
        "rollout_status", "get", "/rollouts/{id}/status", "For clients that wait: 202 with "
        "Location and Retry-After while it runs, 200 when it has ended, however it ended",
        RolloutView,
        statuses=(200, 202), problems=(404,), parameters=_ID,
    ),
    ApiOperation(
        "manage_rollout", "get", "/rollouts/{id}/management", "Durable's own management addresses, "
        "for the holder of the master key", ManagementLinks, problems=(404,), parameters=_ID,
    ),
    ApiOperation(
        "list_instances", "get", "/rollouts/{id}/instances", "One row per instance", InstanceRow,
        many=True, problems=(404,), parameters=_ID,
    ),
    ApiOperation(
        "list_events", "get", "/rollouts/{id}/events", "The event log, oldest first", Event,
        many=True, problems=(400, 404), parameters=(*_ID, _FORMAT),
    ),
    *(
        ApiOperation(
            f"{verb}_rollout", "post", f"/rollouts/{{id}}/{verb}", verb.rule.meaning, RolloutView,
            CommandBody, body_required=False, statuses=(202,), problems=(400, 404, 409, 413),
            parameters=_ID,
        )
        for verb in Verb
    ),
    ApiOperation(
        "start_fleet_rollout", "post", "/fleet-rollouts", "Start a fleet rollout: scale sets in "
        "ordered waves", FleetRolloutView, FleetRolloutRequest, statuses=(200, 202),
        problems=(400, 403, 404, 409, 502, 503), parameters=_KEY,
    ),
    ApiOperation(
        "plan_fleet_rollout", "post", "/fleet-rollouts/plan", "What a fleet rollout would do; "
        "changes nothing", FleetPlan, FleetRolloutRequest, problems=(400, 403, 404, 409, 502, 503),
    ),
    ApiOperation(
        "list_fleet_rollouts", "get", "/fleet-rollouts", "The fleet rollouts, newest first",
        FleetSummary, many=True, problems=(400,), parameters=_PHASE_AND_TOP,
    ),
    ApiOperation(
        "view_fleet_rollout", "get", "/fleet-rollouts/{id}", "A fleet rollout as it is now",
        FleetRolloutView, problems=(404,), parameters=_FLEET_ID,
    ),
    ApiOperation(
        "fleet_rollout_status", "get", "/fleet-rollouts/{id}/status", "For clients that wait: 202 "
        "with Location and Retry-After while it runs, 200 when it has ended, however it ended",
        FleetRolloutView, statuses=(200, 202), problems=(404,), parameters=_FLEET_ID,
    ),
    ApiOperation(
        "manage_fleet_rollout", "get", "/fleet-rollouts/{id}/management", "Durable's own "
        "management addresses, for the holder of the master key", ManagementLinks, problems=(404,),
        parameters=_FLEET_ID,
    ),
    ApiOperation(
        "list_fleet_scale_sets", "get", "/fleet-rollouts/{id}/scale-sets", "One row per scale set",
        ScaleSetRow, many=True, problems=(404,), parameters=_FLEET_ID,
    ),
    ApiOperation(
        "list_fleet_events", "get", "/fleet-rollouts/{id}/events", "Its event log, oldest first",
        Event, many=True, problems=(400, 404), parameters=(*_FLEET_ID, _FORMAT),
    ),
    *(
        ApiOperation(
            f"{verb}_fleet_rollout", "post", f"/fleet-rollouts/{{id}}/{verb}",
            verb.rule.fleet_meaning or "", FleetRolloutView, CommandBody,
            body_required=False, statuses=(202,),
            problems=(400, 404, 409), parameters=_FLEET_ID,
        )
        for verb in fleet_verbs(list(Verb))
    ),
    ApiOperation(
        "list_followed_images", "get", "/followed-images", "Images whose versions are followed",
        FollowedImage, many=True,
    ),
    ApiOperation(
        "list_followed_events", "get", "/followed-images/{id}/events", "What was published of it, "
        "and what came of that", Event, many=True, problems=(400, 404),
        parameters=(_parameter("id", "path", "The followed image's id."), _FORMAT),
    ),
    ApiOperation(
        "list_scale_sets", "get", "/scale-sets", "The scale sets, and whether they can be rolled",
        ScaleSetSummary, many=True, problems=(400, 403, 404, 502, 503),
        parameters=_SETS,
    ),
    ApiOperation(
        "view_scale_set", "get", "/scale-sets/{resourceGroup}/{name}", "A scale set with its heat "
        "map", ScaleSetView, problems=(400, 403, 404, 502, 503), parameters=_SET_PATH,
    ),
    ApiOperation(
        "view_health", "get", "/health", "The version that runs, and every setting that is wrong",
        AppHealth, statuses=(200, 503),
    ),
)  # fmt: skip


def openapi_routes() -> list[Route]:
    """The route of the contract."""

    async def contract(_: Call) -> func.HttpResponse:
        return answer(openapi())

    return [Route("openapi", "GET", "openapi.json", contract, needs=frozenset())]


def openapi() -> Json:
    """The OpenAPI 3.1 document of the whole HTTP API."""
    legend = ", ".join(f"{cell.value} = {cell.state}" for cell in Cell)
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VMSS Rollout",
            "version": "1",
            "description": "Moves every VM of an Azure scale set to a new OS image, one update "
            f"domain at a time. Cells of the heat map, a letter per instance: {legend}.",
        },
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _schemas() -> Json:
    taken = [(operation.takes, "validation") for operation in OPERATIONS if operation.takes]
    given = [
        (model, "serialization")
        for model in [Problem, *(operation.gives for operation in OPERATIONS)]
    ]
    _, schemas = models_json_schema(
        [*dict.fromkeys(taken), *dict.fromkeys(given)],  # pyright: ignore[reportArgumentType]
        ref_template="#/components/schemas/{model}",
    )
    return schemas["$defs"]


def _described(operation: ApiOperation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": list(operation.parameters),
        "responses": _responses(operation),
    }
    if operation.takes:
        content = {"application/json": {"schema": _reference(operation.takes)}}
        described["requestBody"] = {"required": operation.body_required, "content": content}
    return described


def _responses(operation: ApiOperation) -> Json:
    schema = _reference(operation.gives)
    schema = {"type": "array", "items": schema} if operation.many else schema
    good = {"description": operation.summary, "content": {"application/json": {"schema": schema}}}
    bad = {
        "description": "What is wrong, on what, why, and what to do",
        "content": {"application/problem+json": {"schema": _reference(Problem)}},
    }
    return {
        **{str(status): good for status in operation.statuses},
        **{str(status): bad for status in operation.problems},
    }


def _reference(model: type[Value]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
