"""Durable's management API: under its webhook for people, under the RPC base for the SDK's client.

Source: Durable extension source (HTTP API handler) and the calls the SDK's client makes.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.app import ORCHESTRATION, Catalog
from local.host.engine import (
    AlreadyExists,
    Engine,
    InstanceIsOver,
    NoSuchInstance,
    NotAllowed,
    Orchestrations,
)
from local.host.http.call import BadRequest, Call, call_of, empty, failure, message
from local.host.http.entity_calls import EntityCalls
from local.host.http.links import management_urls
from local.host.http.status import history_body, parsed, status_body
from local.host.store import Database, Instance, Status, instances

PAGE = 100
TOKEN = "x-ms-continuation-token"  # noqa: S105 - a page's, not a secret

NOT_THERE: dict[type[Exception], int] = {NoSuchInstance: 404, InstanceIsOver: 410}
FAILURES: dict[type[Exception], tuple[int, str]] = {
    ValueError: (400, "System.ArgumentException"),
    AlreadyExists: (500, "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException"),
    NotAllowed: (500, "System.InvalidOperationException"),
}

type Handler = Callable[..., Response | Awaitable[Response]]


class Management:
    """Answers the API's calls. An ASGI endpoint: `handle`."""

    def __init__(
        self,
        db: Database,
        engine: Engine,
        orchestrations: Orchestrations,
        catalog: Catalog,
        task_hub: str,
    ) -> None:
        self._db = db
        self._engine = engine
        self._orchestrations = orchestrations
        self._catalog = catalog
        self._task_hub = task_hub
        entity = EntityCalls(db, catalog)
        self._table: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, _pattern(template), handler)
            for method, template, handler in (
                ("POST", "orchestrators/{name}", self._start),
                ("POST", "orchestrators/{name}/{instance}", self._start),
                ("GET", "instances", self._list),
                ("DELETE", "instances", self._purge_many),
                ("GET", "instances/{instance}", self._status),
                ("DELETE", "instances/{instance}", self._purge),
                ("POST", "instances/{instance}/raiseEvent/{event}", self._raise_event),
                ("POST", "instances/{instance}/terminate", partial(self._do, "terminate")),
                ("POST", "instances/{instance}/suspend", partial(self._do, "suspend")),
                ("POST", "instances/{instance}/resume", partial(self._do, "resume")),
                ("POST", "instances/{instance}/restart", self._restart),
                ("POST", "instances/{instance}/rewind", self._rewind),
                ("GET", "entities", entity.list),
                ("GET", "entities/{name}", entity.list),
                ("GET", "entities/{name}/{key}", entity.read),
                ("POST", "entities/{name}/{key}", entity.signal),
                ("DELETE", "entities/{name}/{key}", entity.delete),
            )
        ]

    async def handle(self, request: Request) -> Response:
        call = await call_of(request)
        for method, pattern, handler in self._table:
            found = pattern.fullmatch(call.path)
            if found is not None and method == call.method:
                return await _answer(partial(handler, call, **found.groupdict()))
        return empty(404)

    async def _start(self, call: Call, name: str, instance: str | None = None) -> Response:
        if self._catalog.find(ORCHESTRATION, name) is None:
            raise ValueError(_unknown(name, self._catalog))
        version = call.text("version") or None
        chosen = self._orchestrations.start(name, _input(call), instance, version)
        return await self._started(call, chosen)

    async def _started(self, call: Call, instance: str) -> Response:
        """Check-status at once; with timeout and pollingInterval (real seconds), wait for it."""
        timeout, interval = call.number("timeout"), call.number("pollingInterval")
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
        return _with_status(call, instance, status_body(instance, show_input=True))

    def _check_status(self, call: Call, instance: str) -> Response:
        urls = management_urls(call.origin, self._task_hub, instance)
        del urls["rewindPostUri"]  # the extension's own answer leaves it out
        headers = {"Location": urls["statusQueryGetUri"], "Retry-After": "10"}
        return JSONResponse(urls, 202, headers)

    def _status(self, call: Call, instance: str) -> Response:
        found = self._found(instance)
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
        found = self._matching(call)
        start = int(call.headers.get(TOKEN) or 0)
        top = int(call.number("top") or PAGE)
        page = found[start : start + top]
        more = str(start + top) if start + top < len(found) else ""
        show_input = call.flag("showInput", default=True)
        bodies = [status_body(each, show_input=show_input) for each in page]
        return JSONResponse(bodies, headers={TOKEN: more})

    def _matching(self, call: Call) -> list[Instance]:
        prefix = call.text("instanceIdPrefix")
        wanted = _statuses(call)
        first, last = call.moment("createdTimeFrom"), call.moment("createdTimeTo")
        return [
            each
            for each in instances.all_of(self._db)
            if each.id.startswith(prefix)
            and (not wanted or each.runtime_status in wanted)
            and (first is None or each.created >= first)
            and (last is None or each.created <= last)
        ]

    def _raise_event(self, call: Call, instance: str, event: str) -> Response:
        if not self._found(instance).live:
            raise InstanceIsOver(instance)
        if not call.headers.get("content-type", "").lower().startswith("application/json"):
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
            raise BadRequest(text) from error
        return await self._started(call, chosen)

    def _rewind(self, call: Call, instance: str) -> Response:
        """Azure rewinds failed instances; the local host says that it does not."""
        del call
        found = self._found(instance)
        if found.live:
            raise NotAllowed(
                "The rewind operation is only supported on failed orchestration instances."
            )
        if found.status != Status.FAILED:
            raise InstanceIsOver(instance)
        raise NotAllowed("The local host does not rewind: restart the instance instead.")

    def _purge(self, call: Call, instance: str) -> Response:
        del call
        return _purged(self._orchestrations.purge(instance))

    def _purge_many(self, call: Call) -> Response:
        if call.moment("createdTimeFrom") is None:
            return JSONResponse("Please provide value for 'createdTimeFrom' parameter.", 400)
        found = self._matching(call)
        return _purged(sum(self._orchestrations.purge(each.id) for each in found))

    def _found(self, instance: str) -> Instance:
        found = instances.find(self._db, instance)
        if found is None:
            raise NoSuchInstance(instance)
        return found


async def _answer(handler: Callable[[], Response | Awaitable[Response]]) -> Response:
    try:
        answer = handler()
        return answer if isinstance(answer, Response) else await answer
    except BadRequest as error:
        return message(400, str(error))
    except tuple(NOT_THERE) as error:
        return empty(NOT_THERE[type(error)])
    except tuple(FAILURES) as error:
        return failure(*FAILURES[type(error)], error)


def _unknown(name: str, catalog: Catalog) -> str:
    known = ", ".join(f"'{each.called}'" for each in catalog.with_trigger(ORCHESTRATION))
    return (
        f"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function. "
        f"Additional info: The following are the known orchestrator functions: {known}."
    )


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), re.IGNORECASE)


def _input(call: Call) -> str | None:
    """A JSON string holds the input's JSON text (the SDK's client); other JSON is the input."""
    if not call.body:
        return None
    text = call.json_text()
    body = json.loads(text)
    return body if isinstance(body, str) else json.dumps(body)


def _statuses(call: Call) -> set[str]:
    """The statuses asked for; unknown names are ignored, as the extension does."""
    known = {status.lower(): status for status in Status}
    asked = (name.strip().lower() for name in call.text("runtimeStatus").split(","))
    return {known[name] for name in asked if name in known}


def _with_status(call: Call, instance: Instance, body: dict[str, object]) -> Response:
    failed = instance.status == Status.FAILED
    shown = call.flag("returnInternalServerErrorOnFailure", default=False)
    return JSONResponse(body, 500 if failed and shown else 200)


def _purged(count: int) -> Response:
    return JSONResponse({"instancesDeleted": count}) if count else empty(404)
