"""Is the batch done? Each instance must run the target image and be healthy without a break."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rollout.base import ArmError, Cell
from rollout.batch.observed_time import ObservedTime
from rollout.batch.operation import Operation, OperationState
from rollout.batch.reading import BatchReading, Observation

ABSENT = {Observation.GONE, Observation.OFF, Observation.DELETING}
"""What takes an instance out of its batch without being a failure."""
NOT_ON_TARGET = {Observation.OLD_IMAGE, Observation.UPDATING}
_WITNESSES = 2
"""How many looks in a row must show that an instance is absent: a list may lack one once."""
LONGEST_OPERATION = timedelta(hours=2)
"""How long Azure's own operation is waited for: an extension may take 90 minutes, so it may take
longer than that (Azure documents 90 minutes as the limit of extensions).
"""


@dataclass(frozen=True)
class WatchLimits:
    """How long an instance must be healthy (`stable`), may say that it is unhealthy
    (`unhealthy_after`), and how long the batch may take (`timeout`); all of it as time in which
    somebody looked. `interval` is the time between two looks.
    """

    stable: timedelta
    timeout: timedelta
    interval: timedelta
    unhealthy_after: timedelta


@dataclass(frozen=True)
class Streak:
    """An unbroken run of looks that showed the same. `observed` is how long somebody looked."""

    observation: Observation
    since: datetime
    looks: int = 1
    observed: timedelta = timedelta(0)

    def followed_by(self, observation: Observation, now: datetime, seen: timedelta) -> "Streak":
        """With one more look; `seen` is what counts of the time since the last one."""
        if observation is not self.observation:
            return Streak(observation, now)
        return replace(self, looks=self.looks + 1, observed=self.observed + seen)

    def began_healthy(self, now: datetime) -> bool:
        """Whether it is the look of now that has shown it healthy first."""
        return self.observation is Observation.HEALTHY and self.looks == 1 and self.since == now


@dataclass(frozen=True)
class Watch:
    """What has been observed of a batch so far. `unread` is the error of the last look, if it
    failed; `failed_looks` is how many have failed in a row. `extension` is added to the timeout,
    because Azure's own operation took so long.
    """

    instance_ids: list[str]
    limits: WatchLimits
    began: datetime
    time: ObservedTime
    extension: timedelta
    streaks: Mapping[str, Streak]
    operation: Operation | None = None
    unread: ArmError | None = None
    failed_looks: int = 0
    seen_at: datetime | None = None
    upgraded_at: datetime | None = None
    """The first look that showed all of them on the target image, but for those that have failed.
    """
    ran_at: datetime | None = None
    ended_at: datetime | None = None
    """The last look at which Azure's operation was running, and the first at which it had ended."""
    unready_at: datetime | None = None
    """The last look at which not all of them were healthy yet."""
    upgrade_policy: str = "Manual"
    policy_read_at: datetime | None = None
    following_still: bool = False
    """Whether the last look has shown the next batch to be still."""

    @classmethod
    def begin(cls, instance_ids: list[str], limits: WatchLimits, now: datetime) -> "Watch":
        unseen = Streak(Observation.OLD_IMAGE, now, looks=0)
        time = ObservedTime.begin(limits.interval, now)
        streaks = dict.fromkeys(instance_ids, unseen)
        return cls(instance_ids, limits, now, time, timedelta(0), streaks)

    def seen(self, reading: BatchReading, now: datetime) -> "Watch":
        """This watch after one more read. After a gap in which nobody could look, there is time
        for the instances to be healthy for long enough.
        """
        time, policy = self.time.looked(now), reading.upgrade_policy
        if self.time.gap(now):
            least = self.limits.stable + 2 * self.limits.interval
            time = time.allowing(least, self.limits.timeout + self.extension)
        asked = replace(
            self,
            time=time,
            operation=reading.operation or self.operation,
            ran_at=now if reading.running else self.ran_at,
            ended_at=self.ended_at or (now if reading.ended else None),
            unread=None,
            failed_looks=0,
            upgrade_policy=policy or self.upgrade_policy,
            policy_read_at=now if policy else self.policy_read_at,
        )
        looked = asked if reading.operation_alone else asked.showing(reading, now, self.time)
        if looked.healthy_at is None:
            looked = replace(looked, unready_at=now)
        return (looked.extended() if looked.unjudged else looked).in_favour(self, now)

    def showing(self, reading: BatchReading, now: datetime, before: ObservedTime) -> "Watch":
        """With what was read of the instances; `before` is the time up to then."""
        observations = reading.by_instance(self.instance_ids)
        seen, still_old = before.seen(now), NOT_ON_TARGET & set(observations.values())
        return replace(
            self,
            streaks={
                instance_id: streak.followed_by(observations[instance_id], now, seen)
                for instance_id, streak in self.streaks.items()
            },
            seen_at=now,
            upgraded_at=self.upgraded_at or (None if still_old else now),
            following_still=reading.following_still,
        )

    def pausing(self, distance: timedelta) -> "Watch":
        """Until a next look at that distance: what passes until then will have been seen."""
        interval = self.limits.interval
        return replace(self, time=self.time.reaching(max(distance, interval), interval))

    def extended(self) -> "Watch":
        """With half of the timeout left: whoever Azure is still working on needs it afterwards."""
        needed = self.time.spent - self.limits.timeout / 2
        return replace(self, extension=max(self.extension, needed))

    def in_favour(self, before: "Watch", now: datetime) -> "Watch":
        """With time to be healthy for long enough, for whoever is healthy now and may have been so
        in good time, when nobody looked. `before` is the watch before this look.
        """
        lacking = self.time.spent + self.limits.stable - self.limits.timeout
        recovered = any(streak.began_healthy(now) for streak in self.streaks.values())
        if not recovered or lacking > before.time.seen(now):
            return self
        return replace(self, extension=max(self.extension, lacking))

    def unseen(self, error: ArmError) -> "Watch":
        """This watch after a read that failed: that says nothing about any instance."""
        return replace(self, unread=error, failed_looks=self.failed_looks + 1)

    def observation(self, instance_id: str) -> Observation:
        return self.streaks[instance_id].observation

    @property
    def healthy_at(self) -> datetime | None:
        """Since when all that are there have been healthy without a break."""
        there = [each for each in self.streaks.values() if each.observation not in ABSENT]
        if any(each.observation is not Observation.HEALTHY for each in there):
            return None
        return max((each.since for each in there), default=None)

    @property
    def boot(self) -> timedelta | None:
        """How long they took to be healthy after Azure's operation had ended, which was between two
        looks; None unless it was seen both running and ended.
        """
        if self.healthy_at is None or self.ran_at is None or self.ended_at is None:
            return None
        ended = self.ran_at + (self.ended_at - self.ran_at) / 2
        return max(timedelta(0), self.healthy_at - ended)

    @property
    def upgrading(self) -> bool:
        """Whether some of them are not known to run the target image yet."""
        return any(each.observation in NOT_ON_TARGET for each in self.streaks.values())

    @property
    def doubtful(self) -> bool:
        """Whether the instances do not tell how they are: one has failed, or has been seen on the
        old image, or the time is running out. Then Azure's operation is asked, too.
        """
        if self.time.spent >= self.limits.timeout / 2:
            return True
        seen = {each.observation for each in self.streaks.values() if each.looks}
        return bool(seen & {Observation.FAILED, Observation.OLD_IMAGE})

    @property
    def waiting(self) -> list[str]:
        """The instances that are not through."""
        return [each for each in self.instance_ids if not self.settled(each)]

    @property
    def overdue(self) -> bool:
        """Whether the batch has taken as long as it may."""
        return self.time.spent >= self.limits.timeout + self.extension

    @property
    def delayed(self) -> bool:
        """Whether it would be over but for Azure's own operation."""
        return bool(self.unjudged) and self.time.spent >= self.limits.timeout

    @property
    def unjudged(self) -> list[str]:
        """Instances that Azure is still working on: its own operation has not ended."""
        if self.operation is None or not self.operation.running:
            return []
        if self.time.spent >= max(self.limits.timeout, LONGEST_OPERATION):
            return []
        return [each for each in self.waiting if self.observation(each) in NOT_ON_TARGET]

    def settled(self, instance_id: str) -> bool:
        """Whether that instance has been observed healthy for long enough, or is absent. Time after
        the last read does not count: nobody knows the instance's health then.
        """
        streak = self.streaks[instance_id]
        if streak.observation in ABSENT:
            return streak.looks >= _WITNESSES
        healthy = streak.looks and streak.observation is Observation.HEALTHY
        lasts = (self.seen_at or streak.since) - streak.since
        return bool(healthy) and lasts >= self.limits.stable

    def lost(self, instance_id: str) -> bool:
        """Whether there is no point in waiting for that instance any longer: it has said for too
        long that it is unhealthy; or the operation has ended, and the instance has failed, or a
        failed operation left it on the old image.
        """
        streak = self.streaks[instance_id]
        if streak.observation is Observation.UNHEALTHY:
            return streak.observed >= self.limits.unhealthy_after
        if self.operation is None or not self.operation.ended:
            return False
        failed = self.operation.state is OperationState.FAILED
        left = failed and streak.observation is Observation.OLD_IMAGE
        return left or streak.observation is Observation.FAILED

    def cells(self) -> dict[str, Cell]:
        """The state of each instance while the batch runs."""
        return {instance_id: self._cell(instance_id) for instance_id in self.instance_ids}

    def _cell(self, instance_id: str) -> Cell:
        observation = self.observation(instance_id)
        if observation is Observation.HEALTHY and self.settled(instance_id):
            return Cell.DONE
        return _CELLS[observation]


_CELLS = {
    Observation.GONE: Cell.GONE,
    Observation.OFF: Cell.SKIPPED,
    Observation.DELETING: Cell.SKIPPED,
    Observation.OLD_IMAGE: Cell.UPGRADING,
    Observation.UPDATING: Cell.UPGRADING,
    Observation.FAILED: Cell.FAILED,
    Observation.HEALTHY: Cell.SETTLING,
    Observation.UNHEALTHY: Cell.CHECKING,
    Observation.UNKNOWN: Cell.CHECKING,
    Observation.INITIALIZING: Cell.CHECKING,
}
