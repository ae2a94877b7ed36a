"""May a batch begin now? It must end inside the window, and before the next freeze."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rollout.base import Proceed, spoken
from rollout.windows.calendar import Calendar
from rollout.windows.feed import ASKED_AGAIN
from rollout.windows.span import Span
from rollout.windows.zone import spoken_in


@dataclass(frozen=True)
class Length:
    """How long a batch is likely to take, as learned, and how long at worst, by its policy."""

    worst: timedelta
    likely: timedelta = timedelta(0)

    @property
    def needed(self) -> timedelta:
        return max(self.worst, self.likely)

    @property
    def spoken(self) -> str:
        """In words: "15 min at worst (likely 4 min)"."""
        likely = f" (likely {spoken(self.likely)})" if self.likely else ""
        return f"{spoken(self.worst)} at worst{likely}"


@dataclass(frozen=True)
class Closed:
    """Nothing may begin before that moment, or at all in the year to come; and why. `unread`: until
    a calendar can be read, which is tried then.
    """

    until: datetime | None
    reason: str
    unread: bool = False


def may_begin_at(
    calendar: Calendar, now: datetime, length: Length
) -> Proceed[datetime | None] | Closed:
    """Whether a batch may begin now, and the last moment at which it may (None: at any)."""
    if calendar.empty:
        return Proceed(None)
    if unread := calendar.unread(now):
        return Closed(now + ASKED_AGAIN, unread, unread=True)
    begins = calendar.earliest(now, length.needed)
    if begins == now:
        return Proceed(_last_moment(calendar, now, length.needed))
    return Closed(begins, _why(calendar, now, length))


def _last_moment(calendar: Calendar, now: datetime, needed: timedelta) -> datetime:
    [span, *_] = calendar.open_in(Span(now, now + max(needed, timedelta(days=8))))
    return span.ends - needed


def _why(calendar: Calendar, now: datetime, length: Length) -> str:
    """Why a batch of that length must not begin now."""
    if freeze := calendar.frozen(now):
        return freeze.spoken
    spans = calendar.open_in(Span(now, now + length.needed))
    if not spans or spans[0].begins > now:
        return f"no window is open ({calendar.spoken})"
    ends = spans[0].ends
    left = f"{spoken(ends - now)}, and a batch takes {length.spoken}"
    if freeze := calendar.frozen(ends):
        return f"a freeze begins in {left}: {freeze.reason}"
    return f"the window closes at {spoken_in(calendar.zone, ends)}, in {left}"


def until_when(calendar: Calendar, closed: Closed) -> str:
    """In words: "until Tue 2026-12-01 22:00 UTC, because no window is open (...)"."""
    if closed.unread:
        return f"until {closed.reason}"
    if closed.until is None:
        return f"for more than a year, because {closed.reason}"
    return f"until {spoken_in(calendar.zone, closed.until)}, because {closed.reason}"


def schedule(calendar: Calendar, now: datetime, lengths: Sequence[Length]) -> list[datetime]:
    """When each of these batches could begin, one after the other, if each takes as long as it may;
    fewer, if there is no such moment for the next one.
    """
    begun: list[datetime] = []
    for length in lengths:
        begins = calendar.earliest(now, length.needed)
        if begins is None:
            break
        begun.append(begins)
        now = begins + length.needed
    return begun
