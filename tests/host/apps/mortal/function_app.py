"""Functions that tell of the process they run in, and end it."""

# pyright: basic
# ruff: noqa: ANN001, ANN201, ARG001, BLE001 - written as app code is, against an untyped SDK

import logging
import os
import signal
import threading
from pathlib import Path

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)


class OutOfLuckError(Exception):
    """A class that only this app knows."""


@app.activity_trigger(input_name="_")
def pid(_: object):
    return os.getpid()


@app.activity_trigger(input_name="path")
def note(path: str):
    """The side effect: a line in a file."""
    with Path(path).open("a") as file:
        file.write("noted\n")
    return "noted"


@app.activity_trigger(input_name="path")
def note_and_hang(path: str):
    Path(path).write_text("noted\n")
    threading.Event().wait()


@app.activity_trigger(input_name="number")
def ends(number: int):
    """Ends this process: with that exit code, or, when negative, by that signal."""
    if number < 0:
        os.kill(os.getpid(), -number)
        signal.pause()
    os._exit(number)


@app.activity_trigger(input_name="_")
def fails(_: object):
    raise OutOfLuckError("no luck, and a 'quote'")


@app.activity_trigger(input_name="text")
def says(text: str):
    logging.getLogger("mortal").warning(
        "said: %s", text, extra={"rolloutId": "r1", "why": OutOfLuckError("x")}
    )
    return text


@app.orchestration_trigger(context_name="context")
def calls(context):
    name, value = context.get_input()
    return (yield context.call_activity(name, value))


@app.orchestration_trigger(context_name="context")
def calls_twice(context):
    """What a failed activity is called again for."""
    name, value = context.get_input()
    try:
        return (yield context.call_activity(name, value))
    except Exception:
        return ["again", (yield context.call_activity(name, value))]


@app.orchestration_trigger(context_name="context")
def counts(context):
    return (yield context.call_entity(df.EntityId("tally", "a"), "add", context.get_input()))


@app.entity_trigger(context_name="context")
def tally(context):
    context.set_state(context.get_state(lambda: 0) + context.get_input())
    context.set_result(context.get_state())


@app.route(route="pid")
def own_pid(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(str(os.getpid()))


@app.route(route="die")
async def die(req: func.HttpRequest) -> func.HttpResponse:
    os.kill(os.getpid(), signal.SIGKILL)
    return func.HttpResponse("still alive")


@app.route(route="echo", methods=["POST"])
def echo(req: func.HttpRequest) -> func.HttpResponse:
    headers = {"X-Kind": "echo", "Set-Cookie": "a=b; Path=/"}
    return func.HttpResponse(req.get_body(), status_code=201, headers=headers)


@app.route(route="start/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client) -> func.HttpResponse:
    await client.start_new("calls", req.route_params["id"], ["pid", None])
    return client.create_check_status_response(req, req.route_params["id"])
