"""The whole system in one process, in skipped time: the app, the real SDK, the simulated Azure."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rbac import granted, needed
from story import NEW, OLD, PLATFORM, System

from local import system as local
from local.base.clock import ManualClock


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for all stories of a worker: starting it costs more than a story."""
    clock = ManualClock()
    with (
        local.System(clock, tmp_path_factory.mktemp("state")) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        azure.delete("/_sim/event-subscriptions")  # who wants to hear of images, subscribes
        yield System(api, azure, clock, one.host)


@pytest.fixture
def system(running: System) -> Iterator[System]:
    """The system, with no faults left over and an empty list of requests. Whatever a story is
    about, the app did nothing in Azure that its roles (infra/role-actions.json) do not allow.
    """
    running.azure.delete("/_sim/faults")
    running.azure.delete("/_sim/requests")
    running.publish(**PLATFORM, version=NEW)
    yield running
    running.azure.delete("/_sim/faults")
    assert needed(running.requests()) - granted() == set()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[System]:
    """A system of its own: half a year passes in it."""
    clock = ManualClock()
    with (
        local.System(clock, tmp_path) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        system = System(api, azure, clock, one.host)
        system.publish(**PLATFORM, version=OLD)
        system.publish(**PLATFORM, version=NEW)
        yield system


_images = (f"followed{number}" for number in itertools.count())


@pytest.fixture
def image(system: System) -> Iterator[str]:
    """The name of a gallery image of its own; the app is told of its versions."""
    system.subscribe()
    yield next(_images)
    system.azure.delete("/_sim/event-subscriptions")
