"""Before a batch of the way forward: do windows and freezes let it begin?"""

from dataclasses import replace
from datetime import timedelta

from orchestrators.engine import Steps, conclude_if_requested, may_begin, rest, wait_until
from orchestrators.rollout.run import RolloutRun
from rollout.base import EventKind
from rollout.hooks import HookPlace
from rollout.plan import Batch
from rollout.windows import LOOKED_AFTER, READ_CALENDAR, CalendarRead, ReadCalendar

_BEYOND = timedelta(days=1)
"""How far calendars that stand elsewhere are read beyond the deadline."""


def await_opening(run: RolloutRun, batch: Batch) -> Steps[bool]:
    """Returns when the batch may begin, and whether that was waited for. Commands are heard
    meanwhile. Raises Concluded if the operator wants the end, or if the deadline comes first.
    """
    waited = False
    while read := (yield from _closed(run, batch)):
        control = run.progress.control
        if not (control.holding or control.glass):  # said while the calendar was read
            yield from _wait(run, read)
        waited = True
        run.asks_anew()  # the next generation does not know that it waited
        rest(run)
        yield from may_begin(run)  # a pause, and the automatic repairs that ran meanwhile
    return waited


def _closed(run: RolloutRun, batch: Batch) -> Steps[CalendarRead | None]:
    """What nothing may begin for; None if it may begin now."""
    calendar = run.progress.order.held_by
    if calendar.empty or run.progress.control.glass:
        run.progress = run.progress.opened(None)
        return None
    read = yield from run.activities.ask(READ_CALENDAR, _task(run, batch))
    if read.feeds is not None:
        order = run.progress.order.reread(read.feeds)
        run.progress = replace(run.progress, order=order)
    if read.message:
        return read
    drains = run.request.policy.hooks_take(HookPlace.BEFORE_BATCH)
    run.progress = run.progress.opened(read.begin_by and read.begin_by + drains)
    return None


def _task(run: RolloutRun, batch: Batch) -> ReadCalendar:
    policy, calendar = run.request.policy, run.progress.order.held_by
    worst = policy.longest(canary=batch.canary)
    likely = run.progress.foresight.likely(policy.health.stable)  # without its hooks
    return ReadCalendar(
        calendar=calendar,
        now=run.now,
        likely=likely and likely + worst - policy.worst_case(canary=batch.canary),
        worst=worst,
        ahead=run.deadline + worst + _BEYOND if calendar.feeds else None,
    )


def _wait(run: RolloutRun, read: CalendarRead) -> Steps[None]:
    """Until then, or until somebody says something."""
    if read.until is None or read.until > run.deadline:
        run.halt(
            f"no batch may begin {read.message}, and the deadline of "
            f"{run.deadline:%Y-%m-%d %H:%M:%S} UTC is before that"
        )
    message = f"Nothing begins {read.message}"
    again = run.progress.message == message
    run.progress = run.progress.shut(read.until, message)
    run.publish()
    if not again:
        run.recorder.write(EventKind.WAITING, message)
    looked_after = run.progress.order.held_by.feeds is not None
    until = min(read.until, run.now + LOOKED_AFTER) if looked_after else read.until
    yield from wait_until(run, until)
    conclude_if_requested(run)
