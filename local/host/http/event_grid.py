"""The Event Grid webhook: its validation handshake, and one invocation per event.

Source: the Event Grid extension's HTTP request processor.
"""

import asyncio
import json
import logging
from typing import Any

from azure.functions.meta import Datum
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from local.host.app import EVENT_GRID, Catalog, Function, Worker
from local.host.engine import Engine

log = logging.getLogger("local.host")

EVENT_GRID_ORIGIN = "eventgrid.azure.net"

type Json = dict[str, Any]


class EventGridWebhook:
    """An ASGI endpoint: `handle`."""

    def __init__(self, catalog: Catalog, worker: Worker, engine: Engine) -> None:
        self._catalog = catalog
        self._worker = worker
        self._engine = engine

    async def handle(self, request: Request) -> Response:
        """Seen with the extension (5.x): the case of a function's name counts; what cannot be read
        is an empty 500; OPTIONS, CloudEvents' handshake, allows Event Grid.
        """
        query = {name.lower(): value for name, value in request.query_params.items()}
        name = query.get("functionname", "")
        function = next((each for each in self._functions() if each.name == name), None)
        if function is None:
            return PlainTextResponse(f"cannot find function: '{name}'", 404)
        if request.method == "OPTIONS":
            return Response(headers={"WebHook-Allowed-Origin": EVENT_GRID_ORIGIN})
        try:
            return await self._answer(function, request)
        except (ValueError, LookupError, TypeError) as error:
            log.warning("the body is not what Event Grid sends: %r", error)
            return Response(status_code=500)

    async def _answer(self, function: Function, request: Request) -> Response:
        """Raises ValueError, LookupError or TypeError when the body cannot be read."""
        match request.headers.get("aeg-event-type", "").lower():
            case "subscriptionvalidation":
                code = _validation_code(json.loads(await request.body()))
                return PlainTextResponse(json.dumps({"validationResponse": code}))
            case "notification":
                return await self._deliver(function, _events(json.loads(await request.body())))
            case "unsubscribe":
                return Response(status_code=202)
            case _:
                return Response(status_code=400)

    def _functions(self) -> list[Function]:
        return self._catalog.with_trigger(EVENT_GRID)

    async def _deliver(self, function: Function, events: list[Json]) -> Response:
        """Each event by itself, all at once; if one fails Event Grid sends all of them again."""
        with self._engine.hold():
            results = await asyncio.gather(
                *(self._invoke(function, event) for event in events), return_exceptions=True
            )
        failed = next((each for each in results if isinstance(each, BaseException)), None)
        return Response(status_code=202) if failed is None else PlainTextResponse(str(failed), 500)

    async def _invoke(self, function: Function, event: Json) -> None:
        future = self._worker.call(function, Datum(json.dumps(event), "json"))
        await asyncio.wrap_future(future)


def _events(body: Any) -> list[Json]:
    """Raises TypeError when one of them is not an object."""
    events: list[Any] = body if isinstance(body, list) else [body]  # pyright: ignore[reportUnknownVariableType]
    wrong = [event for event in events if not isinstance(event, dict)]
    if wrong:
        raise TypeError(f"{wrong[0]!r} is no event")
    return events


def _validation_code(body: Any) -> str:
    """From the array of the Event Grid schema, or from a CloudEvent, whose data is JSON text."""
    if isinstance(body, list):
        return body[0]["data"]["validationCode"]  # pyright: ignore[reportUnknownVariableType]
    data = body["data"]
    return (json.loads(data) if isinstance(data, str) else data)["validationCode"]
