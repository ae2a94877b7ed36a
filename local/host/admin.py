"""The few admin calls that people and tools use to look at a Functions host."""

import os

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.functions import HTTP, Catalog, Function


class Admin:
    """ASGI endpoints: `status`, `functions`."""

    def __init__(self, catalog: Catalog, route_prefix: str) -> None:
        self._catalog = catalog
        self._prefix = route_prefix

    async def status(self, request: Request) -> Response:
        """Whether the host runs, and as which process: a leftover one answers just as readily."""
        del request
        body = {"id": "local", "state": "Running", "version": "local", "processId": os.getpid()}
        return JSONResponse(body)

    async def functions(self, request: Request) -> Response:
        origin = f"{request.url.scheme}://{request.url.netloc}"
        return JSONResponse([self._shown(each, origin) for each in self._catalog.all])

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
