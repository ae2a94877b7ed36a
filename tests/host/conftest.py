"""Hosts on the sample apps, and a client of Durable's management API."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.clock import Clock, ManualClock
from local.host.host import Host

APPS = Path(__file__).parent / "apps"


class Running:
    """A host with what tests do to it. Paths are below Durable's webhook."""

    def __init__(self, host: Host, clock: Clock) -> None:
        self.host = host
        self.clock = clock
        self.web = httpx.Client(base_url=host.url, timeout=10)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.web.request(method, f"/runtime/webhooks/durabletask/{path}", **more)

    def start(self, name: str, instance: str, payload: Any = None) -> httpx.Response:
        body = {} if payload is None else {"json": payload}
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


@pytest.fixture
def run_host(tmp_path: Path) -> Iterator[RunHost]:
    """Starts hosts: `run_host(app, skip=…, clock=…, state=…)`; all are stopped with the test."""
    with ExitStack() as hosts:

        def start(
            app: str = "rules",
            *,
            skip: bool = True,
            clock: Clock | None = None,
            state: str = "state",
        ) -> Running:
            chosen = clock or ManualClock()
            host = Host(APPS / app, tmp_path / state, chosen, skip=skip)
            running = Running(hosts.enter_context(host), chosen)
            hosts.callback(running.web.close)
            return running

        yield start


@pytest.fixture
def skipping(run_host: RunHost) -> Running:
    """The rules app in skipped time."""
    return run_host()


@pytest.fixture
def by_hand(run_host: RunHost) -> Running:
    """The rules app, its clock moved by hand."""
    return run_host(skip=False)


@pytest.fixture
def doors(run_host: RunHost) -> Running:
    """The app of HTTP and Event Grid doors, in skipped time."""
    return run_host("doors")
