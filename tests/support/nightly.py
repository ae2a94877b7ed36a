"""What is played each night as a whole, and otherwise in part."""

import os
from collections.abc import Sequence
from itertools import product

NIGHTLY = bool(os.environ.get("NIGHTLY"))


def some[T](cases: Sequence[T], every: int) -> Sequence[T]:
    """All of these cases at night; otherwise the first, and then each so many."""
    return cases if NIGHTLY else cases[::every]


def crossed[A, B](these: Sequence[A], those: Sequence[B]) -> Sequence[tuple[A, B]]:
    """Each of these with each of those at night; otherwise each of them at least once."""
    if NIGHTLY:
        return [*product(these, those)]
    pairs = range(max(len(these), len(those)))
    return [(these[n % len(these)], those[n % len(those)]) for n in pairs]
