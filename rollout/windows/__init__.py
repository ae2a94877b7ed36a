"""When a batch may begin: windows, freezes, and what fits into them."""

from rollout.windows.calendar import Calendar
from rollout.windows.decision import Closed, Length, may_begin_at, schedule, until_when
from rollout.windows.feed import LOOKED_AFTER, FreezeCalendar, FreezeEntry, FreezeFeed
from rollout.windows.freeze import Freeze
from rollout.windows.reading import READ_CALENDAR, CalendarRead, ReadCalendar, answer_of
from rollout.windows.span import Span
from rollout.windows.window import Window
from rollout.windows.zone import spoken_in

__all__ = [
    "LOOKED_AFTER",
    "READ_CALENDAR",
    "Calendar",
    "CalendarRead",
    "Closed",
    "Freeze",
    "FreezeCalendar",
    "FreezeEntry",
    "FreezeFeed",
    "Length",
    "ReadCalendar",
    "Span",
    "Window",
    "answer_of",
    "may_begin_at",
    "schedule",
    "spoken_in",
    "until_when",
]
