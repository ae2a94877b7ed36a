"""A host that gates ask: it answers what it is told to, and keeps what it was asked."""

import asyncio
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.base.server import Server

type Json = dict[str, Any]

YES, NO, BUSY = (200, {"ok": True}), (200, {"ok": False}), (503, "busy")
ALLOWS_LOOPBACK = ("ROLLOUT_OUTBOUND", "127.0.0.0/8")


class Asked(NamedTuple):
    """One call that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class AskedHost:
    """`answers` are given to the next calls of a path, the last one to all after."""

    url: str = ""
    answers: dict[str, list[tuple[int, Any]]] = field(
        default_factory=dict[str, list[tuple[int, Any]]]
    )
    asked: list[Asked] = field(default_factory=list[Asked])
    answered: list[int] = field(default_factory=list[int])
    """The status of each answer."""
    says_back: Json | Callable[[str], Json | None] | None = None
    """What it answers, at once, at the address in the field `callback` of what it was asked; by the
    path at which it was asked, and None says nothing.
    """
    said_back: dict[int, tuple[Json, int]] = field(default_factory=dict[int, tuple[Json, int]])
    """What it has said to the calls with these numbers, and with which status that was taken."""
    meanwhile: Callable[[], object] | None = None
    """What somebody does, once, while it thinks about its next answer."""

    def says(self, path: str, *answers: tuple[int, Any]) -> str:
        """Answer so at that path: its URL."""
        self.answers[path] = list(answers)
        return f"{self.url}{path}"

    def times(self, path: str) -> int:
        """How often that path was asked."""
        return sum(each.path == path for each in self.asked)

    def forget(self) -> None:
        """What was asked so far."""
        self.asked.clear()
        self.answered.clear()
        self.said_back.clear()

    async def serve(self, request: Request) -> Response:
        raw, path = await request.body(), request.url.path
        body = json.loads(raw) if raw else None
        number = len(self.asked)
        self.asked.append(Asked(request.method, path, dict(request.headers), body))
        if doing := self.meanwhile:
            self.meanwhile = None
            await asyncio.to_thread(doing)
        says = self.says_back(path) if callable(self.says_back) else self.says_back
        if says and body and "callback" in body:
            async with httpx.AsyncClient() as client:
                taken = await client.post(body["callback"], json=says)
            self.said_back[number] = (says, taken.status_code)
        left = self.answers.get(path, [YES])
        status, answer = left.pop(0) if len(left) > 1 else left[0]
        self.answered.append(status)
        return Response(json.dumps(answer), status, media_type="application/json")


@contextmanager
def answering() -> Generator[AskedHost]:
    """Serve one on loopback."""
    host = AskedHost()
    methods = ["GET", "POST", "PUT", "HEAD"]
    routes = [Route("/{path:path}", host.serve, methods=methods)]
    with Server(Starlette(routes=routes)) as server:
        host.url = server.url
        yield host
