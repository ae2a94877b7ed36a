"""The lines of an iCalendar file as the library splits them that reads it, and what in them would
cost too much: whoever wrote it is a stranger.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from icalendar.parser import Contentlines

from activities.ical_rules import NoCalendarError, refuse_endless, refuse_strange_zone
from rollout.base import sentence, without_secrets

_MOST_EVENTS, _MOST_ZONES, _MOST_RULES = 5000, 20, 300
_ODD_BREAK = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|\r(?!\n)")
"""Where the library that computes time zones sees the end of a line, and the other one does not."""
_OF_A_ZONE = {
    "BEGIN", "END", "TZID", "DTSTART", "RRULE", "RDATE", "EXRULE", "EXDATE", "TZOFFSETFROM",
    "TZOFFSETTO",
}  # fmt: skip
"""All that a time zone is computed from. What else is there would be written out and read again."""


class _Line(NamedTuple):
    name: str
    value: str
    text: str
    in_zone: bool

    @property
    def rules(self) -> bool:
        return self.name in {"RRULE", "EXRULE"}


def harmless(text: str) -> str:
    """The same file, each line in one piece. Raises NoCalendarError if a line cannot be split, or
    if anything in it would cost too much. Both must be known before the library sees it: it
    computes time zones at once, and passes over what it cannot split.
    """
    lines = list(_lines(_ODD_BREAK.sub(" ", text)))
    _refuse_many(lines)
    for line in lines:
        if line.rules:
            refuse_endless(line.value)
            if line.in_zone:
                refuse_strange_zone(line.value)
    return "\r\n".join(each.text for each in lines if not each.in_zone or each.name in _OF_A_ZONE)


def _lines(text: str) -> Iterator[_Line]:
    in_zone = False
    library: Any = Contentlines  # it is typed in part only
    for content in filter(None, library.from_ical(text)):
        name, value = _parts(content)
        at_zone = name in {"BEGIN", "END"} and value.upper() == "VTIMEZONE"
        in_zone = in_zone or at_zone
        yield _Line(name, value, content.lstrip(), in_zone)
        in_zone = in_zone and not (at_zone and name == "END")


def _parts(content: Any) -> tuple[str, str]:
    """The name of a line, in upper case, and its value."""
    try:
        name, _, value = content.parts()
    except ValueError as error:
        raise _unreadable(content) from error
    name = name.upper()
    if name in {"BEGIN", "END"} and value != value.strip():
        raise _unreadable(content)
    return name, value


def _unreadable(content: str) -> NoCalendarError:
    message = sentence(without_secrets(content), 60)
    why = f'the line "{message}" cannot be split into a name and a value'
    return NoCalendarError(f"it is no iCalendar file ({why})")


def _refuse_many(lines: list[_Line]) -> None:
    begun = [line.value.upper() for line in lines if line.name == "BEGIN"]
    rules = sum(line.rules for line in lines)
    limits = (
        ("VEVENT", _MOST_EVENTS, begun.count("VEVENT")),
        ("VTIMEZONE", _MOST_ZONES, begun.count("VTIMEZONE")),
        ("RRULE", _MOST_RULES, rules),
    )
    for name, most, count in limits:
        if count > most:
            raise NoCalendarError(f"it has {count} of {name}, and at most {most} are read")
