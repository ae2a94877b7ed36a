"""The answer to a request that is hit by a fault which rewrites it."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.arm.base import ArmError, Json, is_object
from local.arm.model import Rewrite


def rewritten(app: ASGIApp, fault: Rewrite) -> ASGIApp:
    """Serves one request with the answer that the fault makes of it."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        own = _Answer()
        if fault.needs_answer(scope["method"]):
            await app(scope, receive, own.keep)
        await _response(own, fault)(scope, receive, send)

    return serve


@dataclass
class _Answer:
    """An answer that has not been sent; at first an empty 200."""

    status: int = HTTPStatus.OK
    headers: MutableHeaders = field(default_factory=MutableHeaders)
    body: bytes = b""

    async def keep(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = MutableHeaders(raw=list(message["headers"]))
        else:
            self.body += message.get("body", b"")


def _response(own: _Answer, fault: Rewrite) -> Response:
    status = fault.status or own.status
    headers = MutableHeaders(raw=list(own.headers.raw))
    del headers["content-length"]
    headers.setdefault("content-type", "application/json; charset=utf-8")
    for name, value in fault.headers.items():
        if value is None:
            del headers[name]
        else:
            headers[name] = value
    return Response(_body(own, fault, status), status, dict(headers))


def _body(own: _Answer, fault: Rewrite, status: int) -> bytes:
    if fault.has_body:
        return orjson.dumps(fault.body)
    if status >= HTTPStatus.BAD_REQUEST and status != own.status:
        return orjson.dumps(_error(status).body)
    if not own.body or not (fault.patch or fault.instances):
        return own.body
    return orjson.dumps(_with_instances(_merged(orjson.loads(own.body), fault.patch), fault))


def _error(status: int) -> ArmError:
    phrase = HTTPStatus(status).phrase
    return ArmError(status, phrase.title().replace(" ", ""), f"{phrase}: an answer made by a fault")


def _with_instances(body: Any, fault: Rewrite) -> Any:
    if not fault.instances or not is_object(body):
        return body
    rows: list[Json] = body.get("value", [])
    changed = [_merged(row, fault.instances.get(_id(row), {})) for row in rows]
    return body | {"value": [row for row in changed if row is not None]}


def _id(row: Json) -> str:
    return str(row.get("instanceId") or row.get("name"))


def _merged(base: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396): null takes away, objects merge, all else replaces."""
    if not is_object(patch):
        return patch
    kept = base if is_object(base) else {}
    changed = {name: _merged(kept.get(name), value) for name, value in patch.items()}
    return {
        name: value
        for name, value in (kept | changed).items()
        if name not in patch or value is not None
    }
