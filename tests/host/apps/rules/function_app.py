"""Orchestrations that each show one rule of Durable Functions."""

# pyright: basic
# ruff: noqa: ANN001, ANN201, BLE001 - written as app code is, against an untyped SDK

import threading
from collections import defaultdict
from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
EACH_MINUTE_3 = df.RetryOptions(60_000, 3)
failures_left: dict[str, int] = {}
ten = threading.Barrier(10)
gates = defaultdict(threading.Event)
entered = defaultdict(threading.Event)


def in_minutes(context, minutes):
    return context.create_timer(context.current_utc_datetime + timedelta(minutes=minutes))


# Activities


@app.activity_trigger(input_name="value")
def double(value: int):
    return value * 2


@app.activity_trigger(input_name="value")
async def echo(value: object):
    return value


@app.activity_trigger(input_name="message")
def fail(message: str):
    raise ValueError(message)


@app.activity_trigger(input_name="order")
def flaky(order: dict):
    """Fails as often as it is told to, per key."""
    left = failures_left.setdefault(order["key"], order["failures"])
    failures_left[order["key"]] = left - 1
    if left > 0:
        raise ValueError(f"{left} failures left")
    return order["key"]


@app.activity_trigger(input_name="_")
def meets_nine_others(_: object):
    """Ends only when ten of it run at once."""
    return ten.wait(timeout=10) >= 0


@app.activity_trigger(input_name="key")
def waits_for_gate(key: str):
    """Ends when the test opens its gate."""
    entered[key].set()
    gates[key].wait(timeout=10)
    return key


# Orchestrators


@app.orchestration_trigger(context_name="context")
def ten_at_once(context):
    met = [context.call_activity("meets_nine_others") for _ in range(10)]
    return (yield context.task_all(met))


@app.orchestration_trigger(context_name="context")
def waits_for_a_gate(context):
    return (yield context.call_activity("waits_for_gate", context.get_input()["key"]))


@app.orchestration_trigger(context_name="context")
def lists_a_task_twice(context):
    """The compound task is built before its child is yielded alone."""
    first, second = context.call_activity("double", 1), context.call_activity("double", 2)
    both = context.task_all([first, second])
    yield first
    return (yield both)


@app.orchestration_trigger(context_name="context")
def doubles(context):
    return (yield context.call_activity("double", context.get_input()))


@app.orchestration_trigger(context_name="context")
def shown(context):
    """Publishes a custom status of so many letters, and waits for a minute."""
    context.set_custom_status("x" * context.get_input())
    yield in_minutes(context, 1)


@app.orchestration_trigger(context_name="context")
def polls(context):
    order = context.get_input()
    for number in range(order["count"]):
        yield context.call_activity("echo", number)
        yield in_minutes(context, order["minutes"])
    return order["count"]


@app.orchestration_trigger(context_name="context")
def polls_in_parts(context):
    """Polls `parts` x `count` times, each part in a history of its own."""
    order = context.get_input()
    for _ in range(order["parts"]):
        yield context.call_sub_orchestrator("polls", order)
    return "seen"


@app.orchestration_trigger(context_name="context")
def retries(context):
    flaky_task = context.call_activity_with_retry("flaky", EACH_MINUTE_3, context.get_input())
    try:
        return (yield flaky_task)
    except Exception as error:
        return f"gave up: {error}"


@app.orchestration_trigger(context_name="context")
def races_a_retried_task(context):
    """The first try fails at once, the timer wins the race, then the loser is waited for."""
    order = {"key": context.instance_id, "failures": 1}
    loser = context.call_activity_with_retry("flaky", df.RetryOptions(600_000, 3), order)
    yield context.task_any([loser, in_minutes(context, 5)])
    yield loser
    return (yield context.call_activity("echo", "after"))


@app.orchestration_trigger(context_name="context")
def fans_out_a_retried_task(context):
    """A failure is caught while a retried task is still open; then a new one is called."""
    order = {"key": context.instance_id, "failures": 1}
    retried = context.call_activity_with_retry("flaky", EACH_MINUTE_3, order)
    try:
        yield context.task_all([context.call_activity("fail", "at once"), retried])
    except Exception:
        return (yield context.call_activity("flaky", {"key": "another", "failures": 0}))


@app.orchestration_trigger(context_name="context")
def fans_out_safely(context):
    tasks = [context.call_activity("double", number) for number in range(context.get_input())]
    return sum((yield context.task_all(tasks)))


@app.orchestration_trigger(context_name="context")
def catches_in_a_fan_out(context):
    """.NET's WhenAll waits for the timer too, so what comes after starts an hour later."""
    try:
        yield context.task_all([context.call_activity("fail", "now"), in_minutes(context, 60)])
    except Exception:
        return (yield context.call_activity("echo", "after"))


@app.orchestration_trigger(context_name="context")
def races_a_timer(context):
    """With an hour's timer; cancels it only when given an input."""
    timer = in_minutes(context, 60)
    activity = context.call_activity("double", 21)
    winner = yield context.task_any([activity, timer])
    if context.get_input():
        timer.cancel()
    return winner.result


@app.orchestration_trigger(context_name="context")
def fails(context):
    yield context.call_activity("fail", "no luck")


@app.orchestration_trigger(context_name="context")
def calls_nobody(context):
    yield context.call_activity("nobody")


@app.orchestration_trigger(context_name="context")
def calls_http(context):
    yield context.call_http("GET", "http://127.0.0.1:1/")


@app.orchestration_trigger(context_name="context")
def waits(context):
    return (yield context.wait_for_external_event("go"))


@app.orchestration_trigger(context_name="context")
def waits_late(context):
    """Waits for `go` only after a minute."""
    yield in_minutes(context, 1)
    return (yield context.wait_for_external_event("go"))


@app.orchestration_trigger(context_name="context")
def waits_at_most_an_hour(context):
    go, timeout = context.wait_for_external_event("go"), in_minutes(context, 60)
    winner = yield context.task_any([go, timeout])
    if winner is timeout:
        return f"timed out at {context.current_utc_datetime:%H:%M}"
    timeout.cancel()
    return winner.result


@app.orchestration_trigger(context_name="context")
def counts_down(context):
    """Continues as new until nothing is left, one `go` per generation, and after it the gate."""
    left = context.get_input()
    if left == 0:
        return "done"
    yield context.wait_for_external_event("go")
    yield context.call_activity("waits_for_gate", "count")
    context.continue_as_new(left - 1)


@app.orchestration_trigger(context_name="context")
def parent(context):
    """Calls `name` as a child (`id` may be given) and tells what became of it."""
    order = context.get_input()
    try:
        child = context.call_sub_orchestrator(order["name"], order.get("input"), order.get("id"))
        return {"child": (yield child)}
    except Exception as error:
        return {"failed": str(error)}


@app.orchestration_trigger(context_name="context")
def changes(context):
    """Not deterministic, on purpose: what it calls depends on a global."""
    name = "echo" if failures_left.setdefault("changes", 0) == 0 else "double"
    failures_left["changes"] += 1
    yield context.call_activity(name, 1)
    yield in_minutes(context, 1)


@app.orchestration_trigger(context_name="context")
def uses_a_counter(context):
    counter = df.EntityId("Counter", context.get_input()["key"])
    context.signal_entity(counter, "add", 3)
    total = yield context.call_entity(counter, "add", 4)
    try:
        yield context.call_entity(counter, "explode")
    except Exception as error:
        return [total, str(error)]


# An entity


@app.entity_trigger(context_name="context")
def counter(context):
    value = context.get_state(lambda: 0)
    if context.operation_name == "explode":
        raise ValueError("boom")
    value += context.get_input()
    context.set_state(value)
    context.set_result(value)
