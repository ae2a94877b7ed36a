"""Timer triggers: by the host's own clock, once for what was missed, and on demand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from running_host import RunHost, Running

from local.base.clock import ManualClock
from local.host.engine.schedule import Schedule, ScheduleError

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday; where a ManualClock begins


def pass_time(running: Running, **by: float) -> None:
    assert isinstance(running.clock, ManualClock)
    running.clock.advance(timedelta(**by))


def runs(running: Running) -> list[str]:
    running.host.wait_idle()
    answer = running.call("GET", "entities/runs/all")
    told: list[Any] = [] if answer.status_code == 404 else answer.json()
    return [str(one).strip('"') for one in told]


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("0 30 3 * * *", NEW_YEAR, datetime(2026, 1, 1, 3, 30, tzinfo=UTC)),
        ("30 3 * * *", NEW_YEAR, datetime(2026, 1, 1, 3, 30, tzinfo=UTC)),
        ("0 */5 * * * *", NEW_YEAR, datetime(2026, 1, 1, 0, 5, tzinfo=UTC)),
        ("15 0 0 * * *", NEW_YEAR, datetime(2026, 1, 1, 0, 0, 15, tzinfo=UTC)),
        ("0 0 5 * * Sat-Sun", NEW_YEAR, datetime(2026, 1, 3, 5, tzinfo=UTC)),
        ("0 0 0 13 * 5", NEW_YEAR, datetime(2026, 2, 13, tzinfo=UTC)),
        (
            "0 30 3 * * *", datetime(2026, 1, 1, 3, 30, 0, 1, tzinfo=UTC),
            datetime(2026, 1, 2, 3, 30, tzinfo=UTC),
        ),
    ],
)  # fmt: skip
def test_when_a_schedule_is_due_next(expression: str, after: datetime, expected: datetime) -> None:
    assert Schedule(expression).after(after) == expected


@pytest.mark.parametrize(
    "expression", ["", "* *", "0 61 * * * *", "daily", "%SETTING%", "0 0 0 0 0 0 0"]
)
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ScheduleError):
        Schedule(expression)


def test_a_timer_runs_when_its_time_comes_and_not_before(run_host: RunHost) -> None:
    running = run_host("timers", skip=False)
    pass_time(running, hours=3, minutes=29)
    assert runs(running) == []
    pass_time(running, minutes=1)
    assert runs(running) == ["late=False"]
    for _ in range(3):
        pass_time(running, hours=24)
        running.host.wait_idle()
    assert runs(running) == ["late=False"] * 4


def test_what_was_missed_is_made_up_for_by_one_run(run_host: RunHost) -> None:
    running = run_host("timers", skip=False)
    pass_time(running, days=5)
    assert runs(running) == ["late=True"]


def test_what_was_due_while_the_host_was_down_runs_once_it_is_up(run_host: RunHost) -> None:
    first = run_host("timers", skip=False)
    first.host.wait_idle()
    first.host.stop()
    second = run_host("timers", skip=False, clock=ManualClock(NEW_YEAR + timedelta(days=3)))
    assert runs(second) == ["late=True"]


def test_time_is_not_skipped_to_a_timer_trigger(run_host: RunHost) -> None:
    """Else it would be skipped for ever; but one that is passed on the way runs."""
    running = run_host("timers", skip=True)
    running.run("waits_an_hour")
    assert running.clock.now() == NEW_YEAR + timedelta(hours=1)
    assert runs(running) == []
    for number in range(3):
        running.run("waits_an_hour", instance=f"it-{number}")
    assert runs(running) == ["late=False"]


def test_a_timer_that_fails_is_told_and_runs_again(
    run_host: RunHost, caplog: pytest.LogCaptureFixture
) -> None:
    running = run_host("timers", skip=False)
    for days in (31, 28):
        pass_time(running, days=days, hours=4)
        running.host.wait_idle()
    told = [one.getMessage() for one in caplog.records if one.name == "local.host"]
    assert told.count("timer function monthly failed") == 2


def test_a_timer_that_is_under_way_when_the_host_stops_has_not_failed(
    run_host: RunHost, caplog: pytest.LogCaptureFixture
) -> None:
    """It can no longer ask the host that stops: that is no news, and no fault of its own."""
    running = run_host("timers", skip=False)
    assert running.web.post("/admin/functions/asks_on_and_on", json={}).status_code == 202
    running.host.stop()
    assert [each.getMessage() for each in caplog.records if each.name == "local.host"] == []


@pytest.mark.parametrize("name", ["nightly", "NIGHTLY"])
def test_a_timer_can_be_run_on_demand(run_host: RunHost, name: str) -> None:
    running = run_host("timers", skip=False)
    answer = running.web.post(f"/admin/functions/{name}", json={"input": ""})
    assert answer.status_code == 202
    assert runs(running) == ["late=False"]


@pytest.mark.parametrize(("name", "status"), [("unknown", 404), ("hello", 400)])
def test_only_timers_are_run_that_way(run_host: RunHost, name: str, status: int) -> None:
    running = run_host("timers", skip=False)
    assert running.web.post(f"/admin/functions/{name}", json={}).status_code == status
