"""What is put into entities: little at a time, and no more for a later batch than for the first."""

from functools import cache

from benchmarks.replaying import approved_one_by_one
from benchmarks.turns import Watched

MOST_AT_ONCE = 4_000
"""The whole record of 100 batches was put with each event: 138,000 bytes."""
MOST_OF_A_BATCH = 9_000
"""Of 100 batches 7,500; before, 376,000."""
BATCHES = 30


@cache
def approved(batches: int) -> Watched:
    return approved_one_by_one(batches)


def test_no_put_is_large() -> None:
    assert max(approved(BATCHES).puts) <= MOST_AT_ONCE


def test_a_later_batch_puts_no_more_than_an_earlier_one() -> None:
    few, many = sum(approved(BATCHES // 2).puts), sum(approved(BATCHES).puts)
    assert many - few <= MOST_OF_A_BATCH * BATCHES / 2
