"""Reads an iCalendar file (RFC 5545), and refuses what would cost too much: whoever wrote it is a
stranger.
"""

import re
from threading import Lock
from typing import Any

import icalendar

from rollout.base import sentence, without_secrets

_MOST_EVENTS, _MOST_ZONES, _MOST_RULES, _MOST_OF_A_PART = 5000, 20, 300, 200
_RULE = re.compile(r"^(?:RRULE|EXRULE)[^:\r\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,4}",
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), r"\d{1,2}"),
    **dict.fromkeys(("UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"), r".+"),
    **dict.fromkeys(("BYYEARDAY", "BYWEEKNO", "BYSETPOS"), r".+"),
}
"""Of a rule. One that comes each second, or after no days, has no end."""
_MATTERS = {
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS",
}  # fmt: skip
_parsing = Lock()


class NoCalendarError(ValueError):
    """Why nobody can tell what is frozen, as a part of a sentence."""


def parsed(text: str) -> icalendar.Calendar:
    """The file. Raises NoCalendarError. The library computes time zones at once, and keeps those of
    one file for the next: so rules are looked at in the text, and zones forgotten.
    """
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    _refuse_many(unfolded)
    for rule in _RULE.findall(unfolded):
        _refuse_endless(rule)
    with _parsing:
        icalendar.use_zoneinfo()
        try:
            return icalendar.Calendar.from_ical(text)
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            raise NoCalendarError(f"it is no iCalendar file ({said_of(error)})") from error


def _refuse_many(unfolded: str) -> None:
    limits = (("VEVENT", _MOST_EVENTS), ("VTIMEZONE", _MOST_ZONES))
    counts = [(name, most, _begun(name, unfolded)) for name, most in limits]
    counts.append(("RRULE", _MOST_RULES, len(_RULE.findall(unfolded))))
    for name, most, count in counts:
        if count > most:
            raise NoCalendarError(f"it has {count} of {name}, and at most {most} are read")


def _begun(name: str, unfolded: str) -> int:
    return len(re.findall(rf"^BEGIN:{name}", unfolded, re.IGNORECASE | re.MULTILINE))


def _refuse_endless(rule: str) -> None:
    for part in filter(None, rule.strip().upper().split(";")):
        name, _, value = part.partition("=")
        known = re.fullmatch(_PARTS.get(name, r"(?!)"), value)
        if not known or len(value) > _MOST_OF_A_PART:
            raise NoCalendarError(
                f"a rule repeats by {sentence(part, 60)}, which is not read: events may repeat by "
                "the day, week, month or year"
            )


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
