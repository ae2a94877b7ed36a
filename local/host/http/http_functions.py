"""Serves the app's HTTP functions.

An exception in a function is an empty 500, as on Azure. Keys are not checked, as with Core Tools;
the level is kept in the function's binding.
"""

import asyncio
import logging
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

from azure.functions.meta import Datum
from starlette.requests import Request
from starlette.responses import Response

from local.host.app import Function, Worker
from local.host.engine import Engine
from local.host.http.routes import Routes

log = logging.getLogger("local.host")


class HttpFunctions:
    """An ASGI endpoint: `handle`."""

    def __init__(self, routes: Routes, worker: Worker, engine: Engine) -> None:
        self._routes = routes
        self._worker = worker
        self._engine = engine

    async def handle(self, request: Request) -> Response:
        raw_path: bytes = request.scope["raw_path"]
        found = self._routes.find(request.method, raw_path.decode())
        if found is None:
            return Response(status_code=404)
        function, parameters = found
        with self._engine.hold():
            return await self._invoke(function, await _datum(request, parameters))

    async def _invoke(self, function: Function, data: Datum) -> Response:
        try:
            value = await asyncio.wrap_future(self._worker.call(function, data))
        except Exception:
            log.exception("HTTP function %s failed", function.name)
            return Response(status_code=500)
        return _response(value)


async def _datum(request: Request, parameters: Mapping[str, str]) -> Datum:
    return Datum(
        {
            "method": Datum(request.method, "string"),
            "url": Datum(str(request.url), "string"),
            "headers": _strings(request.headers),
            "params": _strings(parameters),
            "query": _strings(request.query_params),
            "body": Datum(await request.body(), "bytes"),
        },
        "http",
    )


def _strings(values: Mapping[str, str]) -> dict[str, Datum]:
    return {name: Datum(value, "string") for name, value in values.items()}


def _response(value: Datum | None) -> Response:
    if value is None or value.value is None:
        return Response(status_code=204)
    if value.type != "http":
        return Response(value.value, media_type="text/plain")
    http: dict[str, Any] = value.value
    headers = {name: each.value for name, each in http["headers"].items()}
    response = Response(http["body"].value, int(http["status_code"].value), headers)
    for cookie in _cookies(http.get("cookies")):
        response.headers.append("set-cookie", cookie)
    return response


def _cookies(jars: list[SimpleCookie] | None) -> list[str]:
    return [morsel.OutputString() for jar in jars or [] for morsel in jar.values()]
