"""How far apart looks are while all is well: for the plan's cost, and for the batch itself."""

from datetime import timedelta
from math import ceil

SELDOM = timedelta(minutes=5)
"""The longest time between two looks at a batch, whatever is expected of it."""
_WIDENING = 5
"""The distance of looks is that part of what has been waited."""
_PARTS = 2
"""Of `stable` or a bake: there is a look in the middle and at the end, and more if it is long."""


def looks_until_stable(left: timedelta, interval: timedelta, stable: timedelta) -> int:
    """How many looks are taken, evenly spread, in what is left of the time for which a batch must
    stay healthy.
    """
    return ceil(left / max(interval, min(stable / _PARTS, SELDOM)))


def widening(waited: timedelta, most: timedelta, closest: timedelta) -> timedelta:
    """How far off the next look is at something that only takes its time, `most` as long as that:
    the longer it has taken, the farther, so that no wait is looked at more than some fifty times.
    """
    return max(closest, min(waited / _WIDENING, most - waited))
