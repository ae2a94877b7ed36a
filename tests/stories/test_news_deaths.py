"""Whatever dies on the way, no message is lost, none overtakes another, and a repetition has the
same id.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from news_rules import configure, ids
from nightly import some
from receiver import Receiver, receiving
from story import NEW, System

from local.host.engine.deaths import Death, Moment
from rollout.base import EventKind

STEPS = ("deliver_news", "find_news", "send_news")
"""The orchestration of a courier, and what it asks for."""
TOLD = {
    EventKind.STARTED, EventKind.BATCH_FINISHED, EventKind.PAUSED, EventKind.APPROVAL_ASKED,
    EventKind.ROLLING_BACK, EventKind.FINISHED,
}  # fmt: skip


@pytest.fixture
def ops(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as receiver:
        hook = {"name": "ops", "kind": "webhook", "url": receiver.url, "batchesEvery": "PT0S"}
        configure(monkeypatch, hook)
        yield receiver


def succeeds(system: System, _: Receiver) -> str:
    return _started(system)


def meets_a_receiver_that_is_down(system: System, ops: Receiver) -> str:
    ops.answers = [503, 200, 500, 429, 200, 502]
    return _started(system)


def is_rolled_back(system: System, _: Receiver) -> str:
    system.fault("badImage", version=NEW)
    return _started(system)


def waits_for_people(system: System, _: Receiver) -> str:
    rollout = _started(system, approval="start")
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.pass_minutes(5)
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    return rollout


def _started(system: System, **policy: Any) -> str:
    scale_set = system.scale_set(capacity=4, updateDomains=4)
    return str(system.start(scale_set, policy=policy).json()["id"])


STORIES = (succeeds, meets_a_receiver_that_is_down, is_rolled_back, waits_for_people)
KILLS = [*product(STORIES, STEPS, [*Moment], range(1, 7))]
"""At every step: 216."""


@pytest.mark.by_day(3)
@pytest.mark.parametrize(("story", "step", "moment", "nth"), some(KILLS, 43))
def test_nothing_is_lost_and_what_comes_twice_has_one_id(
    system: System,
    ops: Receiver,
    story: Callable[[System, Receiver], str],
    step: str,
    moment: Moment,
    nth: int,
) -> None:
    death = Death(step, nth=nth, moment=moment)
    system.host.deaths.plan(death)
    rollout = story(system, ops)
    played_out(system, rollout)
    assert death in system.host.deaths.happened or (step, nth) == ("send_news", 6)
    assert_all_told(system, rollout, ops)


def played_out(system: System, rollout: str) -> None:
    """To the end of the rollout, and of those who tell of it; the timer comes round as it does: a
    worker that dies with a courier may take the rollout with it.
    """
    system.host.wait_idle()
    system.look_after()
    for _ in range(6):
        with system.host.skipping():
            system.host.wait_idle()
        system.look_after()
        system.clock.advance(timedelta(minutes=2))
    system.finish(rollout)


def mine(ops: Receiver, rollout: str, *, taken: bool = False) -> list[str]:
    """What it was told of that rollout: a courier of an earlier story may tell it of another."""
    return [each for each in ids(ops, taken=taken) if each.startswith(f"{rollout}/")]


def assert_all_told(system: System, rollout: str, ops: Receiver) -> None:
    log = [event for event in system.events(rollout) if event["kind"] in TOLD]
    expected = [f"{rollout}/{event['at']}" for event in log]
    first = list(dict.fromkeys(mine(ops, rollout, taken=True)))
    assert [each.rsplit("/", 2)[0] for each in first] == expected, "all of them, and in order"
    bodies = {body["id"]: body for body in ops.bodies}
    assert all(bodies[body["id"]] == body for body in ops.bodies), "a repetition says the same"


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a_courier_that_died_in_its_first_step_is_found(
    system: System, ops: Receiver, moment: Moment
) -> None:
    for _ in range(3):
        system.host.deaths.plan(Death("deliver_news", moment=moment))
    rollout = succeeds(system, ops)
    played_out(system, rollout)
    assert_all_told(system, rollout, ops)


def test_a_courier_whose_start_failed_is_started_by_the_timer(
    system: System, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise OSError("the storage account did not answer")

    with monkeypatch.context() as broken:
        broken.setattr("durable.news.start", fails)
        rollout = _started(system, approval="start")
    assert system.view(rollout)["phase"] in {"Pending", "Progressing", "AwaitingApproval"}
    system.host.wait_idle()
    assert mine(ops, rollout) == []
    system.look_after()
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    played_out(system, rollout)
    assert_all_told(system, rollout, ops)


def test_a_rollback_after_the_end_is_told_after_what_was_told_before(
    system: System, ops: Receiver
) -> None:
    rollout = succeeds(system, ops)
    played_out(system, rollout)
    assert system.api.post(f"/api/rollouts/{rollout}/rollback", json={}).status_code == 202
    played_out(system, rollout)
    assert_all_told(system, rollout, ops)
    told = mine(ops, rollout)
    assert len(told) == len(set(told))


def test_a_rollout_that_broke_off_is_told_of_to_its_end(system: System, ops: Receiver) -> None:
    system.host.deaths.plan(Death("roll_out", nth=5))
    rollout = succeeds(system, ops)
    played_out(system, rollout)
    assert system.view(rollout)["phase"] == "Succeeded"
    assert_all_told(system, rollout, ops)
