"""What every ARM request passes first: the log, ARM's own checks, the declared faults."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from math import ceil

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.arm.http import identity_route, sim_routes
from local.arm.http.arm_checks import refusal_of_place, refusal_of_request
from local.arm.http.arm_routes import canonical
from local.arm.http.faulty_answer import LEFT, drop_connection, faulty_answer, left_in, throttled
from local.arm.http.page import is_page
from local.arm.http.problem import problem
from local.arm.http.rewriting import rewritten
from local.arm.model import (
    AnswerFault,
    Azure,
    DropConnection,
    RequestLog,
    Rewrite,
    Served,
    ServerError,
    Taken,
)
from local.base import at_home

_OWN = (sim_routes.PREFIX, identity_route.PREFIX)
_FOREIGN = (
    "The simulated Azure serves programs and pages of this machine: call it as 127.0.0.1 or "
    "localhost, and not from a page of another site."
)


@dataclass(frozen=True)
class _LoggedSend:
    """Writes an answer into the log before it passes it on: who has the answer finds it there."""

    send: Send
    log: RequestLog
    at: datetime
    method: str
    path: str
    taken: Taken | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.note(message["status"])
            message = {**message, "headers": [*message["headers"], *self._added(message)]}
        await self.send(message)

    def _added(self, message: Message) -> Iterator[tuple[bytes, bytes]]:
        """The time by Azure's clock; and what is left of the budget, unless that was said."""
        yield b"date", format_datetime(self.at.astimezone(UTC), usegmt=True).encode()
        said = {name.lower() for name, _ in message["headers"]}
        if self.taken and LEFT.encode() not in said:
            yield LEFT.encode(), left_in(self.taken.left).encode()

    def note(self, status: int | None) -> None:
        self.log.add(Served(self.at, self.method, self.path, status))


class Gateway:
    """Middleware in front of all ARM routes; it lets the simulator's own routes pass. Whatever a
    page of another site sends is refused.
    """

    def __init__(self, app: ASGIApp, azure: Azure) -> None:
        self._app = app
        self._azure = azure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not at_home(scope["headers"]):
            await problem(HTTPStatus.FORBIDDEN, _FOREIGN)(scope, receive, send)
            return
        if scope["path"].startswith(_OWN) or is_page(scope):
            await self._app(scope, receive, send)
            return
        at, log, path = self._azure.clock.now(), self._azure.requests, canonical(scope["path"])
        taken = self._azure.buckets.take(scope["method"], path, at)
        logged = _LoggedSend(send, log, at, scope["method"], scope["path"], taken)
        await self._admit({**scope, "path": path}, receive, logged)

    async def _admit(self, scope: Scope, receive: Receive, send: _LoggedSend) -> None:
        if refusal := refusal_of_request(scope) or self._beyond_budget(send):
            await refusal(scope, receive, send)
            return
        counting = self._azure.faults.count_answers
        with self._azure.changing() if counting else self._azure.settled() as now:
            fault = self._azure.faults.answer_fault(scope["method"], scope["path"])
            nowhere = None if fault else refusal_of_place(scope, self._azure)
        if nowhere:
            await nowhere(scope, receive, send)
            return
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._fail(fault, now, scope, receive, send)

    def _beyond_budget(self, send: _LoggedSend) -> Response | None:
        taken = send.taken
        if taken is None or not taken.wait or not self._azure.buckets.enforced:
            return None
        return throttled(ceil(taken.wait), send.at, taken.bucket)

    async def _fail(
        self, fault: AnswerFault, now: datetime, scope: Scope, receive: Receive, send: _LoggedSend
    ) -> None:
        if isinstance(fault, Rewrite):
            await rewritten(self._app, fault)(scope, receive, send)
            return
        if isinstance(fault, ServerError | DropConnection) and fault.after:
            await self._app(scope, receive, _nowhere)
        if isinstance(fault, DropConnection):
            send.note(None)
            await drop_connection(receive)
        else:
            await faulty_answer(fault, scope["method"], scope["path"], now)(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    """Drops the answer that a fault replaces."""
