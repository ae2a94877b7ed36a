"""Spans of time, and sorted lists of them that neither touch nor overlap."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From a moment, to another one that is no part of it."""

    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        return self.ends - self.begins

    def has(self, moment: datetime) -> bool:
        return self.begins <= moment < self.ends


def joined(spans: Iterable[Span]) -> list[Span]:
    """All that is in any of them."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.begins <= found[-1].ends:
            found[-1] = Span(found[-1].begins, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return found


def common(these: Sequence[Span], those: Sequence[Span]) -> list[Span]:
    """All that is in both lists."""
    both = (Span(max(a.begins, b.begins), min(a.ends, b.ends)) for a in these for b in those)
    return joined(span for span in both if span.begins < span.ends)


def without(these: Sequence[Span], those: Sequence[Span]) -> list[Span]:
    """What is in the first list and not in the other one."""
    left = list(these)
    for taken in those:
        parts = (part for span in left for part in _outside(span, taken))
        left = [part for part in parts if part.begins < part.ends]
    return left


def _outside(span: Span, taken: Span) -> list[Span]:
    before = Span(span.begins, min(span.ends, taken.begins))
    after = Span(max(span.begins, taken.ends), span.ends)
    return [before, after]
