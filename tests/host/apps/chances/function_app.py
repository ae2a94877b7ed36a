"""Orchestrations on which Azure's chances show: what was done, how often, and in which order."""

# pyright: basic
# ruff: noqa: ANN001, ANN201, BLE001 - written as app code is, against an untyped SDK

from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
done: list[object] = []
broken: set[str] = set()


def in_seconds(context, seconds):
    return context.create_timer(context.current_utc_datetime + timedelta(seconds=seconds))


@app.activity_trigger(input_name="value")
def do(value: object):
    """Does it, and says so."""
    done.append(value)
    return value


@app.activity_trigger(input_name="message")
def say(message: str):
    raise ValueError(message)


@app.orchestration_trigger(context_name="context")
def does(context):
    """Does one thing after the other; what fails is told in its place, in one line."""
    told = []
    for value in context.get_input():
        try:
            told.append((yield context.call_activity("do", value)))
        except Exception as error:
            told.append(str(error).splitlines()[0])
    return told


@app.orchestration_trigger(context_name="context")
def does_all(context):
    return (yield context.task_all([context.call_activity("do", one) for one in range(20)]))


@app.orchestration_trigger(context_name="context")
def waits(context):
    return (yield context.wait_for_external_event("go"))


@app.orchestration_trigger(context_name="context")
def counts(context):
    """Says in its custom status how many it has heard; ends with the third, and tells when each
    came.
    """
    times = []
    while len(times) < 3:
        yield context.wait_for_external_event("go")
        times.append(f"{context.current_utc_datetime:%H:%M:%S.%f}")
        context.set_custom_status(len(times))
    return times


@app.orchestration_trigger(context_name="context")
def parent(context):
    """Calls `name` as a child and tells what became of it, in one line."""
    order = context.get_input()
    child = context.call_sub_orchestrator(
        order["name"], order.get("input"), order.get("id"), order.get("version")
    )
    try:
        return {"child": (yield child)}
    except Exception as error:
        return {"failed": str(error).splitlines()[0]}


@app.orchestration_trigger(context_name="context")
def races_a_timer(context):
    """The activity wins, the timer of an hour is cancelled; it goes on for three."""
    timer = in_seconds(context, 3600)
    yield context.task_any([context.call_activity("do", 1), timer])
    timer.cancel()
    yield in_seconds(context, 3 * 3600)


@app.orchestration_trigger(context_name="context")
def waits_long(context):
    yield in_seconds(context, context.get_input() * 86_400)
    return f"{context.current_utc_datetime:%d %H:%M}"


@app.orchestration_trigger(context_name="context")
def versioned(context):
    yield context.wait_for_external_event("go")
    return context.version


@app.orchestration_trigger(context_name="context")
def starts_over(context):
    """Hears one `go` per generation, and continues as new as it must not; `safely`, as it may."""
    order = context.get_input()
    if order["left"] == 0:
        return "done"
    yield context.wait_for_external_event("go")
    if order["safely"]:
        yield in_seconds(context, 0)
    context.continue_as_new({**order, "left": order["left"] - 1})


@app.orchestration_trigger(context_name="context")
def fails_with(context):
    yield in_seconds(context, 1)
    raise ValueError(context.get_input()["message"])


@app.orchestration_trigger(context_name="context")
def asks(context):
    return (yield context.call_entity(df.EntityId("tally", "it"), "add", 1))


@app.entity_trigger(context_name="context")
def tally(context):
    value = context.get_state(lambda: 0) + 1
    context.set_state(value)
    context.set_result(value)


@app.entity_trigger(context_name="context")
def poisoned(context):
    done.append("asked")
    context.set_state(object() if "poisoned" in broken else "healed")  # an object is no JSON
