"""Weekly windows: when batches may run."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StrictStr, StringConstraints, model_validator

from rollout.base import Request
from rollout.windows.span import Span
from rollout.windows.zone import Zone, shown_between, zone_named

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_DAY, _TWO_DAYS = timedelta(days=1), timedelta(days=2)

Clock = Annotated[StrictStr, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
ClockOrMidnight = Annotated[
    StrictStr, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")
]


class Window(Request):
    """From a time to another one, on some days of the week. If it ends no later than it begins, it
    ends on the next day.
    """

    days: list[Day] = Field(
        default=list(WEEK), min_length=1, max_length=7, description="On which it begins."
    )
    begins: Clock = Field(alias="from", examples=["22:00"])
    ends: ClockOrMidnight = Field(
        alias="to", examples=["05:00"], description="24:00 is the end of the day."
    )
    time_zone: Zone = Field(examples=["Europe/Berlin"], description="Its IANA name.")

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.begins == self.ends:
            raise ValueError(
                f"has no length: it begins and ends at {self.begins}. A whole day is from 00:00 to "
                "24:00"
            )
        return self

    @property
    def spoken(self) -> str:
        """In words: "mon, tue 22:00-05:00 Europe/Berlin"."""
        days = "daily" if set(self.days) == set(WEEK) else ", ".join(self.days)
        return f"{days} {self.begins}-{self.ends} {self.time_zone}"

    def spans(self, asked: Span) -> Iterator[Span]:
        """When it is open, for as long as any of that is in the span."""
        zone = zone_named(self.time_zone)
        day = (asked.begins - _TWO_DAYS).astimezone(zone).date()
        last = (asked.ends + _TWO_DAYS).astimezone(zone).date()
        while day <= last:
            if WEEK[day.weekday()] in self.days:
                yield from shown_between(zone, *self._shown_on(day))
            day += _A_DAY

    def _shown_on(self, day: date) -> tuple[datetime, datetime]:
        """Of the one that begins on that day: what a clock shows when it begins, and ends."""
        begins = datetime.combine(day, time.fromisoformat(self.begins))
        if self.ends == "24:00":
            return begins, datetime.combine(day + _A_DAY, time(0))
        ends = datetime.combine(day, time.fromisoformat(self.ends))
        return begins, ends if ends > begins else ends + _A_DAY
