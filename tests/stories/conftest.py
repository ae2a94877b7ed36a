"""The whole system in one process, in skipped time: the app, the real SDK, the simulated Azure."""

import itertools
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from answering import ALLOWS_LOOPBACK, AskedHost, answering
from following import forget_followed
from nightly import NIGHTLY, crossed
from rbac import addressed, granted, monitored, needed
from receiver import Receiver, receiving
from story import NEW, OLD, PLATFORM, System, playing

from local.host.store import AsAzure

SEED = os.environ.get("AS_AZURE")
"""All stories are played as in Azure, with this seed; without it, every second of those below."""
PLAYED_BOTH_WAYS = {
    "test_rollout_story",
    "test_rollback_stories",
    "test_any_story",
    "test_start_races",
}
WAYS = [pytest.param(SEED or "1", id="as-azure"), pytest.param(None, id="plain")]
_numbers: defaultdict[str, Iterator[int]] = defaultdict(itertools.count)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """At night these are played both ways; otherwise one this way, and the next one the other."""
    file = metafunc.definition.path.stem
    if "running" in metafunc.fixturenames and file in PLAYED_BOTH_WAYS:
        mine = [WAYS[0 if SEED else next(_numbers[file]) % 2]]
        metafunc.parametrize("running", WAYS if NIGHTLY else mine, indirect=True, scope="module")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the cases of a story that is marked as `crossed`, all are played at night; by day so many
    that each value of each parameter is in one of them.
    """
    items[:] = [item for item in items if _is_played(item)]


def _is_played(item: pytest.Item) -> bool:
    if item.get_closest_marker("crossed") is None or not isinstance(item, pytest.Function):
        return True
    counts = [len(mark.args[1]) for mark in item.iter_markers("parametrize")]
    place = divmod(next(iter(item.callspec.indices.values())), counts[1])
    return place in crossed(*map(range, counts))


@pytest.fixture(scope="module")
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """One system for the stories of a file. In one that had seen hundreds of rollouts, each look at
    the lists of the app would cost more than in a new one.
    """
    way = AsAzure.sparing(getattr(request, "param", SEED))
    with playing(tmp_path_factory.mktemp("state"), way) as system:
        system.azure.delete("/_sim/event-subscriptions")  # who wants to hear of images, subscribes
        yield system


@pytest.fixture
def system(running: System) -> Iterator[System]:
    """The system, with no faults left over and an empty list of requests. Whatever a story is
    about, the app did nothing in Azure that its roles (infra/role-actions.json) do not allow.
    """
    running.next_story()
    running.publish(**PLATFORM, version=NEW)
    yield running
    running.azure.delete("/_sim/faults")
    assert needed(running.requests()) - granted() - monitored() - addressed() == set()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[System]:
    """A system of its own: half a year passes in it."""
    with playing(tmp_path, AsAzure.sparing(SEED)) as system:
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
    forget_followed(system)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[AskedHost]:
    """A host that gates ask, on loopback, and an app that may call it."""
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    with answering() as host:
        yield host


@pytest.fixture
def ops() -> Iterator[Receiver]:
    """A receiver of news, on loopback."""
    with receiving() as receiver:
        yield receiver
