"""Freezes: when no batch may run, and why."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictStr, model_validator

from rollout.base import Request, Text
from rollout.windows.span import Span
from rollout.windows.zone import Zone, first_shown, last_shown, spoken_in, zone_named

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
_EARLIEST, _LATEST = 1970, 2200
"""Years whose days no arithmetic with time zones leads out of the calendar."""


def _exists(text: str) -> bool:
    try:
        return _EARLIEST <= datetime.fromisoformat(text).year <= _LATEST
    except ValueError:
        return False


def _is_a_day_or_a_minute(text: str) -> str:
    if (_DATE.fullmatch(text) or _MINUTE.fullmatch(text)) and _exists(text):
        return text
    raise ValueError(
        f'{text!r} is neither a day nor a time of a day: write "2026-12-20" or "2026-12-20T18:00", '
        "without an offset, because the time zone has a field of its own"
    )


DayOrTime = Annotated[StrictStr, AfterValidator(_is_a_day_or_a_minute)]


class Freeze(Request):
    """From a day or a time to another one; a day counts as a whole. Its reason is what people
    read while a rollout waits for its end.
    """

    begins: DayOrTime = Field(alias="from", examples=["2026-12-20"])
    ends: DayOrTime = Field(
        alias="to", examples=["2027-01-06"], description="A day is frozen to its end."
    )
    time_zone: Zone = Field(examples=["Europe/Berlin"], description="Its IANA name.")
    reason: Text = Field(min_length=1, examples=["Year's end"])

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self._last <= self._first:
            raise ValueError(f"has no length: it begins at {self.begins} and ends at {self.ends}")
        return self

    @classmethod
    def lasting(cls, span: Span, time_zone: str, reason: str) -> "Freeze":
        """Exactly then, in that time zone if it is one that people may name, and a clock there
        tells which moments are meant; else in UTC.
        """
        try:
            freeze = cls._shown_in(time_zone, span, reason)
        except ValueError:
            return cls._shown_in("UTC", span, reason)
        return freeze if freeze.span == span else cls._shown_in("UTC", span, reason)

    @classmethod
    def _shown_in(cls, zone: str, span: Span, reason: str) -> "Freeze":
        begins, ends = (each.astimezone(zone_named(zone)) for each in span)
        said = {"from": f"{begins:%Y-%m-%dT%H:%M:%S}", "to": f"{ends:%Y-%m-%dT%H:%M:%S}"}
        return cls.from_request({**said, "timeZone": zone, "reason": reason})

    @property
    def _first(self) -> datetime:
        return datetime.fromisoformat(self.begins)

    @property
    def _last(self) -> datetime:
        if not _DATE.fullmatch(self.ends):
            return datetime.fromisoformat(self.ends)
        return datetime.combine(date.fromisoformat(self.ends) + timedelta(days=1), time(0))

    @property
    def span(self) -> Span:
        """Of an hour that exists twice, all that the freeze may mean."""
        zone = zone_named(self.time_zone)
        return Span(first_shown(zone, self._first), last_shown(zone, self._last))

    @property
    def spoken(self) -> str:
        """In words: "everything is frozen until Thu 2027-01-07 00:00 UTC: Year's end"."""
        until = spoken_in(self.time_zone, self.span.ends)
        return f"everything is frozen until {until}: {self.reason}"
