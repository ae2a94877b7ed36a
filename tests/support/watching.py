"""Watches over a batch, from what each look shows."""

from datetime import datetime

from builders import START, limits, reading, seconds, throttled

from rollout.base import Proceed, Stop, Wait
from rollout.batch import (
    Operation,
    OperationState,
    SendAgain,
    Verdict,
    Watch,
    WatchLimits,
    judge,
)

THROUGH = Proceed(Verdict())
RUNNING = Operation(state=OperationState.RUNNING)
SUCCEEDED = Operation(state=OperationState.SUCCEEDED)
FAILED = Operation(state=OperationState.FAILED, error="OSProvisioningTimedOut: no answer in time")
PREEMPTED = Operation(
    state=OperationState.FAILED, error="OperationPreempted: by another one", interrupted=True
)
LOST = Operation(state=OperationState.LOST)
CLOSE = limits(interval=15)
"""Looks that are more than 45 seconds apart leave a gap."""

type Look = tuple[float, str | None]
"""Seconds after the start, and the letters read then; None for a look that failed."""


def watched(
    *looks: Look,
    operation: Operation | None = RUNNING,
    ids: str = "3",
    within: WatchLimits | None = None,
) -> Watch:
    watch = Watch.begin(list(ids), within or limits(), START)
    for after, letters in looks:
        if letters is None:
            watch = watch.unseen(throttled())
        else:
            watch = watch.seen(reading(letters, ids, operation), at(after))
    return watch


def at(after: float) -> datetime:
    return START + seconds(after)


def verdict(
    *looks: Look,
    operation: Operation | None = RUNNING,
    ids: str = "3",
    within: WatchLimits | None = None,
) -> Proceed[Verdict] | Wait | Stop | SendAgain:
    """The verdict right after the last look."""
    watch = watched(*looks, operation=operation, ids=ids, within=within)
    return judge(watch, at(looks[-1][0]))


def failed(**reasons: str) -> Proceed[Verdict]:
    """The batch is over, and these instances have failed."""
    return Proceed(Verdict(failed={key.removeprefix("i"): why for key, why in reasons.items()}))
