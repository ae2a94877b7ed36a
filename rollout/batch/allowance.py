"""How many pages of a scale set's instances may be listed, by Azure's budget for that."""

from datetime import datetime, timedelta
from math import ceil

from rollout.base import Value
from rollout.inventory import Listing

_MOST = 30
_EACH_MINUTE = 10
"""Azure's budget of one scale set: HighCostGetVMScaleSetResource, recorded in 2024."""
_PAGE = 100
"""Instances on a page, as far as anybody has seen."""
_LEAST = 0.5
"""What is counted on for each minute, however much of the budget others use."""
_TELLS = timedelta(seconds=30)
"""How far apart two lists must be to tell how fast the budget grows."""
_MINUTE = timedelta(minutes=1)


def pages_of(instances: int) -> int:
    """How many pages a list of so many instances has, if none was read yet."""
    return max(1, ceil(instances / _PAGE))


class Allowance(Value):
    """What was left of the budget at that moment, in pages: it may be in debt, and grows again by
    so much each minute. Each page is assumed to count, until Azure says what is left.
    """

    pages: float = _MOST
    at: datetime | None = None
    each_minute: float = _EACH_MINUTE

    def now(self, now: datetime) -> float:
        """How many pages may be listed now."""
        grown = self._passed(now) / _MINUTE * self.each_minute
        return min(max(_MOST, self.pages), self.pages + grown)

    def within(self, left: timedelta, now: datetime) -> float:
        """How many pages may be listed in that time, if none of it goes to waste."""
        return self.now(now) + left / _MINUTE * self.each_minute

    def spending(self, pages: int, now: datetime) -> "Allowance":
        """After a list of so many pages."""
        left = self.now(now) - pages
        return self.model_copy(update={"pages": left, "at": now})

    def after(self, listing: Listing, now: datetime) -> "Allowance":
        """After that list: Azure's own word counts, if it has said what is left."""
        if listing.left is None:
            return self.spending(listing.pages, now)
        growth = self._growth(listing.left + listing.pages, now)
        return Allowance(pages=listing.left, at=now, each_minute=growth)

    def wait(self, pages: int, now: datetime) -> timedelta:
        """Until a list of so many pages fits; of more than the whole budget, until that is full."""
        lacking = min(pages, _MOST) - self.now(now)
        return max(0.0, lacking) / self.each_minute * _MINUTE

    def _growth(self, found: float, now: datetime) -> float:
        """How fast it grows, by what was found of it now: others may use the same budget."""
        if found >= _MOST:
            return _EACH_MINUTE
        if self._passed(now) < _TELLS:
            return self.each_minute
        grown = (found - self.pages) / (self._passed(now) / _MINUTE)
        return min(_EACH_MINUTE, max(_LEAST, grown))

    def _passed(self, now: datetime) -> timedelta:
        return max(timedelta(0), now - self.at) if self.at else timedelta(0)
