"""When a batch is looked at next, and at what: closely when it is about to be through, seldom while
nothing can come of a look.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rollout.base import Value
from rollout.batch.allowance import Allowance
from rollout.batch.watch import Watch
from rollout.plan import SELDOM, looks_until_stable

POLICY_READ_EVERY = timedelta(minutes=10)
"""The longest time after which it is noticed that somebody has switched the upgrade policy."""
_EARLY, _ALONE, _SPREAD = 0.02, 0.2, 0.3
"""How long before the quickest batch so far was healthy the first look is: a share of that time,
the larger the fewer instances a batch has (VMs differ by a tenth, and the slowest of few by more
than that of many), and the smaller the more batches there were; or a share of the difference
between the quickest and the slowest.
"""
_CLOSE, _UNLEARNED = 10, 5
"""Near the expected moment, so many looks are taken in the policy's interval; in the first batch,
of which nothing is expected, fewer.
"""
_CLOSEST = timedelta(seconds=0.5)
"""Looks are never closer together than that."""
_FOR_A_PAGE = timedelta(seconds=1.5)
"""What each further page of a list adds to that: a quarter of the time in which Azure grants it."""
_WIDENING = 8
"""The distance of looks grows to the policy's interval: it is that part of the time past due."""


class Lesson(Value):
    """How long after it was sent a batch was healthy, and at the last look before that (0 if there
    was none); and how long its instances took for that after Azure's operation had ended, if that
    was seen.
    """

    healthy: timedelta
    unready: timedelta = timedelta(0)
    boot: timedelta | None = None


class Expectation(Value):
    """How long after it was sent the quickest batch so far was healthy, and the slowest; None
    before the first. `unready` is the longest after which one was seen that was not yet, `boot` the
    shortest time between the end of Azure's operation and its health, and `batches` how many there
    were.
    """

    quickest: timedelta | None = None
    slowest: timedelta | None = None
    unready: timedelta = timedelta(0)
    boot: timedelta | None = None
    batches: int = 0

    def learning(self, lesson: Lesson) -> "Expectation":
        """With one more batch."""
        healthy, boots = lesson.healthy, (self.boot, lesson.boot)
        return Expectation(
            quickest=min(self.quickest or healthy, healthy),
            slowest=max(self.slowest or healthy, healthy),
            unready=max(self.unready, lesson.unready),
            boot=min((each for each in boots if each is not None), default=None),
            batches=self.batches + 1,
        )

    def first_look(self, close: timedelta, instances: int) -> timedelta:
        """How long after it was sent a batch of so many instances is worth a look. If several took
        equally long, not before that; half of it if each was healthy at the first look already.
        """
        if self.quickest is None or self.slowest is None:
            return timedelta(0)
        if not self.unready:
            return self.quickest / 2
        differ = self.slowest - self.quickest
        if not differ and self.batches > 1:
            return self.quickest
        unsure = self.quickest * max(_EARLY, _ALONE / (instances + 1)) / max(1, self.batches)
        return max(timedelta(0), self.quickest - max(unsure, differ * _SPREAD, close))


@dataclass(frozen=True)
class NextLook:
    """How long to wait; whether Azure's operation is enough of an answer then (`boots`: also if it
    has ended well, because the instances have to boot), and whether the batch may be through with
    it. `stretched` if the list is too long to be read any sooner.
    """

    after: timedelta
    operation_alone: bool = False
    boots: bool = False
    last: bool = False
    stretched: bool = False


@dataclass(frozen=True)
class Reach:
    """What can be asked: whether there is an operation of Azure's, of how many pages a list of the
    instances is, and how many of these Azure allows.
    """

    operation: bool = False
    pages: int = 1
    allowance: Allowance = field(default_factory=Allowance)

    def listable(self, now: datetime) -> timedelta:
        """How long it takes until the instances may be listed again."""
        return self.allowance.wait(self.pages, now)

    def looks(self, now: datetime, left: timedelta) -> int:
        """How many lists fit into that time, and leave another one for whoever reads next; at least
        the last.
        """
        fit = int(self.allowance.within(left, now) // self.pages) - 1
        far = left // self.listable(now) if self.listable(now) else fit
        return max(1, min(fit, far))


def next_look(watch: Watch, expected: Expectation, now: datetime, reach: Reach) -> NextLook:
    """The look after the last one, which was now."""
    if left := _left_to_settle(watch, now):
        return _settling(watch, left, now, reach)
    last = not watch.limits.stable
    learned = expected.quickest is not None
    if not watch.upgrading or (learned and reach.pages == 1 and not watch.doubtful):
        return _listing(watch, _near(watch, expected, now, reach), now, reach, last=last)
    if reach.operation and not watch.doubtful and watch.ended_at is None:
        boots = (expected.boot or timedelta(0)) > watch.limits.interval / _CLOSE
        distance = _until_ended(watch, expected, now) if learned else watch.limits.interval
        return NextLook(_in_time(watch, distance), operation_alone=True, boots=boots, last=last)
    if learned and not watch.doubtful:
        return _listing(watch, _near(watch, expected, now, reach), now, reach, last=last)
    return _listing(watch, watch.limits.interval, now, reach, last=last)


def _settling(watch: Watch, left: timedelta, now: datetime, reach: Reach) -> NextLook:
    """Evenly spread until the end, which is known to the second."""
    wanted = looks_until_stable(left, watch.limits.interval, watch.limits.stable)
    looks = min(wanted, reach.looks(now, left))
    after = _in_time(watch, max(left / looks, reach.listable(now)))
    return NextLook(after, last=looks == 1, stretched=looks < wanted)


def _listing(
    watch: Watch, distance: timedelta, now: datetime, reach: Reach, *, last: bool
) -> NextLook:
    wanted = _in_time(watch, distance)
    after = max(wanted, reach.listable(now))
    return NextLook(after, last=last, stretched=after > wanted)


def _left_to_settle(watch: Watch, now: datetime) -> timedelta:
    """All are healthy: when `stable` ends is known to the second; nothing if that is not so."""
    since = watch.healthy_at
    return max(timedelta(0), since + watch.limits.stable - now) if since else timedelta(0)


def _near(watch: Watch, expected: Expectation, now: datetime, reach: Reach) -> timedelta:
    """Until shortly before the batch should be healthy; from then on close, but no closer than so
    many pages can be read for a while.
    """
    close = _close(watch, expected) + (reach.pages - 1) * _FOR_A_PAGE
    first_look = watch.began + expected.first_look(close, len(watch.instance_ids))
    due = max(watch.upgraded_at or watch.began, first_look)
    if watch.ended_at and watch.upgraded_at is None:
        due = watch.ended_at + (expected.boot or timedelta(0))
    return _from(due, close, watch, now)


def _until_ended(watch: Watch, expected: Expectation, now: datetime) -> timedelta:
    """The same for the end of Azure's operation, after which the instances boot."""
    close = _close(watch, expected)
    healthy = expected.first_look(close, len(watch.instance_ids))
    first_look = healthy - (expected.boot or timedelta(0))
    return _from(watch.began + first_look, close, watch, now)


def _close(watch: Watch, expected: Expectation) -> timedelta:
    return max(_CLOSEST, watch.limits.interval / (_CLOSE if expected.quickest else _UNLEARNED))


def _from(due: datetime, close: timedelta, watch: Watch, now: datetime) -> timedelta:
    """Until it is due; from then on close, and less and less so the longer it takes."""
    if now < due:
        return min(due - now, SELDOM)
    return max(close, min(watch.limits.interval, (now - due) / _WIDENING))


def _in_time(watch: Watch, distance: timedelta) -> timedelta:
    """No later than the moment at which the batch has taken as long as it may."""
    left = watch.limits.timeout + watch.extension - watch.time.spent
    close = watch.limits.interval / _CLOSE
    return min(distance, max(left, close))
