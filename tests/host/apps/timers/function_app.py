"""Timers: one that tells its runs to an entity, one that fails, one that never ends."""

# pyright: basic
# ruff: noqa: ANN001, ANN201, ARG001 - written as app code is, against an untyped SDK

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
RUNS = df.EntityId("runs", "all")


@app.timer_trigger(arg_name="timer", schedule="0 30 3 * * *")
@app.durable_client_input(client_name="client")
async def nightly(timer: func.TimerRequest, client) -> None:
    await client.signal_entity(RUNS, "add", f"late={timer.past_due}")


@app.timer_trigger(arg_name="timer", schedule="0 0 4 1 * *")
def monthly(timer: func.TimerRequest) -> None:
    raise ValueError("it never works")


@app.timer_trigger(arg_name="timer", schedule="0 0 6 29 2 *")
@app.durable_client_input(client_name="client")
async def asks_on_and_on(timer: func.TimerRequest, client) -> None:
    while True:
        await client.get_status("nobody")


@app.route(route="hello")
def hello(req: func.HttpRequest) -> str:
    return "hello"


@app.entity_trigger(context_name="context")
def runs(context):
    context.set_state([*(context.get_state(list) or []), context.get_input()])


@app.orchestration_trigger(context_name="context")
def waits_an_hour(context):
    from datetime import timedelta

    yield context.create_timer(context.current_utc_datetime + timedelta(hours=1))
