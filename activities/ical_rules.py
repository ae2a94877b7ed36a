"""Rules by which events and time zones repeat, and which of them would cost too much."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

from rollout.base import sentence

_MOST_OF_A_PART = 200
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,4}",
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), r"\d{1,2}"),
    **dict.fromkeys(("UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"), r".+"),
    **dict.fromkeys(("BYYEARDAY", "BYWEEKNO", "BYSETPOS"), r".+"),
}
"""Of a rule. One that comes each second, or after no days, has no end."""
_EACH_YEAR = {"FREQ": "YEARLY", "INTERVAL": "1"}
_SOME, _AT_LEAST, _AT_MOST = 5, timedelta(days=2 * 365), timedelta(days=40 * 366)
"""So many times a time zone changes by one rule in no less, and in no more: else each look at a
clock there would take long.
"""
_CYCLE, _LAST_YEAR = 400, 9999
"""After so many years the calendar is the same, with the same days of the week."""


class NoCalendarError(ValueError):
    """Why nobody can tell what is frozen, as a part of a sentence."""


def refuse_endless(rule: str) -> None:
    """Raises NoCalendarError for one that has no end in sight, whatever it is for."""
    for name, value in _parts(rule):
        if not re.fullmatch(_PARTS.get(name, r"(?!)"), value) or len(value) > _MOST_OF_A_PART:
            raise NoCalendarError(
                f"a rule repeats by {sentence(f'{name}={value}', 60)}, which is not read: events "
                "may repeat by the day, week, month or year"
            )


def refuse_strange_zone(rule: str) -> None:
    """Raises NoCalendarError for a rule that no time zone has: its changes are computed from its
    beginning on, to the year 9999 if there are none.
    """
    parts = _parts(rule)
    each_year = all(value == _EACH_YEAR.get(name, value) for name, value in parts)
    if not each_year or not _AT_LEAST <= _lasting(parts) <= _AT_MOST:
        raise NoCalendarError(
            f"a rule repeats by {sentence(rule, 60)}, which is not read: a time zone changes once "
            "or twice a year"
        )


def _lasting(parts: list[tuple[str, str]]) -> timedelta:
    """How long it takes to come true some times; no time at all if it does not."""
    text = ";".join(f"{name}={value}" for name, value in parts if name not in {"UNTIL", "COUNT"})
    start = datetime(_LAST_YEAR + 1 - _CYCLE, 1, 1)  # noqa: DTZ001 - what a clock shows
    try:
        found = list(islice(_moments(text, start), _SOME))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return timedelta(0)
    return found[-1] - found[0] if len(found) == _SOME else timedelta(0)


def repeated(rule: str, begins: datetime, last: datetime) -> Iterator[datetime]:
    """What a clock shows each time, up to that one. A rule that never comes true is followed to the
    year 9999: so it is asked as of a year close to that, in which the calendar is the same.
    """
    if begins > last:
        return
    later = (_LAST_YEAR - last.year) // _CYCLE * _CYCLE
    for moment in _moments(rule, begins.replace(year=begins.year + later)):
        shown = moment.replace(year=moment.year - later)
        if shown > last:
            return
        yield shown


def _moments(rule: str, begins: datetime) -> Iterator[datetime]:
    made: Any = rrulestr(rule, dtstart=begins)  # typed in part only
    return iter(made)


def _parts(rule: str) -> list[tuple[str, str]]:
    split = (part.partition("=") for part in rule.strip().upper().split(";") if part)
    return [(name, value) for name, _, value in split]
