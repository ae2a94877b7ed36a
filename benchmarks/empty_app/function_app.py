"""The least that a Durable app is: what ours is measured against when it starts."""

# pyright: reportUntypedFunctionDecorator=false, reportUnknownMemberType=false

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)


@app.route(route="start")
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: Any) -> func.HttpResponse:
    return client.create_check_status_response(req, await client.start_new("greet"))


@app.orchestration_trigger(context_name="context")
def greet(context: df.DurableOrchestrationContext) -> Generator[Any, Any, Any]:
    return (yield context.call_activity("say", "hello"))


@app.activity_trigger(input_name="payload")
def say(payload: str) -> str:
    return payload
