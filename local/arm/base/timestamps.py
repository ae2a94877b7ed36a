"""Instants as ARM writes them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)  # a page of VMs repeats few instants many times
def instant(moment: datetime) -> str:
    """Seven-digit fractions and +00:00: "2024-08-26T08:30:21.6338452+00:00"."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0+00:00"


def ticks(moment: datetime) -> int:
    """Units of 100 ns since the year 1, as .NET counts time."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 10
