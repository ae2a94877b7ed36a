"""An endpoint of events: keeps what it is sent, and answers what it is told to answer."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.base.server import Server

type Json = dict[str, Any]


@dataclass
class Inbox:
    """`answers` are given to the next notifications, 202 to those after."""

    url: str = ""
    answers: list[int] = field(default_factory=list[int])
    agrees: bool = True
    """Whether it answers the handshake as it should."""
    allowed: str = "*"
    """What it says to OPTIONS."""
    bodies: list[Any] = field(default_factory=list[Any])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    @property
    def events(self) -> list[Json]:
        """Whether they came as an array of one or alone."""
        return [body[0] if isinstance(body, list) else body for body in self.bodies]

    def reset(self) -> None:
        """As new, at the same address."""
        vars(self).update(vars(Inbox(self.url)))

    async def serve(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(headers={"WebHook-Allowed-Origin": self.allowed})
        body = json.loads(await request.body())
        if request.headers["aeg-event-type"] == "SubscriptionValidation":
            code = _code(body) if self.agrees else "no"
            return JSONResponse({"validationResponse": code})
        self.headers.append(dict(request.headers))
        self.bodies.append(body)
        return Response(status_code=self.answers.pop(0) if self.answers else 202)


@contextmanager
def inbox() -> Generator[Inbox]:
    """Serve one on loopback."""
    box = Inbox()
    routes = [Route("/events", box.serve, methods=["POST", "OPTIONS"])]
    with Server(Starlette(routes=routes)) as server:
        box.url = f"{server.url}/events"
        yield box


def _code(body: Any) -> str:
    if "specversion" in body:
        return json.loads(body["data"])["validationCode"]
    return body[0]["data"]["validationCode"]
