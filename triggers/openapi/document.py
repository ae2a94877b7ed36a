"""The document: its calls, who may make them, and what they answer."""

from http import HTTPStatus

import azure.functions as func

from rollout.base import Cell, Problem, Value
from triggers.openapi.operation import AS_LINES, ApiOperation, Json
from triggers.openapi.operations import OPERATIONS
from triggers.openapi.schemas import schemas_of
from triggers.web import Call, Route, answer

_SCHEMES: Json = {
    "functionKey": {
        "type": "apiKey",
        "in": "header",
        "name": "x-functions-key",
        "description": "A key of the app or of the function. The calls of /management take only "
        "the app's master key.",
    },
    "functionKeyInUrl": {
        "type": "apiKey",
        "in": "query",
        "name": "code",
        "description": "The same key, for those who cannot send a header: it ends up in the logs "
        "of whatever stands between.",
    },
    "signIn": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of Microsoft Entra ID, where App Service's authentication is on. "
        "With it the log has the caller's name, and roles say who may do what.",
    },
}
_SECURITY: list[Json] = [
    {"functionKey": []},
    {"functionKeyInUrl": []},
    {"functionKey": [], "signIn": []},
    {},
]
"""The last one is the local system, which asks for no key."""
_TAGS = {
    "rollouts": ("Rollouts", "A scale set is moved to an image, batch by batch."),
    "fleet-rollouts": ("Fleet rollouts", "Several scale sets are moved, in ordered waves."),
    "followed-images": ("Followed images", "Gallery images whose new versions are rolled out."),
    "scale-sets": ("Scale sets", "What there is to be moved, and to which image."),
    "stop-the-line": ("Stop the line", "A switch for the whole app."),
    "news": ("News", "Who is told what happens, and whether it was delivered."),
    "callbacks": ("Callbacks", "Where those answer whom a rollout has asked."),
    "policies": ("Policies", "The rules of a rollout."),
    "health": ("App", "The app itself."),
}
_MEANINGS = {
    200: "It is done, or this is how it is",
    202: "It was accepted, and goes on by itself",
}
_BAD = "What is wrong, on what, why, and what to do"
_NO_KEY = (
    "Nobody is signed in who has to be. Without a key, or with a wrong one, it is the Functions "
    "host that answers, without a body"
)
_UNCHANGED = "Nothing has changed since the answer whose ETag was sent as If-None-Match; no body"
_TAG = {"description": "Send it as If-None-Match to look again.", "schema": {"type": "string"}}


def openapi_routes() -> list[Route]:
    """The route of the contract."""

    async def contract(_: Call) -> func.HttpResponse:
        return answer(openapi())

    return [Route("openapi", contract, needs=frozenset())]


def openapi() -> Json:
    """The OpenAPI 3.1 document of the whole HTTP API."""
    legend = ", ".join(f"{cell.value} = {cell.state}" for cell in Cell)
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    taken = [operation.takes for operation in OPERATIONS if operation.takes]
    given = [Problem, *(operation.gives for operation in OPERATIONS)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VMSS Rollout",
            "version": "1",
            "license": {"name": "MIT", "identifier": "MIT"},
            "description": "Moves every VM of an Azure scale set to a new OS image, one update "
            f"domain at a time. Cells of the heat map, a letter per instance: {legend}.",
        },
        "servers": [{"url": "/api"}],
        "security": _SECURITY,
        "tags": [{"name": name, "description": text} for name, text in _TAGS.values()],
        "paths": paths,
        "components": {"schemas": schemas_of(taken, given), "securitySchemes": _SCHEMES},
    }


def _described(operation: ApiOperation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "tags": [_TAGS[operation.path.split("/")[1]][0]],
        "summary": operation.summary,
        "description": operation.more or f"{operation.summary}.",
        "parameters": list(operation.parameters),
        "responses": _responses(operation),
    }
    if operation.anonymous:
        described["security"] = [{}]
    if operation.takes:
        content = {"application/json": {"schema": _reference(operation.takes)}}
        described["requestBody"] = {"required": operation.body_required, "content": content}
    return described


def _responses(operation: ApiOperation) -> Json:
    found = {
        **{status: _good(operation, status) for status in operation.statuses},
        **{status: _problem(status) for status in operation.problems},
    }
    if operation.method == "get":
        found[304] = {"description": _UNCHANGED, "headers": {"ETag": _TAG}}
    return {str(status): found[status] for status in sorted(found)}


def _good(operation: ApiOperation, status: int) -> Json:
    schema = _reference(operation.gives)
    schema = {"type": "array", "items": schema} if operation.many else schema
    content: Json = {"application/json": {"schema": schema}}
    if AS_LINES in operation.parameters:
        line = f"With format=ndjson: a line for each, which is a {operation.gives.__name__}."
        content["application/x-ndjson"] = {"schema": {"type": "string", "description": line}}
    tag = (
        {"headers": {"ETag": _TAG}} if operation.method == "get" and status == HTTPStatus.OK else {}
    )
    return {"description": _MEANINGS.get(status, operation.summary), **tag, "content": content}


def _problem(status: int) -> Json:
    content = {"application/problem+json": {"schema": _reference(Problem)}}
    return {
        "description": _NO_KEY if status == HTTPStatus.UNAUTHORIZED else _BAD,
        "content": content,
    }


def _reference(model: type[Value]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
