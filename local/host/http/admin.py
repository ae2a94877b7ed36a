"""The few admin calls that people and tools use: look at a Functions host, and run a function."""

import os

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from local.host.app import HTTP, TIMER, Catalog, Function
from local.host.engine import Timers


class Admin:
    """ASGI endpoints: `status`, `ping`, `functions`, `function`, `run`."""

    def __init__(self, catalog: Catalog, route_prefix: str, timers: Timers) -> None:
        self._catalog = catalog
        self._prefix = route_prefix
        self._timers = timers

    async def status(self, request: Request) -> Response:
        """That the host runs, and its process id: a leftover host would answer in the same way."""
        del request
        body = {"id": "local", "state": "Running", "version": "local", "processId": os.getpid()}
        return JSONResponse(body)

    async def ping(self, request: Request) -> Response:
        del request
        return Response()

    async def functions(self, request: Request) -> Response:
        origin = _origin(request)
        return JSONResponse([self._shown(each, origin) for each in self._catalog.all])

    async def function(self, request: Request) -> Response:
        found = self._named(request)
        return (
            Response(status_code=404)
            if found is None
            else JSONResponse(self._shown(found, _origin(request)))
        )

    async def run(self, request: Request) -> Response:
        """Run a timer function now: 202, and it runs; whatever its schedule says.

        Azure's `POST /admin/functions/{name}`, which takes the master key there, and only JSON (415
        without its content type), and runs functions of other triggers with the body's `input`.
        Here those have addresses of their own.
        """
        function = self._named(request)
        if function is None:
            return Response(status_code=404)
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            return Response(status_code=415)
        if function.trigger != TIMER:
            return PlainTextResponse(
                f"The local host runs timer functions this way; {function.name} has a "
                f"{function.trigger}.",
                400,
            )
        self._timers.start(function)
        return Response(status_code=202)

    def _named(self, request: Request) -> Function | None:
        name = request.path_params["name"].lower()
        return next((each for each in self._catalog.all if each.name.lower() == name), None)

    def _shown(self, function: Function, origin: str) -> dict[str, object]:
        route = function.binding.get("route") or function.name
        url = f"{origin}/{self._prefix}/{route}" if function.trigger == HTTP else None
        return {
            "name": function.name,
            "language": "python",
            "isDisabled": False,
            "invoke_url_template": url,
            "config": {"bindings": [dict(function.binding)]},
        }


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
