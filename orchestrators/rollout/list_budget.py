"""Keeps a batch's lists of instances within Azure's budget."""

from datetime import timedelta

from orchestrators.engine import Context
from rollout.batch import Allowance
from rollout.inventory import Listing


class ListBudget:
    """What is left for lists of all instances, counted by what was read."""

    def __init__(self, context: Context, pages: int, allowance: Allowance) -> None:
        self._context = context
        self.pages = pages
        self.allowance = self._before = allowance

    def wait(self, lists: int = 1) -> timedelta:
        """Until so many lists are allowed."""
        return self.allowance.wait(lists * self.pages, self._context.current_utc_datetime)

    def spend(self) -> None:
        """A list is about to be read, or was."""
        self._before = self.allowance
        self.allowance = self.allowance.spending(self.pages, self._context.current_utc_datetime)

    def heard(self, listing: Listing | None) -> None:
        """What that list has really cost, which was counted before it was read."""
        if listing and listing.left is not None:
            now = self._context.current_utc_datetime
            self.allowance = self._before.after(listing, now)
        if listing:
            self.pages = listing.pages
