"""Durable's management API: under its webhook for people, under the RPC base for the SDK's client.

Source: Durable extension source (HTTP API handler, 2026) and the calls the SDK's client makes; seen
with the extension 3.19: 404 for another task hub.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.app import Catalog
from local.host.engine import (
    AlreadyExists,
    Engine,
    InstanceIsOver,
    NoSuchInstance,
    NotAllowed,
    Orchestrations,
)
from local.host.http import rows
from local.host.http.call import BadRequest, Call, call_of, empty, failure, message
from local.host.http.entity_calls import EntityCalls
from local.host.http.filters import list_filter
from local.host.http.links import CONNECTION, management_urls
from local.host.http.paging import PageRefused, Shorten, paging_of, whole
from local.host.http.purges import Purges
from local.host.http.rows import Row
from local.host.http.status import history_body, parsed, status_body
from local.host.store import Database, Instance, Status, instances

EXISTS = "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException"
NOT_THERE: dict[type[Exception], int] = {NoSuchInstance: 404, InstanceIsOver: 410}
SAID: dict[type[Exception], int] = {BadRequest: 400, AlreadyExists: 409}
FAILURES: dict[type[Exception], tuple[int, str]] = {
    ValueError: (400, "System.ArgumentException"),
    NotAllowed: (500, "System.InvalidOperationException"),
    PageRefused: (500, "Azure.RequestFailedException"),
}

type Handler = Callable[..., Response | Awaitable[Response]]


class Management:
    """Answers the API's calls. An ASGI endpoint: `handle`. `shorten` says how many rows a page of
    so many is given: Azure may give fewer than were asked for.
    """

    def __init__(
        self,
        db: Database,
        engine: Engine,
        orchestrations: Orchestrations,
        catalog: Catalog,
        task_hub: str,
        shorten: Shorten = whole,
    ) -> None:
        self._db = db
        self._engine = engine
        self._orchestrations = orchestrations
        self._task_hub = task_hub
        self._shorten = shorten
        entity = EntityCalls(db, catalog, shorten)
        purge = Purges(db)
        self._table: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, _pattern(template), handler)
            for method, template, handler in (
                ("POST", "orchestrators/{name}", self._start),
                ("POST", "orchestrators/{name}/{instance}", self._start),
                ("GET", "instances", self._list),
                ("DELETE", "instances", purge.by_filter),
                ("GET", "instances/{instance}", self._status),
                ("DELETE", "instances/{instance}", purge.by_id),
                ("POST", "instances/{instance}/raiseEvent/{event}", self._raise_event),
                ("POST", "instances/{instance}/terminate", partial(self._do, "terminate")),
                ("POST", "instances/{instance}/suspend", partial(self._do, "suspend")),
                ("POST", "instances/{instance}/resume", partial(self._do, "resume")),
                ("POST", "instances/{instance}/restart", self._restart),
                ("POST", "instances/{instance}/rewind", self._rewind),
                ("GET", "entities", entity.list),
                ("GET", "entities/{name}", entity.list),
                ("GET", "entities/{name}/{key}", entity.read),
                ("POST", "entities/{name}", entity.signal),
                ("POST", "entities/{name}/{key}", entity.signal),
                ("DELETE", "entities/{name}", entity.delete),
                ("DELETE", "entities/{name}/{key}", entity.delete),
            )
        ]

    async def handle(self, request: Request) -> Response:
        call = await call_of(request)
        if not _ours(call.text("taskHub"), self._task_hub):
            return empty(404)
        if not _ours(call.text("connection"), CONNECTION):
            missing = NotAllowed(f"The app has no connection {call.text('connection')!r}.")
            return failure(*FAILURES[NotAllowed], missing)
        for method, pattern, handler in self._table:
            found = pattern.fullmatch(call.path)
            if found is not None and method == call.method:
                return await _answer(partial(handler, call, **found.groupdict()))
        return empty(404)

    async def _start(self, call: Call, name: str, instance: str | None = None) -> Response:
        version = call.text("version") or None
        chosen = self._orchestrations.start(name, _input(call), instance, version)
        return await self._started(call, chosen)

    async def _started(self, call: Call, instance: str) -> Response:
        """Check-status at once; with timeout and pollingInterval (real seconds), wait for it."""
        timeout, interval = call.seconds("timeout"), call.seconds("pollingInterval")
        if timeout is None or interval is None:
            return self._check_status(call, instance)
        if interval > timeout:
            raise ValueError("Total timeout should be bigger than retry timeout")
        await asyncio.to_thread(self._engine.wait_until_over, instance, timeout)
        return self._waited(call, self._found(instance))

    def _waited(self, call: Call, instance: Instance) -> Response:
        if instance.live:
            return self._check_status(call, instance.id)
        if instance.status == Status.COMPLETED:
            return JSONResponse(parsed(instance.output))
        row = rows.of_instance(instance)
        return _with_status(call, row, status_body(row, show_input=True))

    def _check_status(self, call: Call, instance: str) -> Response:
        urls = management_urls(call.origin, self._task_hub, instance)
        del urls["rewindPostUri"]  # the extension's own answer leaves it out
        headers = {"Location": urls["statusQueryGetUri"], "Retry-After": "10"}
        return JSONResponse(urls, 202, headers)

    def _status(self, call: Call, instance: str) -> Response:
        found = rows.find(self._db, instance)
        if found is None:
            return empty(404)
        show_input = call.flag("showInput", default=True)
        history = None
        if call.flag("showHistory", default=False) and found.status != Status.PENDING:
            history = history_body(
                instances.history(self._db, instance),
                show_input=show_input,
                show_output=call.flag("showHistoryOutput", default=False),
            )
        body = status_body(found, show_input=show_input, history=history)
        if found.live:
            return JSONResponse(body, 202, {"Location": call.url, "Retry-After": "5"})
        return _with_status(call, found, body)

    def _list(self, call: Call) -> Response:
        """Raises BadRequest or PageRefused."""
        wanted, paging = list_filter(call), paging_of(call)
        found = [(row.id, row) for row in rows.all_of(self._db) if wanted.matches(row)]
        page, headers = paging.page(found, self._shorten)
        show_input = call.flag("showInput", default=True)
        bodies = [status_body(each, show_input=show_input) for each in page]
        return JSONResponse(bodies, headers=headers)

    def _raise_event(self, call: Call, instance: str, event: str) -> Response:
        if not self._found(instance).live:
            raise InstanceIsOver(instance)
        if not call.sends_json:
            raise BadRequest("Only application/json request content is supported")
        self._orchestrations.raise_event(instance, event, call.json_text())
        return empty(202)

    def _do(self, verb: str, call: Call, instance: str) -> Response:
        getattr(self._orchestrations, verb)(instance, call.text("reason"))
        return empty(202)

    async def _restart(self, call: Call, instance: str) -> Response:
        new_id = call.flag("restartWithNewInstanceId", default=True)
        try:
            chosen = self._orchestrations.restart(instance, new_id=new_id)
        except NoSuchInstance as error:
            text = "InstanceId does not match a valid orchestration instance."
            return failure(400, "System.ArgumentException", error, text)
        except AlreadyExists as error:
            text = "A non-terminal instance with this instance ID already exists."
            return failure(409, EXISTS, error, text)
        return await self._started(call, chosen)

    def _rewind(self, call: Call, instance: str) -> Response:
        """What Azure refuses is refused as there; what it would rewind is answered as a storage
        that cannot rewind is: the local host does not.
        """
        del call
        found = rows.find(self._db, instance)
        if found is None:
            text = f'No orchestration with instance ID "${instance}" found.'  # with Azure's "$"
            return JSONResponse(text, 404)
        if found.status != Status.FAILED:
            return JSONResponse(
                f"This orchestration has status {found.status}, but only orchestrations in the "
                '"Failed" state can be rewound.',
                412,
            )
        reason = NotAllowed("The local host does not rewind: restart the instance instead.")
        text = "Rewind is not supported by the underlying storage provider."
        return failure(501, "System.NotImplementedException", reason, text)

    def _found(self, instance: str) -> Instance:
        found = instances.find(self._db, instance)
        if found is None:
            raise NoSuchInstance(instance)
        return found


async def _answer(handler: Callable[[], Response | Awaitable[Response]]) -> Response:
    try:
        answer = handler()
        return answer if isinstance(answer, Response) else await answer
    except tuple(SAID) as error:
        return message(SAID[type(error)], str(error))
    except tuple(NOT_THERE) as error:
        return empty(NOT_THERE[type(error)])
    except tuple(FAILURES) as error:
        return failure(*FAILURES[type(error)], error)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), re.IGNORECASE)


def _ours(asked: str, name: str) -> bool:
    return not asked.strip() or asked.lower() == name.lower()


def _input(call: Call) -> str | None:
    """The input's JSON text: what is in a JSON string (so the SDK's client sends it), or an object.

    Raises BadRequest for a list, a number or a boolean: Azure starts the instance, whose
    `get_input()` then raises a TypeError.
    """
    if not call.body:
        return None
    body = json.loads(call.json_text())
    if isinstance(body, str):
        return body
    if body is not None and not isinstance(body, dict):
        raise BadRequest(
            "The body is a list, a number or a boolean. The local host refuses it; Azure starts "
            "the instance, and azure-functions-durable 1.x cannot read the input (TypeError in "
            "get_input). Send an object, or the input's JSON as a string."
        )
    return json.dumps(body)


def _with_status(call: Call, row: Row, body: dict[str, object]) -> Response:
    failed = row.status == Status.FAILED
    shown = call.flag("returnInternalServerErrorOnFailure", default=False)
    return JSONResponse(body, 500 if failed and shown else 200)
