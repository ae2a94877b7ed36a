"""Serves the app's HTTP functions.

An exception in a function is an empty 500, as on Azure. Keys are not checked, as with Core Tools;
the level is kept in the function's binding. Seen on the Functions host (4.1037): names of headers
come in lower case, repeated headers and query names as one value with commas, query names without a
value not at all; at `/` stands a page of the platform's.
"""

import asyncio
import logging
import os
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

from azure.functions.meta import Datum
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from local.host.app import Function, Worker
from local.host.engine import Engine
from local.host.http.pairs import joined
from local.host.http.routes import Routes

log = logging.getLogger("local.host")


class HttpFunctions:
    """An ASGI endpoint: `handle`. `/` leads to the path `home`, if a function answers there."""

    def __init__(
        self, routes: Routes, worker: Worker, engine: Engine, home: str | None = None
    ) -> None:
        self._routes = routes
        self._home = home if home and routes.find("GET", home) else None
        self._worker = worker
        self._engine = engine

    async def handle(self, request: Request) -> Response:
        path: str = request.scope["path"]
        found = self._routes.find(request.method, path)
        if found is None:
            at_root = path == "/" and request.method == "GET"
            return self._at_root() if at_root else Response(status_code=404)
        function, parameters = found
        with self._engine.hold():
            return await self._invoke(function, await _datum(request, parameters))

    def _at_root(self) -> Response:
        return _platforms_page() if self._home is None else RedirectResponse(self._home, 302)

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
            "headers": _strings(joined(request.headers.items())),
            "params": _strings(parameters),
            "query": _strings(_query(request)),
            "body": Datum(await request.body(), "bytes"),
        },
        "http",
    )


def _query(request: Request) -> dict[str, str]:
    pairs = joined(request.query_params.multi_items())
    return {name: value for name, value in pairs.items() if value}


def _platforms_page() -> Response:
    """What anybody sees who opens the app's address, unless the setting takes it away."""
    environ = os.environ  # noqa: TID251 - an app setting, but one of the platform's
    if environ.get("AzureWebJobsDisableHomepage", "").lower() == "true":
        return Response(status_code=404)
    return HTMLResponse("<title>Your Functions app is up and running</title>")


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
