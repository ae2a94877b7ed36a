"""An orchestration of our engine that goes on as new: it gathers what it hears, and rests often."""

# pyright: basic
# ruff: noqa: ANN001, ANN201, ANN204 - written as app code is, against an untyped SDK

from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

from orchestrators.engine import CountedContext, ExternalEvents, GoesOnAsNew, go_on_as_new, rest

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)


class Gathering:
    def __init__(self, context, given):
        self.context = CountedContext(context)
        self.wanted, self.generation = given["wanted"], given.get("generation", 1)
        self.gathered = list(given.get("gathered", []))
        waits = {"said": given["waits"]}
        self.events = ExternalEvents(
            self.context, waits, self.gathered.append, given.get("heard", [])
        )
        self.given = given

    def publish(self):
        self.context.set_custom_status({"gathered": self.gathered, "generation": self.generation})

    def handed_on(self, heard):
        return {
            **self.given,
            "gathered": self.gathered,
            "heard": heard,
            "generation": self.generation + 1,
        }


@app.activity_trigger(input_name="value")
def do(value: object):
    return value


@app.orchestration_trigger(context_name="context")
def gathers(context):
    """Until it has heard as many values as are wanted; what it hears is in its custom status."""
    run = Gathering(context, context.get_input())
    yield from run.events.wait(run.context.call_activity("do", 1))
    run.events.listen()
    try:
        while len(run.gathered) < run.wanted:
            run.publish()
            rest(run)
            tomorrow = run.context.current_utc_datetime + timedelta(days=1)
            yield from run.events.sleep_until(tomorrow)
    except GoesOnAsNew:
        return (yield from go_on_as_new(run))
    run.publish()
    return {"gathered": run.gathered, "generation": run.generation}
