"""The simulator's own page, for people: `GET /`, and the files that it loads.

It asks and says everything by the controls under /_sim.
"""

from functools import cache
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from local.arm.http.problem import problem

_FOLDER = Path(__file__).resolve().parents[1] / "page"
_INDEX = "index.html"
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page_routes() -> list[Route]:
    return [Route("/", _page), Route("/_sim/page/{file}", _file)]


def is_page(scope: Scope) -> bool:
    """Whether the page is asked for: ARM has nothing at its root."""
    return scope["path"] == "/" and scope["method"] in {"GET", "HEAD"}


@cache
def _files() -> dict[str, bytes]:
    found = (path for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES)
    return {path.name: path.read_bytes() for path in found}


async def _page(request: Request) -> Response:
    del request
    return _sent(_INDEX)


async def _file(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in _files():
        return problem(HTTPStatus.NOT_FOUND, f"The page has no file {name!r}: open GET /.")
    return _sent(name)


def _sent(name: str) -> Response:
    return Response(_files()[name], headers=_HEADERS, media_type=_TYPES[Path(name).suffix])
