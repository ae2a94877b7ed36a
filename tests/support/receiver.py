"""A host of somebody else's on loopback: keeps what it is sent, and answers as it is to."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.base.server import Server


@dataclass
class Receiver:
    """`answers` are the statuses given to the next calls, 200 to those after; `headers` go with
    each answer. `answer`, if it is given, answers instead.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list[int])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    answer: Callable[[httpx.Request], httpx.Response] | None = None
    calls: list[httpx.Request] = field(default_factory=list[httpx.Request])
    answered: list[int] = field(default_factory=list[int])
    """The status given to each of the calls."""

    @property
    def bodies(self) -> list[Any]:
        """The JSON of what came, in the order in which it came."""
        return [httpx.Response(200, content=call.content).json() for call in self.calls]

    async def serve(self, request: Request) -> Response:
        call = httpx.Request(
            request.method,
            str(request.url),
            headers=request.headers.raw,
            content=await request.body(),
        )
        self.calls.append(call)
        if self.answer:
            said = self.answer(call)
            self.answered.append(said.status_code)
            return Response(said.content, said.status_code, dict(said.headers))
        status = self.answers.pop(0) if self.answers else 200
        self.answered.append(status)
        return Response("ok", status, self.headers)


@contextmanager
def receiving() -> Generator[Receiver]:
    """Serve it, whatever the path."""
    receiver = Receiver()
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    routes = [Route("/{path:path}", receiver.serve, methods=methods)]
    with Server(Starlette(routes=routes)) as server:
        receiver.url = server.url
        yield receiver
