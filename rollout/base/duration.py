"""Durations in JSON: ISO 8601 text such as "PT15M", never negative."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema


def _iso_text(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and value.startswith("-"):
        raise ValueError("must not be negative")
    if isinstance(value, str) and re.match(r"P[^T]*[YM]", value):
        raise ValueError('must not count years or months: use days, or "PT5M" for five minutes')
    if not isinstance(value, str) or not value.startswith("P") or value[-1] in "PT":
        raise ValueError('must be an ISO 8601 duration such as "PT15M" or "P1D"')
    return value


_LONGEST = timedelta(days=366)
_LONGEST_TIMER = timedelta(days=6)


def _not_too_long(value: timedelta) -> timedelta:
    if value > _LONGEST:
        raise ValueError("must not be longer than a year (P366D)")
    return value


def _fits_a_timer(value: timedelta) -> timedelta:
    """Durable's Azure Storage backend splits longer timers, and 1.x cannot cancel those."""
    if value > _LONGEST_TIMER:
        raise ValueError("must not be longer than six days (P6D)")
    return value


def _above_zero(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("must be longer than zero")
    return value


def _a_second_at_least(value: timedelta) -> timedelta:
    """What is done again and again at that distance would keep everything else from being done."""
    if value < timedelta(seconds=1):
        raise ValueError("must be at least a second (PT1S)")
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(_iso_text),
    AfterValidator(_not_too_long),
    WithJsonSchema({"type": "string", "format": "duration", "examples": ["PT15M"]}),
]
PositiveDuration = Annotated[Duration, AfterValidator(_above_zero)]
Pause = Annotated[Duration, AfterValidator(_fits_a_timer)]
Interval = Annotated[Pause, AfterValidator(_a_second_at_least)]


def limit(default: timedelta, description: str) -> Any:
    """A field that limits something; its default is validated like any other value."""
    return Field(default=default, validate_default=True, description=description)


def spoken(duration: timedelta) -> str:
    """A duration in words, in its two largest units: "4 d 20 h", "1 h 5 min", "15 min", "40 s"."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    units = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(units[:2]) or "0 s"
