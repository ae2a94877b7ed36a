"""One ARM request, read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from local.arm.base import (
    ArmError,
    Json,
    bad_request,
    entity_not_found,
    is_object,
    precondition_failed,
)
from local.arm.bodies import quoted
from local.arm.model import Azure, Instance, ScaleSet
from local.arm.monitor import Monitor

type Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Call:
    """A request at one moment, with the simulation it is made to."""

    azure: Azure
    now: datetime
    request: Request
    raw_body: bytes

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return self.request.path_params[name]

    def query(self, name: str) -> str:
        """A parameter of the query, whose names have no case; empty when absent."""
        return next(
            (value for key, value in self.request.query_params.items() if key.lower() == name), ""
        )

    @property
    def monitor(self) -> Monitor:
        return self.azure.monitor

    @property
    def base(self) -> str:
        """Scheme and host as the caller knows them, for links in answers."""
        url = self.request.url
        return f"{url.scheme}://{url.netloc}"

    @property
    def api_version(self) -> str:
        return self.query("api-version")

    @property
    def body(self) -> Json:
        """The JSON object sent. Raises ArmError when it is none."""
        try:
            body: Any = orjson.loads(self.raw_body)
        except orjson.JSONDecodeError as error:
            raise _unreadable(str(error)) from error
        if not is_object(body):
            raise _unreadable("an object is expected")
        return body

    @cached_property
    def scale_set(self) -> ScaleSet:
        """The set the path names. Raises ArmError when there is none."""
        return self.azure.scale_set(self.path("subscription"), self.path("group"), self.path("set"))

    @property
    def instance(self) -> Instance:
        """The VM the path names. Raises ArmError when there is none."""
        found = self.scale_set.instance(self.path("instance"))
        if found is None:
            raise entity_not_found()
        return found

    def require_match(self, etag: int) -> None:
        """Raises ArmError when If-Match names another version."""
        wanted = self.request.headers.get("if-match", "*")
        if wanted not in {"*", quoted(etag)}:
            raise precondition_failed(wanted, quoted(etag))


def endpoint(azure: Azure, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Serve a handler: each call sees the simulation held still at one moment."""

    async def serve(request: Request) -> Response:
        raw_body = await request.body()
        held = azure.settled if request.method == "GET" else azure.changing
        with held() as now:
            return handler(Call(azure, now, request, raw_body))

    return serve


def _unreadable(why: str) -> ArmError:
    return bad_request(f"The request content was invalid and could not be deserialized: {why}.")
