"""When a batch is looked at next, and at what: closely when it is about to be through, seldom while
nothing can come of a look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rollout.base import Value
from rollout.batch.watch import Watch
from rollout.plan import SELDOM, looks_until_stable

POLICY_READ_EVERY = timedelta(minutes=10)
"""The longest time after which it is noticed that somebody has switched the upgrade policy."""
_EARLY = 0.05
"""How long before the only batch so far was healthy the first look is: a share of that time."""
_CLOSE, _UNLEARNED = 5, 3
"""Near the expected moment, so many looks are taken in the policy's interval; in the first batch,
of which nothing is expected, fewer.
"""
_WIDENING = 8
"""The distance of looks grows to the policy's interval: it is that part of the time past due."""


class Expectation(Value):
    """How long after it was sent the quickest batch so far was healthy, and the slowest; None
    before the first.
    """

    quickest: timedelta | None = None
    slowest: timedelta | None = None

    def learning(self, healthy: timedelta | None) -> "Expectation":
        """With one more batch; None if it never was healthy as a whole."""
        if healthy is None:
            return self
        quickest, slowest = self.quickest or healthy, self.slowest or timedelta(0)
        return Expectation(quickest=min(quickest, healthy), slowest=max(slowest, healthy))

    def first_look(self, close: timedelta) -> timedelta:
        """How long after it was sent a batch is worth a look: the earlier, the more they differ."""
        if self.quickest is None or self.slowest is None:
            return timedelta(0)
        alike = self.quickest == self.slowest
        before = self.quickest * _EARLY if alike else (self.slowest - self.quickest) / 2
        return max(timedelta(0), self.quickest - max(before, close))


@dataclass(frozen=True)
class NextLook:
    """How long to wait; whether Azure's operation is enough of an answer then, and whether the
    batch may be through with it. `stretched` if the list is too long to be read any sooner.
    """

    after: timedelta
    operation_alone: bool = False
    last: bool = False
    stretched: bool = False


@dataclass(frozen=True)
class Reach:
    """What can be asked: whether there is an operation of Azure's, and how long it takes until the
    instances may be listed again.
    """

    operation: bool = False
    listable: timedelta = timedelta(0)


def next_look(watch: Watch, expected: Expectation, now: datetime, reach: Reach) -> NextLook:
    """The look after the last one, which was now."""
    if left := _left_to_settle(watch, now):
        return _settling(watch, left, reach.listable)
    last = not watch.limits.stable
    if watch.upgrading and (expected.quickest is None or watch.doubtful):
        alone = reach.operation and not watch.doubtful
        if alone:
            return NextLook(_in_time(watch, watch.limits.interval), operation_alone=True, last=last)
        return _listing(watch, watch.limits.interval, reach, last=last)
    return _listing(watch, _near(watch, expected, now), reach, last=last)


def _settling(watch: Watch, left: timedelta, listable: timedelta) -> NextLook:
    """Evenly spread until the end, which is known to the second."""
    wanted = looks_until_stable(left, watch.limits.interval, watch.limits.stable)
    looks = min(wanted, max(1, left // listable)) if listable else wanted
    after = _in_time(watch, max(left / looks, listable))
    return NextLook(after, last=looks == 1, stretched=looks < wanted)


def _listing(watch: Watch, distance: timedelta, reach: Reach, *, last: bool) -> NextLook:
    wanted = _in_time(watch, distance)
    after = max(wanted, reach.listable)
    return NextLook(after, last=last, stretched=after > wanted)


def _left_to_settle(watch: Watch, now: datetime) -> timedelta:
    """All are healthy: when `stable` ends is known to the second; nothing if that is not so."""
    since = watch.healthy_at
    return max(timedelta(0), since + watch.limits.stable - now) if since else timedelta(0)


def _near(watch: Watch, expected: Expectation, now: datetime) -> timedelta:
    """Until shortly before the batch should be healthy; from then on close, and less and less so
    the longer it takes.
    """
    interval = watch.limits.interval
    close = interval / (_CLOSE if expected.quickest else _UNLEARNED)
    due = max(watch.upgraded_at or watch.began, watch.began + expected.first_look(close))
    if now < due:
        return min(due - now, SELDOM)
    return min(interval, max(close, (now - due) / _WIDENING))


def _in_time(watch: Watch, distance: timedelta) -> timedelta:
    """No later than the moment at which the batch has taken as long as it may."""
    left = watch.limits.timeout + watch.extension - watch.time.spent
    close = watch.limits.interval / _CLOSE
    return min(distance, max(left, close))
