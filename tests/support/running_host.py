"""A local host that runs a sample app."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from local.base.clock import Clock
from local.host.host import Host

APPS = Path(__file__).parents[1] / "host" / "apps"


class Running:
    """A host with what tests do to it. Paths are below Durable's webhook."""

    def __init__(self, host: Host, clock: Clock) -> None:
        self.host = host
        self.clock = clock
        self.web = httpx.Client(base_url=host.url, timeout=10)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.web.request(method, f"/runtime/webhooks/durabletask/{path}", **more)

    def start(self, name: str, instance: str, payload: Any = None) -> httpx.Response:
        """As the SDK's client does: the input's JSON as a JSON string."""
        body = {} if payload is None else {"json": json.dumps(payload)}
        return self.call("POST", f"orchestrators/{name}/{instance}", **body)

    def status(self, instance: str, query: str = "") -> dict[str, Any]:
        return self.call("GET", f"instances/{instance}?{query}").json()

    def run(self, name: str, payload: Any = None, instance: str = "it") -> dict[str, Any]:
        """Start an instance, let it go as far as it goes, and answer its status."""
        assert self.start(name, instance, payload).status_code == 202
        self.host.wait_idle()
        return self.status(instance)

    def do(self, verb: str, instance: str = "it", reason: str = "because") -> int:
        return self.call("POST", f"instances/{instance}/{verb}?reason={reason}").status_code

    def send(self, event: str, payload: Any = None, instance: str = "it") -> int:
        path = f"instances/{instance}/raiseEvent/{event}"
        return self.call("POST", path, json=payload).status_code


type RunHost = Callable[..., Running]
