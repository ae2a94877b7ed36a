"""Reads an iCalendar file (RFC 5545)."""

from threading import Lock
from typing import Any

import icalendar

from activities.ical_lines import harmless
from activities.ical_rules import NoCalendarError
from rollout.base import sentence, without_secrets

_MATTERS = {
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS",
}  # fmt: skip
_WRONG = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError,
    RecursionError,
)  # fmt: skip
"""What the library raises for files that are none."""
_parsing = Lock()


def parsed(text: str) -> icalendar.Calendar:
    """The file. Raises NoCalendarError. The library keeps the time zones of one file for the next:
    so they are forgotten first.
    """
    with _parsing:
        icalendar.use_zoneinfo()
        try:
            return icalendar.Calendar.from_ical(harmless(text))
        except NoCalendarError:
            raise
        except _WRONG as error:
            raise NoCalendarError(f"it is no iCalendar file ({said_of(error)})") from error


def events_in(calendar: icalendar.Calendar) -> list[Any]:
    """Its events. Raises NoCalendarError for one that says when it is, but not how we read it: it
    may be a freeze.
    """
    walked: Any = calendar  # its walk() is typed in part only
    events: list[Any] = walked.walk("VEVENT")
    for event in events:
        wrong = [f"{name}: {why}" for name, why in event.errors if (name or "").upper() in _MATTERS]
        if event.get("DTSTART") is None:
            wrong.append("it has no DTSTART")
        if wrong:
            raise NoCalendarError(
                f"{event_named(event)} cannot be read ({sentence(wrong[0], 100)})"
            )
    return events


def event_named(event: Any) -> str:
    """An event in a message."""
    text = event.get("SUMMARY") or event.get("UID")
    return f'the event "{sentence(without_secrets(str(text)), 80)}"' if text else "an event"


def said_of(error: Exception) -> str:
    """What a library says of it, in a part of a sentence."""
    return sentence(without_secrets(str(error)), 120) or type(error).__name__
