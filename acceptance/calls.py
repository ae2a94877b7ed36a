"""JSON over HTTP that outlives an outage: what is not answered is asked again, for a while."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Self, cast

import httpx

type Json = dict[str, Any]

_PAUSE_SECONDS = 1.0
_PATIENCE_SECONDS = 60.0
_SERVER_ERROR = 500
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class NoAnswer(Exception):  # noqa: N818 - an answer that did not come is no error of ours
    """Nothing but silence and 5xx for as long as an outage may take."""


@dataclass(frozen=True)
class Answer:
    """`body` is the JSON of the answer, or its text if it has none. `asked` counts how often the
    request was sent: the answers to all but the last were lost, or 5xx.
    """

    status: int
    body: Any
    asked: int = 1

    @property
    def rollout_id(self) -> str | None:
        """The rollout that a problem names."""
        return self._field("rolloutId")

    @property
    def title(self) -> str | None:
        """Of a problem."""
        return self._field("title")

    @property
    def summary(self) -> str:
        """The status, with the title of a problem."""
        again = f" (asked {self.asked} times)" if self.asked > 1 else ""
        return f"{self.status}{f' {self.title!r}' if self.title else ''}{again}"

    def _field(self, name: str) -> Any:
        return self.fields.get(name)

    @property
    def fields(self) -> Json:
        """The body if it is an object; else empty."""
        body: object = self.body
        return cast("Json", body) if isinstance(body, dict) else {}


class Calls:
    """Everything under one base URL; an async context manager.

    `outage` is for how many real seconds a request is sent again while it is answered with 5xx or
    not at all. All requests of the API may be sent twice: a start has an id, a verb that was heard
    changes nothing.
    """

    def __init__(self, base_url: str, outage: float, headers: dict[str, str] | None = None) -> None:
        self.base_url = base_url
        self._outage = outage
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers=headers,
            timeout=_PATIENCE_SECONDS,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
            trust_env=httpx.URL(base_url).host not in _LOOPBACK,
        )

    async def get(self, path: str, **query: str) -> Answer:
        return await self.send("GET", path, params=query)

    async def post(self, path: str, body: object = None) -> Answer:
        return await self.send("POST", path, json=body)

    async def send(self, method: str, path: str, **content: Any) -> Answer:
        """Raises NoAnswer when the outage lasts too long."""
        began, asked, failure = time.monotonic(), 0, ""
        while not asked or time.monotonic() - began < self._outage:
            asked += 1
            try:
                response = await self._http.request(method, path, **content)
            except httpx.TransportError as error:
                failure = repr(error)
            else:
                if response.status_code < _SERVER_ERROR:
                    return Answer(response.status_code, _body(response), asked)
                failure = f"{response.status_code} {response.text[:200]}"
            await asyncio.sleep(_PAUSE_SECONDS)
        raise NoAnswer(f"{method} {path}: {failure}, for {self._outage:g} s")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()


def _body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text
