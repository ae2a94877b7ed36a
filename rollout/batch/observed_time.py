"""Time in which somebody looked: what passes unseen is held against nobody."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_LATE = 2
"""How many intervals later than it was meant to be a look may come: a later one has left a gap."""


_MOST_ALLOWANCES = 10
"""After how many gaps there is time left in any case: looks may be far apart for good."""


@dataclass(frozen=True)
class ObservedTime:
    """How long something has been looked at. `last` is the last look, `reach` the longest time
    between two looks that counts as seen.
    """

    reach: timedelta
    last: datetime
    spent: timedelta = timedelta(0)
    allowances: int = 0

    @classmethod
    def begin(cls, interval: timedelta, now: datetime) -> "ObservedTime":
        return cls(reach=_reach(interval, interval), last=now)

    def reaching(self, distance: timedelta, interval: timedelta) -> "ObservedTime":
        """With the next look at that distance; it may be late as if it were at that interval."""
        return replace(self, reach=_reach(distance, interval))

    def gap(self, now: datetime) -> bool:
        """Whether nobody looked for too long, or the clock was set back."""
        return not timedelta(0) <= now - self.last <= self.reach

    def seen(self, now: datetime) -> timedelta:
        """How much of the time since the last look counts."""
        return min(max(now - self.last, timedelta(0)), self.reach)

    def looked(self, now: datetime) -> "ObservedTime":
        """With one more look."""
        return replace(self, last=now, spent=self.spent + self.seen(now))

    def allowing(self, least: timedelta, limit: timedelta) -> "ObservedTime":
        """With at least that time left to the limit."""
        if self.allowances >= _MOST_ALLOWANCES or self.spent + least <= limit:
            return self
        spent = max(limit - least, timedelta(0))
        return replace(self, spent=spent, allowances=self.allowances + 1)


def _reach(distance: timedelta, interval: timedelta) -> timedelta:
    return distance + _LATE * interval
