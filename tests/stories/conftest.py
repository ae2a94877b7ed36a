"""The whole system in one process, in skipped time: the app, the real SDK, the simulated Azure."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from story import NEW, PLATFORM, System

from local.arm.app import create_app
from local.arm.model.azure import Azure
from local.clock import ManualClock
from local.host.host import Host
from local.server import Server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for all stories of a worker: starting it costs more than a story."""
    clock = ManualClock()
    with Server(create_app(Azure(clock))) as arm:
        os.environ.update(
            ARM_ENDPOINT=arm.url,
            IDENTITY_ENDPOINT=f"{arm.url}/msi/token",
            IDENTITY_HEADER="local",
        )
        state = tmp_path_factory.mktemp("state")
        with (
            Host(ROOT, state, clock) as host,
            httpx.Client(base_url=host.url, timeout=60) as api,
            httpx.Client(base_url=arm.url, timeout=60) as azure,
        ):
            yield System(api, azure, clock, host)


@pytest.fixture
def system(running: System) -> Iterator[System]:
    """The system, with no faults left over and an empty list of requests."""
    running.azure.delete("/_sim/faults")
    running.azure.delete("/_sim/requests")
    running.publish(**PLATFORM, version=NEW)
    yield running
    running.azure.delete("/_sim/faults")
