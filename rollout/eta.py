"""When a rollout will be through, learned from the batches it has behind it."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def estimate(
    now: datetime, batch_durations: Sequence[timedelta], batches_left: int, pause: timedelta
) -> datetime | None:
    """The estimated end: the batches to come take as long as those done took on average. None
    while none is done. `batches_left` includes one that has just begun.
    """
    if not batch_durations:
        return None
    average = sum(batch_durations, timedelta(0)) / len(batch_durations)
    return now + average * batches_left + pause * max(0, batches_left - 1)
