"""When a rollout will be done, estimated from its finished batches."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rollout.base import Phase

MOVING = frozenset({Phase.PENDING, Phase.PROGRESSING, Phase.ROLLING_BACK})
"""The phases with an end in sight: what waits for people takes as long as they do."""


def estimate(
    now: datetime, batch_durations: Sequence[timedelta], batches_left: int, pause: timedelta
) -> datetime | None:
    """The estimated end: remaining batches take as long as finished ones took on average. None
    until one is finished. `batches_left` includes one that has just begun.
    """
    if not batch_durations:
        return None
    average = sum(batch_durations, timedelta(0)) / len(batch_durations)
    return now + average * batches_left + pause * max(0, batches_left - 1)
