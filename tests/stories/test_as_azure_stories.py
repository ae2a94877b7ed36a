"""All that Azure does by chance at once: late hops, doubled activities, workers that die."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from nightly import some
from story import NEW, OLD, PLATFORM, System, playing

from local.host.store import AsAzure


@pytest.fixture
def unkind(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[System]:
    with playing(tmp_path, AsAzure.everything(request.param)) as system:
        system.publish(**PLATFORM, version=OLD)
        system.publish(**PLATFORM, version=NEW)
        yield system


def let_it_end(system: System, rollout: str) -> None:
    """A worker dies in every hundredth call; the timer looks after what that broke off."""
    for _ in range(400):
        system.host.wait_idle()
        if system.view(rollout)["phase"] in {"Succeeded", "RolledBack", "Failed", "Aborted"}:
            return
        system.clock.advance(timedelta(seconds=30))
        system.look_after()


@pytest.mark.parametrize("unkind", some(["1", "2", "5", "11"], 2), indirect=True)
def test_a_rollout_ends_right_whatever_happens_to_its_workers(unkind: System) -> None:
    scale_set = unkind.scale_set(capacity=10)
    rollout = unkind.start(scale_set, id="unkind").json()["id"]
    let_it_end(unkind, rollout)
    view, truth = unkind.view(rollout), unkind.truth(scale_set)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 10), view["message"]
    assert truth["violations"] == []
    assert {each["health"] for each in truth["instances"]} == {"healthy"}
