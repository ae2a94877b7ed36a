"""Azure's budget for lists of a large scale set: never over it, and nobody is deaf in the wait."""

from datetime import datetime, timedelta

import pytest
from nightly import some
from story import NEW, Json, System

from benchmarks.buckets import refused
from local.arm.model.request_log import Served
from local.host.engine.deaths import Death, Moment

pytestmark = pytest.mark.timeout(300)
PHASES = {"abort": "Aborted", "pause": "Paused", "rollback": "RollingBack"}


def over_budget(system: System, scale_set: str) -> dict[str, int]:
    """How many of its calls Azure would have refused."""
    return refused(
        Served(datetime.fromisoformat(each["at"]), each["method"], each["path"], each["status"])
        for each in system.requests(path=scale_set)
    )


def large(system: System) -> str:
    return system.scale_set(capacity=900)


def waits_to_send(view: Json) -> bool:
    return "reading the instances in" in view["message"]


@pytest.mark.parametrize("verb", some([*PHASES], 3))
def test_whoever_speaks_while_a_batch_waits_for_it_is_heard(system: System, verb: str) -> None:
    scale_set = large(system)
    rollout = system.start(scale_set, policy={"health": {"stable": "PT0S"}}).json()["id"]
    system.until(rollout, waits_to_send, seconds=1)
    said = system.clock.now()
    assert system.api.post(f"/api/rollouts/{rollout}/{verb}").status_code == 202
    system.until(rollout, lambda view: not waits_to_send(view), seconds=1)
    assert system.clock.now() - said <= timedelta(seconds=20)
    view = system.until(rollout, lambda view: view["phase"] == PHASES[verb])
    assert view["counts"]["pending"] == 900 - 180


@pytest.mark.by_day(0)
def test_the_way_back_of_one_that_has_just_ended_keeps_to_it(system: System) -> None:
    scale_set = large(system)
    rollout = system.run(scale_set)["id"]
    assert system.api.post(f"/api/rollouts/{rollout}/rollback").status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert over_budget(system, scale_set) == {}


@pytest.mark.by_day(0)
def test_who_falls_ill_before_a_batch_is_waited_for_no_longer_than_in_a_small_one(
    system: System,
) -> None:
    scale_set = large(system)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and view["counts"]["inProgress"] > 0)
    ill = {"scaleSet": scale_set, "instanceIds": ["0", "5"], "version": NEW}
    system.fault("flapping", **ill, period="PT3H")
    system.until(rollout, lambda view: view["batch"] == 3)
    began = system.clock.now()
    system.until(rollout, lambda view: view["phase"] == "RollingBack", seconds=1)
    assert system.clock.now() - began <= timedelta(minutes=18)
    assert over_budget(system, scale_set) == {}


def test_a_batch_that_was_taken_up_does_not_have_the_others_looked_at_closely(
    system: System,
) -> None:
    """When it was sent, nobody knows: it seems to have been healthy at once."""
    scale_set = system.scale_set(capacity=15, updateDomains=5, upgradeDuration="PT4M")
    rollout = "taken-up-and-close"
    system.host.deaths.plan(Death("upgrade_batch", f"{rollout}:batch-1", 6, Moment.BEFORE))
    assert system.start(scale_set, id=rollout).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert any(each["kind"] == "takenUp" for each in system.events(rollout))
    lists = [
        each for each in system.requests("GET", scale_set) if each["path"].endswith("Machines")
    ]
    assert len(lists) < 80
