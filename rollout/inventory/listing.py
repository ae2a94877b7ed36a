"""What a list of all instances has cost of Azure's budget."""

from datetime import datetime

from rollout.base import Value


class Listing(Value):
    """How many pages it had, how many more Azure said that it allows now (None if it did not say),
    and when it was answered, by Azure's clock.
    """

    pages: int = 1
    left: int | None = None
    at: datetime | None = None
