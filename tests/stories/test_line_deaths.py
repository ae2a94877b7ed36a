"""Whatever dies, the line stays stopped until it is lifted, and all are told of both."""

from collections.abc import Iterator
from typing import Any

import pytest
from line import BUG, lift, log, stop, stopped
from news_rules import PAGE, configure, kinds
from receiver import Receiver, receiving
from story import System

from local.host.engine.deaths import Death, Moment

type Json = dict[str, Any]


@pytest.fixture(autouse=True)
def lifted(system: System) -> Iterator[None]:
    """For the stories after this one."""
    yield
    if stopped(system):
        lift(system)


@pytest.fixture
def ops(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as receiver:
        hook = {"name": "line-ops", "kind": "webhook", "url": receiver.url}
        configure(monkeypatch, {**hook, "only": {"kinds": ["stopTheLine"]}})
        stop(system)
        lift(system)
        told(system)  # of that, and with it of all stories before this one
        receiver.calls.clear()
        yield receiver


def told(system: System) -> None:
    """The timer comes round, as it does, and couriers look."""
    for _ in range(4):
        system.look_after()
        system.pass_minutes(3)


def test_everybody_is_told_that_it_was_stopped_and_lifted(system: System, ops: Receiver) -> None:
    stop(system)
    told(system)
    assert kinds(ops) == ["stopTheLine"]
    data = ops.bodies[0]["data"]
    assert data["message"] == f"The line was stopped by ann: {BUG}"
    assert data["link"].startswith(PAGE)
    assert ops.bodies[0]["type"] == "vmssrollout.app.stopTheLine"
    lift(system)
    told(system)
    assert [body["data"]["message"] for body in ops.bodies[1:]] == [
        "The line was lifted by bob: it is fixed"
    ]


@pytest.mark.crossed
@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("moment", [*Moment])
def test_a_stop_that_breaks_off_holds_and_is_told_and_can_be_lifted(
    system: System, ops: Receiver, moment: Moment, nth: int
) -> None:
    before = len(log(system))
    death = Death("stop_the_line", nth=nth, moment=moment)
    system.host.deaths.plan(death)
    stop(system)
    system.host.wait_idle()
    assert stopped(system)
    if nth == 1:
        told(system)
        assert stopped(system)
    lift(system)
    told(system)
    assert death in system.host.deaths.happened
    assert stopped(system) is None
    said = [f"The line was stopped by ann: {BUG}", "The line was lifted by bob: it is fixed"]
    assert log(system)[before:] == said
    by_id = {body["id"]: body["data"]["message"] for body in ops.bodies}
    assert [*by_id.values()] == said


@pytest.mark.by_day(1)
@pytest.mark.parametrize("function", ["roll_out", "upgrade_batch", "keep_lock"])
def test_what_is_taken_up_after_a_death_is_held(system: System, function: str) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    death = Death(function, moment=Moment.BEFORE)
    system.host.deaths.plan(death)
    for _ in range(20):
        system.pass_minutes(2)
        system.look_after()
    assert death in system.host.deaths.happened
    view = system.view(rollout)
    assert view["message"].startswith("Nothing begins: the line was stopped"), view["message"]
    assert view["counts"]["done"] == 1
    assert sum(each["upgrades"] for each in system.truth(scale_set)["instances"]) == 1
    lift(system)
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4)


def test_a_wave_whose_worker_dies_goes_on_waiting(system: System) -> None:
    first, second = system.small(2)
    waves: list[Json] = [{"name": "a", "scaleSets": [first]}, {"name": "b", "scaleSets": [second]}]
    fleet = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet, lambda view: view["waves"][0]["counts"]["done"] == 1)
    stop(system)
    system.host.deaths.plan(Death("roll_out_wave"))
    system.host.deaths.plan(Death("start_member"))
    for _ in range(5):
        system.pass_minutes(2)
        system.look_after()
    done = sum(each["upgrades"] for each in system.truth(second)["instances"])
    lift(system)
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Succeeded", view["message"]
    assert done < 2
