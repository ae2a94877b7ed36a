"""Calendars of freezes that stand elsewhere: which there are, and what was read there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from rollout.base import FORM, Request, Secret, Text, Url, Value, host_of, spoken
from rollout.windows.freeze import Freeze
from rollout.windows.zone import Zone

_FRESH = timedelta(minutes=5)
"""What was read is not read again before that."""
_HOLDS = timedelta(days=1)
"""How long what was last read holds, if nothing can be read there."""
ASKED_AGAIN = timedelta(minutes=5)
"""When a calendar that nothing begins without is read again."""
LOOKED_AFTER = timedelta(hours=1)
"""How often calendars are read while a rollout waits: somebody may take a freeze away."""


class FreezeCalendar(Request):
    """An iCalendar file somewhere: each of its events is a freeze, and what it says is the reason
    that people read.
    """

    calendar: Url = Field(description='An https address, or {"secret": "NAME"}.')
    reason: Text | None = Field(
        default=None, min_length=1, description="Said before what each event says."
    )
    time_zone: Zone | None = Field(
        default=None,
        description="Of days and times that name no zone. Without it the calendar's own, or all "
        "that they may mean anywhere.",
    )

    @property
    def place(self) -> str:
        """How it is named in messages: without the path, in which many services carry a secret."""
        return host_of(self.calendar).partition("/")[0]

    @property
    def secrets(self) -> list[str]:
        """The names of those that it needs."""
        return [self.calendar.secret] if isinstance(self.calendar, Secret) else []


_DATES, _CALENDAR = f"{FORM}dates", f"{FORM}calendar"


def _form(value: object) -> str:
    if isinstance(value, Mapping):
        return _CALENDAR if "calendar" in value else _DATES
    return _CALENDAR if isinstance(value, FreezeCalendar) else _DATES


FreezeEntry = Annotated[
    Annotated[Freeze, Tag(_DATES)] | Annotated[FreezeCalendar, Tag(_CALENDAR)],
    Discriminator(_form),
]


class FreezeFeed(Value):
    """A calendar, and its freezes as they were at `read_at`, if it was ever read; `why` the last
    try, at `tried_at`, has failed.
    """

    source: FreezeCalendar
    freezes: list[Freeze] = []
    read_at: datetime | None = None
    tried_at: datetime | None = None
    why: str = ""

    def due(self, now: datetime) -> bool:
        """Whether it is to be read again."""
        return self.tried_at is None or abs(now - self.tried_at) >= _FRESH

    def unread(self, now: datetime) -> str | None:
        """Until when nothing may begin, because nobody knows what is frozen; None if that is known.
        Never "no freezes": what cannot be read may be one.
        """
        if self.read_at and now - self.read_at <= _HOLDS:
            return None
        last = f" (what was read last is older than {spoken(_HOLDS)})" if self.read_at else ""
        return f"the freezes at {self.source.place} can be read: {self.why or 'not tried'}{last}"

    def read(self, freezes: list[Freeze], now: datetime) -> "FreezeFeed":
        """As it stands there now."""
        return FreezeFeed(source=self.source, freezes=freezes, read_at=now, tried_at=now)

    def failed(self, why: str, now: datetime) -> "FreezeFeed":
        """It could not be read: what was read before holds for some time."""
        return self.model_copy(update={"why": why, "tried_at": now})
