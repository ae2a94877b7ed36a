"""How many pages of a scale set's instances may be listed, by Azure's budget for that."""

from datetime import datetime, timedelta
from math import ceil

from rollout.base import Value

_MOST = 30
_EACH_MINUTE = 10
"""Azure's budget of one scale set: HighCostGetVMScaleSetResource, recorded in 2024."""
_PAGE = 100
"""Instances on a page, as far as anybody has seen; each is assumed to count."""


def pages_of(instances: int) -> int:
    """How many pages a list of so many instances has."""
    return max(1, ceil(instances / _PAGE))


class Allowance(Value):
    """What was left of the budget at that moment: it may be in debt, and grows again."""

    pages: float = _MOST
    at: datetime | None = None

    def now(self, now: datetime) -> float:
        """How many pages may be listed now."""
        grown = max(timedelta(0), now - self.at) / timedelta(minutes=1) if self.at else 0
        return min(_MOST, self.pages + grown * _EACH_MINUTE)

    def spending(self, pages: int, now: datetime) -> "Allowance":
        """After a list of so many pages."""
        return Allowance(pages=self.now(now) - pages, at=now)

    def wait(self, pages: int, now: datetime) -> timedelta:
        """Until a list of so many pages fits; of more than the whole budget, until that is full."""
        lacking = min(pages, _MOST) - self.now(now)
        return timedelta(minutes=max(0.0, lacking) / _EACH_MINUTE)
