"""What Azure does by chance, drawn from a seed: each thing alone, and all of it repeatably."""

import itertools
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from running_host import RunHost, Running

from local.base.clock import ManualClock
from local.host.engine.deaths import Moment
from local.host.replay.history import EventType
from local.host.store.as_azure import AsAzure

START = datetime(2026, 1, 1, tzinfo=UTC)
POLLING = timedelta(seconds=10)


def done() -> list[Any]:
    return sys.modules["function_app"].done


def turns(running: Running, instance: str = "it") -> int:
    kinds = [event["EventType"] for event in running.host.store.history(instance)]
    return kinds.count(EventType.ORCHESTRATOR_STARTED)


def passed(running: Running) -> timedelta:
    return running.clock.now() - START


def test_without_chances_nothing_takes_time(run_host: RunHost) -> None:
    running = run_host("chances", as_azure=AsAzure("1"))
    assert running.run("does", list(range(20)))["output"] == list(range(20))
    assert passed(running) == timedelta(0)


def test_late_hops_take_time_but_not_longer_than_the_polling_interval(run_host: RunHost) -> None:
    running = run_host("chances", as_azure=AsAzure("1", late=1.0))
    assert running.run("does", list(range(20)))["output"] == list(range(20))
    hops = 1 + 2 * 20  # the start, each activity, each completion
    assert timedelta(seconds=30) < passed(running) < hops * POLLING


def test_a_clock_that_is_moved_by_hand_moves_by_itself_for_a_late_hop(run_host: RunHost) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", late=1.0))
    assert running.run("does", [1])["output"] == [1]
    assert passed(running) > timedelta(0)


def test_a_late_instance_is_pending_at_first(run_host: RunHost) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", late=1.0))
    with running.host.paused():
        running.start("waits", "it")
        assert running.status("it")["runtimeStatus"] == "Pending"
    running.host.wait_idle()
    assert running.status("it")["runtimeStatus"] == "Running"


def test_late_activities_run_in_another_order(run_host: RunHost) -> None:
    running = run_host("chances", as_azure=AsAzure("1", late=1.0))
    assert running.run("does_all")["output"] == list(range(20))
    assert done() != list(range(20))


def test_events_of_one_instance_stay_in_order(run_host: RunHost) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", late=1.0))
    running.run("counts")
    for number in range(3):
        running.send("go", number)
    running.host.wait_idle()
    history = running.host.store.history("it")
    heard = [event["Input"] for event in history if event["EventType"] == EventType.EVENT_RAISED]
    assert heard == ["0", "1", "2"]


def test_messages_that_wait_make_one_turn_with_one_time(run_host: RunHost) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", late=1.0, grouped=1.0))
    running.run("counts")
    before = turns(running)
    with running.host.paused():
        for number in range(3):
            running.send("go", number)
        assert isinstance(running.clock, ManualClock)
        running.clock.advance(POLLING * 2)
    running.host.wait_idle()
    assert turns(running) == before + 1
    assert len(set(running.status("it")["output"])) == 1


def test_without_it_each_message_is_a_turn_of_its_own(run_host: RunHost) -> None:
    running = run_host("chances", skip=False)
    running.run("counts")
    before = turns(running)
    for number in range(3):
        running.send("go", number)
    running.host.wait_idle()
    assert turns(running) == before + 3


def test_events_that_come_with_the_end_of_a_generation_belong_to_the_next(
    run_host: RunHost,
) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", grouped=1.0))
    running.run("starts_over", {"left": 2, "safely": True})
    running.send("go", 1)
    running.host.wait_idle()
    with running.host.paused():
        running.send("go", 2)
    running.host.wait_idle()
    assert running.status("it")["output"] == "done"


@pytest.mark.parametrize(("lingering", "extra"), [(False, 0), (True, 1)])
def test_a_cancelled_timer_fires_at_its_old_time(
    run_host: RunHost, *, lingering: bool, extra: int
) -> None:
    running = run_host("chances", as_azure=AsAzure("1", lingering=lingering))
    assert running.run("races_a_timer")["runtimeStatus"] == "Completed"
    assert turns(running) == 3 + extra
    assert passed(running) == timedelta(hours=3)


def test_activities_are_delivered_twice_and_answer_once(run_host: RunHost) -> None:
    running = run_host("chances", as_azure=AsAzure("1", doubled=1.0))
    assert running.run("does_all")["output"] == list(range(20))
    assert set(Counter(done()).values()) == {2}
    history = running.host.store.history("it")
    completed = [one for one in history if one["EventType"] == EventType.TASK_COMPLETED]
    assert len(completed) == 20


def test_workers_die_as_often_as_they_are_told_to(run_host: RunHost) -> None:
    running = run_host("chances", as_azure=AsAzure("1", killed=0.2))
    for number in range(30):
        running.run("does", [number], f"it-{number}")
    deaths = running.host.deaths.happened
    assert 5 < len(deaths) < 40
    assert {death.function for death in deaths} == {"do", "does"}
    assert len({death.moment for death in deaths}) == len(Moment)


@pytest.mark.parametrize(("raced", "status"), [(0.0, {400, 409, 500}), (1.0, {202})])
def test_a_start_of_a_pending_instance_may_be_told_that_it_won(
    run_host: RunHost, raced: float, status: set[int]
) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", late=1.0, raced=raced))
    with running.host.paused():
        running.start("does", "it", ["first"])
        assert running.start("does", "it", ["second"]).status_code in status
    running.host.wait_idle()
    assert running.status("it")["output"] == ["first"]
    assert running.start("waits", "live").status_code == 202
    running.host.wait_idle()
    assert running.start("waits", "live").status_code != 202


@pytest.mark.parametrize(("overrun", "custom"), [(0.0, 1), (1.0, 2)])
def test_a_suspended_instance_may_take_one_more_turn(
    run_host: RunHost, overrun: float, custom: int
) -> None:
    running = run_host("chances", skip=False, as_azure=AsAzure("1", overrun=overrun))
    running.run("counts")
    running.send("go", 1)
    running.host.wait_idle()
    with running.host.paused():
        running.send("go", 2)
        running.do("suspend")
    running.send("go", 3)
    running.host.wait_idle()
    status = running.status("it")
    assert (status["runtimeStatus"], status["customStatus"]) == ("Suspended", custom)
    running.do("resume")
    running.host.wait_idle()
    assert running.status("it")["runtimeStatus"] == "Completed"


def test_pages_are_short_or_empty_but_never_empty_twice() -> None:
    shorten = AsAzure("1", short=0.9).shorten()
    pages = [shorten(100) for _ in range(200)]
    assert {0, 100} < set(pages)
    assert (0, 0) not in set(itertools.pairwise(pages))


def test_pages_are_whole_without_it() -> None:
    shorten = AsAzure("1").shorten()
    assert [shorten(size) for size in (1, 100)] == [1, 100]


def story(running: Running) -> list[object]:
    for number in range(5):
        running.start("parent", f"it-{number}", {"name": "does", "input": [1, 2, 3]})
        running.host.wait_idle()
    shown: list[object] = []
    for each in running.host.store.instances():
        history = running.host.store.history(each.id)
        shown.append([(event["EventType"], event["Timestamp"]) for event in history])
    return shown


def test_the_same_seed_gives_the_same_story(run_host: RunHost) -> None:
    told = [
        story(run_host("chances", state=f"state-{number}", as_azure=AsAzure.everything(seed)))
        for number, seed in enumerate(("1", "1", "2"))
    ]
    assert told[0] == told[1]
    assert told[0] != told[2]
