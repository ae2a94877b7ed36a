"""The server before the app: what Kestrel and ASP.NET Core make of every request and answer.

Source: Kestrel's source (limits, path decoding) and ASP.NET Core routing; seen on the Functions
host (4.1037): 414 and 431, paths normalised before anything else, `%2F` and what is not UTF-8 left
as it is, no case in routes, an empty 404 without `Allow`, answers in chunks.
"""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote_to_bytes

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.base import at_home
from local.host.http import links
from local.host.http.admin import Admin

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]
LONGEST_LINE = 8 * 1024  # bytes of the request line, with its end
LARGEST_HEADERS = 32 * 1024  # bytes of all headers
SLASH = re.compile(rb"%(?=2[Ff])")
BEYOND_UTF8 = re.compile("[\udc80-\udcff]")

_FOREIGN = (
    "This host serves programs and pages of this machine: call it as 127.0.0.1 or localhost, and "
    "not from a page of another site."
)

type Endpoint = Callable[[Request], Awaitable[Response]]


def new_application() -> Starlette:
    """An application without routes yet."""
    return Starlette(
        middleware=[Middleware(Kestrel)], exception_handlers={HTTPException: _nothing_there}
    )


def served(
    management: Endpoint, event_grid: Endpoint, functions: Endpoint, admin: Admin
) -> list[Route]:
    """Everything that is served."""
    return [
        AnyCase(f"{links.WEBHOOK}/{{path:path}}", management, methods=METHODS),
        AnyCase(f"{links.RPC}/{{path:path}}", management, methods=METHODS),
        AnyCase("/runtime/webhooks/eventgrid", event_grid, methods=METHODS),
        AnyCase("/admin/host/status", admin.status),
        AnyCase("/admin/host/ping", admin.ping, methods=["GET", "POST"]),
        AnyCase("/admin/functions", admin.functions),
        AnyCase("/admin/functions/{name}", admin.function),
        AnyCase("/admin/functions/{name}", admin.run, methods=["POST"]),
        Route("/{path:path}", functions, methods=METHODS),
    ]


class AnyCase(Route):
    """A route whose path is found in any case."""

    def __init__(self, path: str, endpoint: Endpoint, *, methods: list[str] | None = None) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


class Kestrel:
    """Refuses what is too long or comes from a foreign page, normalises the path, and answers in
    chunks.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = _refusal(scope)
        if refused is not None:
            closed = Response(status_code=refused, headers={"connection": "close"})
            await closed(scope, receive, send)
            return
        if not at_home(scope["headers"]):
            foreign = PlainTextResponse(_FOREIGN, 403, headers={"connection": "close"})
            await foreign(scope, receive, send)
            return
        path = without_dots(decoded(scope["raw_path"]))
        await self._app({**scope, "path": path}, receive, _chunked(scope, send))


def decoded(path: bytes) -> str:
    """A path without its percent signs, but for `%2F` and what is not UTF-8."""
    text = unquote_to_bytes(SLASH.sub(b"%25", path)).decode(errors="surrogateescape")
    return BEYOND_UTF8.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def without_dots(path: str) -> str:
    """A path in which `.` and `..` have been followed, as RFC 3986 does in 5.2.4."""
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return f"/{'/'.join(kept)}"


def _refusal(scope: Scope) -> int | None:
    target = scope["raw_path"] + b"?" * bool(scope["query_string"]) + scope["query_string"]
    if len(f"{scope['method']}  HTTP/1.1\r\n") + len(target) > LONGEST_LINE:
        return 414
    if sum(len(name) + len(value) + len(": \r\n") for name, value in scope["headers"]) > (
        LARGEST_HEADERS
    ):
        return 431
    return 400 if b"%00" in scope["raw_path"] else None


def _chunked(scope: Scope, send: Send) -> Send:
    """Answers with a body say nothing of its length."""
    held: list[Message] = []

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            held.append(message)
            return
        if held:
            start = held.pop()
            if message.get("body") and scope["method"] != "HEAD":
                start["headers"] = [each for each in start["headers"] if not _tells_length(each)]
            await send(start)
        await send(message)

    return sent


def _tells_length(header: tuple[bytes, bytes]) -> bool:
    return header[0].lower() == b"content-length"


async def _nothing_there(request: Request, error: Exception) -> Response:
    """An unknown path or method: 404, without a word, and without `Allow`."""
    del request, error
    return Response(status_code=404)
