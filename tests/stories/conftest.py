"""The whole system in one process, in skipped time: the app, the real SDK, the simulated Azure."""

from collections.abc import Iterator

import httpx
import pytest
from story import NEW, PLATFORM, System

from local import system as local
from local.clock import ManualClock


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for all stories of a worker: starting it costs more than a story."""
    clock = ManualClock()
    with (
        local.System(clock, tmp_path_factory.mktemp("state")) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        yield System(api, azure, clock, one.host)


@pytest.fixture
def system(running: System) -> Iterator[System]:
    """The system, with no faults left over and an empty list of requests."""
    running.azure.delete("/_sim/faults")
    running.azure.delete("/_sim/requests")
    running.publish(**PLATFORM, version=NEW)
    yield running
    running.azure.delete("/_sim/faults")
