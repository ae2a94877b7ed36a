"""Windows and freezes together: when anything may run."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rollout.base import Value
from rollout.windows.feed import FreezeCalendar, FreezeEntry, FreezeFeed
from rollout.windows.freeze import Freeze
from rollout.windows.span import Span, common, joined, without
from rollout.windows.window import Window

_A_WEEK, _LONG = timedelta(days=8), timedelta(days=400)
"""How far ahead is looked: windows come back each week, and a freeze may last for a year."""

_FEW = 3
"""So many windows a message names."""


class Calendar(Value):
    """Batches run only while a window of each of these lists is open (what the request says, and
    what the app says), and no freeze holds: neither one that was said, nor one of `feeds`, which
    are calendars that stand elsewhere.
    """

    windows: list[list[Window]] = []
    freezes: list[Freeze] = []
    feeds: list[FreezeFeed] | None = None

    @classmethod
    def of(cls, windows: list[Window], entries: Sequence[FreezeEntry]) -> "Calendar":
        """What a request or the app's settings say."""
        sources = [entry for entry in entries if isinstance(entry, FreezeCalendar)]
        return cls(
            windows=[windows] if windows else [],
            freezes=[entry for entry in entries if isinstance(entry, Freeze)],
            feeds=[FreezeFeed(source=source) for source in sources] or None,
        )

    @property
    def empty(self) -> bool:
        """Whether it holds nothing up."""
        return not (self.freezes or self.feeds or any(self.windows))

    @property
    def known(self) -> list[Freeze]:
        """All freezes, wherever they stand."""
        return [*self.freezes, *(each for feed in self.feeds or () for each in feed.freezes)]

    def unread(self, now: datetime) -> str | None:
        """Until when nothing may begin, because nobody knows what is frozen."""
        return next(filter(None, (feed.unread(now) for feed in self.feeds or ())), None)

    def with_feeds(self, feeds: list[FreezeFeed]) -> "Calendar":
        """With what was read there now."""
        return self.model_copy(update={"feeds": feeds or None})

    def with_that_of(self, app: "Calendar") -> "Calendar":
        """Both hold: a request can narrow what the app says, and never widen it."""
        return Calendar(
            windows=[*self.windows, *app.windows],
            freezes=[*self.freezes, *app.freezes],
            feeds=[*(self.feeds or ()), *(app.feeds or ())] or None,
        )

    @property
    def zone(self) -> str:
        """In whose time people are told of it: that of the first window, or else freeze."""
        zones = [window.time_zone for each in self.windows for window in each]
        return [*zones, *(freeze.time_zone for freeze in self.known), "UTC"][0]

    @property
    def spoken(self) -> str:
        """Its windows in words, or the first of them."""
        named = [window.spoken for each in self.windows for window in each]
        more = f" and {len(named) - _FEW} more" if len(named) > _FEW else ""
        return "; ".join(named[:_FEW]) + more

    def opened(self, asked: Span) -> list[Span]:
        """When windows are open, whatever is frozen."""
        found = [asked]
        for windows in self.windows:
            spans = [span for window in windows for span in window.spans(asked)]
            found = common(found, joined(spans)) if windows else found
        return found

    def open_in(self, asked: Span) -> list[Span]:
        """When anything may run."""
        return without(self.opened(asked), joined(freeze.span for freeze in self.known))

    def earliest(self, now: datetime, length: timedelta) -> datetime | None:
        """When something that takes so long may begin, now or later, and end in the same open span;
        None if there is no such moment for more than a year.
        """
        for ahead in (_A_WEEK, _LONG):
            for span in self.open_in(Span(now, now + ahead + length)):
                if span.begins <= now + ahead and span.length >= length:
                    return span.begins
        return None

    def longest(self, now: datetime) -> timedelta:
        """The longest time for which anything may run, in the year to come."""
        spans = self.open_in(Span(now, now + _LONG))
        return max((span.length for span in spans), default=timedelta(0))

    def frozen(self, now: datetime) -> Freeze | None:
        """The freeze that holds now, and holds the longest."""
        held = [freeze for freeze in self.known if freeze.span.has(now)]
        return max(held, key=lambda freeze: freeze.span.ends, default=None)
