"""The activity that is asked before each batch."""

from datetime import datetime, timedelta

from rollout.base import Activity, Proceed, Value
from rollout.windows.calendar import Calendar
from rollout.windows.decision import Closed, Length, may_begin_at, until_when
from rollout.windows.feed import FreezeFeed


class ReadCalendar(Value):
    """May a batch begin now that is likely to take so long, and takes that long at worst? What
    stands elsewhere is read up to `ahead`.
    """

    calendar: Calendar
    now: datetime
    likely: timedelta
    worst: timedelta
    ahead: datetime | None = None


class CalendarRead(Value):
    """It may, until `begin_by` (at any time if there is none); or, if there is a `message`, nothing
    may begin before `until` (None: not for more than a year). `feeds` is what stands elsewhere, if
    that was read anew.
    """

    begin_by: datetime | None = None
    until: datetime | None = None
    message: str = ""
    feeds: list[FreezeFeed] | None = None


READ_CALENDAR = Activity("read_calendar", ReadCalendar, CalendarRead)
"""What a clock shows in a time zone is read from files, so an orchestrator must not ask that."""


def answer_of(task: ReadCalendar) -> CalendarRead:
    """The activity's result."""
    length = Length(task.worst, task.likely)
    match may_begin_at(task.calendar, task.now, length):
        case Proceed(begin_by):
            return CalendarRead(begin_by=begin_by)
        case Closed() as closed:
            return CalendarRead(until=closed.until, message=until_when(task.calendar, closed))
