"""Stretches of time, and how many of them overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Interval:
    """From `start` up to, not including, `end`; FOREVER while it is open."""

    start: datetime
    end: datetime = FOREVER

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def within(self, other: "Interval") -> "Interval":
        """The part that lies in the other; empty when `end` is not after `start`."""
        return Interval(max(self.start, other.start), min(self.end, other.end))

    @property
    def is_empty(self) -> bool:
        return self.end <= self.start


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time in as few intervals as possible; those that touch become one."""
    joined: list[Interval] = []
    for interval in sorted(part for part in intervals if not part.is_empty):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined


def peak(intervals: Iterable[Interval]) -> int:
    """The highest number of intervals that overlap. One that ends frees its place first."""
    listed = list(intervals)
    steps = sorted(
        [(interval.start, 1) for interval in listed] + [(interval.end, -1) for interval in listed]
    )
    return max(accumulate(step for _, step in steps), default=0)
