"""Hosts on the sample apps, and a client of Durable's management API."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from running_host import APPS, RunHost, Running

from local.base.clock import Clock, ManualClock
from local.host.host import Host
from local.host.store import AsAzure


@pytest.fixture
def run_host(tmp_path: Path) -> Iterator[RunHost]:
    """Starts hosts: `run_host(app, skip=…, clock=…, state=…, as_azure=…)`; all are stopped with the
    test.
    """
    with ExitStack() as hosts:

        def start(
            app: str = "rules",
            *,
            skip: bool = True,
            clock: Clock | None = None,
            state: str = "state",
            as_azure: AsAzure | None = None,
        ) -> Running:
            chosen = clock or ManualClock()
            host = Host(APPS / app, tmp_path / state, chosen, skip=skip, as_azure=as_azure)
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
def web_app(run_host: RunHost) -> Running:
    """The app of HTTP and Event Grid functions, in skipped time."""
    return run_host("web")


@pytest.fixture
def chances(run_host: RunHost) -> Running:
    """The app on which Azure's chances show, on a host without any, its clock moved by hand."""
    return run_host("chances", skip=False)
