"""The whole system in one process, in skipped time: the app, the real SDK, the simulated Azure."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from rbac import granted, needed
from story import NEW, OLD, PLATFORM, System

from local import system as local
from local.base.clock import ManualClock
from local.host.store import AsAzure

SEED = os.environ.get("AS_AZURE")
"""All stories are played as in Azure, with this seed; without it, those below are, too."""
PLAYED_BOTH_WAYS = {
    "test_rollout_story",
    "test_rollback_stories",
    "test_any_story",
    "test_start_races",
}


def as_azure(seed: str | None) -> AsAzure | None:
    """What Azure does by chance, but for what changes the story itself: no worker is killed, and
    nothing is sent twice.
    """
    return replace(AsAzure.everything(seed), killed=0.0, doubled=0.0) if seed else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    played = metafunc.definition.path.stem in PLAYED_BOTH_WAYS
    if "running" in metafunc.fixturenames and played and SEED is None:
        ways = [pytest.param(None, id="plain"), pytest.param("1", id="as-azure")]
        metafunc.parametrize("running", ways, indirect=True, scope="session")


@pytest.fixture(scope="session")
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """One system for all stories of a worker: starting it costs more than a story."""
    clock, way = ManualClock(), as_azure(getattr(request, "param", SEED))
    with (
        local.System(clock, tmp_path_factory.mktemp("state"), as_azure=way) as one,
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
        local.System(clock, tmp_path, as_azure=as_azure(SEED)) as one,
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
