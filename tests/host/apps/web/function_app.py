"""HTTP routes, their answers, the durable client; and Event Grid functions."""

# pyright: basic
# ruff: noqa: ANN001, ANN201, ARG001, BLE001 - written as app code is, against an untyped SDK

import json
import os

import azure.durable_functions as df
import azure.functions as func
import greeting

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
app.register_functions(greeting.blueprint)
delivered: list[str] = []


@app.route(route="things/{id:int}", methods=["GET"])
def a_numbered_thing(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(dict(req.route_params)), mimetype="application/json")


@app.route(route="things/{name}", methods=["GET"])
def thing_by_name(req: func.HttpRequest) -> str:
    return f"named {req.route_params['name']}"


@app.route(route="files/{*path}", methods=["GET", "POST"], auth_level=func.AuthLevel.ADMIN)
async def files(req: func.HttpRequest) -> func.HttpResponse:
    body = {
        "path": req.route_params.get("path"),
        "body": req.get_body().decode(),
        "url": req.url,
        "query": dict(req.params),
        "headers": dict(req.headers),
    }
    headers = {"X-Kind": "file", "Set-Cookie": "a=b; Path=/"}
    return func.HttpResponse(json.dumps(body), status_code=201, headers=headers)


@app.route(route="broken")
def broken(req: func.HttpRequest) -> func.HttpResponse:
    raise ValueError("not for the caller's eyes")


@app.route()
def setting(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(os.environ[req.params["name"]])


@app.route(route="start/{name}/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client) -> func.HttpResponse:
    payload = json.loads(req.get_body() or b"null")
    try:
        started = await client.start_new(req.route_params["name"], req.route_params["id"], payload)
    except Exception as error:
        return func.HttpResponse(str(error), status_code=409)
    return client.create_check_status_response(req, started)


def shown(result):
    """What a client call returned, as JSON; a status of nobody is falsy."""
    if hasattr(result, "runtime_status"):
        return result.to_json() if result else None
    return getattr(result, "instances_deleted", result)


@app.route(route="client/{call}/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def call(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Calls one method of the durable client, with the body's arguments."""
    method = getattr(client, req.route_params["call"])
    arguments = json.loads(req.get_body() or b"[]")
    result = await method(req.route_params["id"], *arguments)
    return func.HttpResponse(json.dumps(shown(result)))


@app.route(route="counter/{key}", methods=["GET", "POST"])
@app.durable_client_input(client_name="client")
async def counter_value(req: func.HttpRequest, client) -> func.HttpResponse:
    entity = df.EntityId("tally", req.route_params["key"])
    if req.method == "POST":
        await client.signal_entity(entity, "add", req.get_json())
    state = await client.read_entity_state(entity)
    return func.HttpResponse(json.dumps([state.entity_exists, state.entity_state]))


@app.entity_trigger(context_name="context")
def tally(context):
    context.set_state(context.get_state(lambda: 0) + context.get_input())


@app.orchestration_trigger(context_name="context")
def waits_twice(context):
    first = yield context.wait_for_external_event("first")
    second = yield context.wait_for_external_event("second")
    return [first, second]


@app.event_grid_trigger(arg_name="event")
def image_published(event: func.EventGridEvent):
    if event.get_json().get("fail"):
        raise ValueError("cannot take this one")
    delivered.append(event.id)


@app.event_grid_trigger(arg_name="event")
@app.durable_client_input(client_name="client")
async def either_schema(event: func.EventGridEvent, client: df.DurableOrchestrationClient) -> None:
    """What the annotation says is not what comes: that follows from the event's schema alone."""
    kind = event.type if isinstance(event, func.CloudEvent) else event.event_type
    told = [type(event).__name__, event.id, kind, event.subject, event.get_json()]
    delivered.append(json.dumps(told))


@app.route(route="delivered")
def delivered_events(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(sorted(delivered)))
