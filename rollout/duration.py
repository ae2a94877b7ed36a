"""Durations on the wire: ISO 8601 text such as "PT15M", never negative."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema


def _iso_text(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and value.startswith("-"):
        raise ValueError("must not be negative")
    if not isinstance(value, str) or not value.startswith("P") or value[-1] in "PT":
        raise ValueError('must be an ISO 8601 duration such as "PT15M" or "P1D"')
    return value


def _above_zero(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("must be longer than zero")
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(_iso_text),
    WithJsonSchema({"type": "string", "format": "duration", "examples": ["PT15M"]}),
]
PositiveDuration = Annotated[Duration, AfterValidator(_above_zero)]


def spoken(duration: timedelta) -> str:
    """A duration as people say it: "1 h 5 min", "15 min", "40 s"."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    said = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(said[:2]) or "0 s"
