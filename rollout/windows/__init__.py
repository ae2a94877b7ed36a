"""When a batch may begin: windows, freezes, and what fits into them."""

from rollout.windows.calendar import Calendar
from rollout.windows.decision import Closed, Length, may_begin_at, schedule, until_when
from rollout.windows.freeze import Freeze
from rollout.windows.window import Window
from rollout.windows.zone import spoken_in

__all__ = [
    "Calendar",
    "Closed",
    "Freeze",
    "Length",
    "Window",
    "may_begin_at",
    "schedule",
    "spoken_in",
    "until_when",
]
