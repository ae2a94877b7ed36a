"""Is the batch through? Each instance must run the target image and be healthy without a break."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rollout.cell import Cell
from rollout.problem import ArmError
from rollout.reading import BatchReading, Operation, OperationState, Reading


@dataclass(frozen=True)
class Watch:
    """What has been seen of a batch so far.

    `healthy_since` holds the moment of the first of an unbroken run of healthy reads; an instance
    without one is not healthy on the target image now. `stable` and `deadline` bound the watch.
    """

    instance_ids: list[str]
    stable: timedelta
    deadline: datetime
    last: Mapping[str, Reading]
    healthy_since: Mapping[str, datetime]
    operation: Operation | None = None
    unread: ArmError | None = None
    seen_at: datetime | None = None
    upgrade_policy: str = "Manual"

    @classmethod
    def begin(cls, instance_ids: list[str], stable: timedelta, deadline: datetime) -> "Watch":
        return cls(instance_ids, stable, deadline, dict.fromkeys(instance_ids, Reading.OLD), {})

    def seen(self, reading: BatchReading, now: datetime) -> "Watch":
        """This watch after one more look."""
        last = reading.of(self.instance_ids)
        since = {
            one: self.healthy_since.get(one, now)
            for one, letter in last.items()
            if letter is Reading.HEALTHY
        }
        return replace(
            self,
            last=last,
            healthy_since=since,
            operation=reading.operation,
            unread=None,
            seen_at=now,
            upgrade_policy=reading.upgrade_policy,
        )

    def unseen(self, error: ArmError) -> "Watch":
        """This watch after a look that failed: that says nothing about any instance."""
        return replace(self, unread=error)

    def settled(self, one: str) -> bool:
        """Whether that instance was seen healthy for long enough, or is not there to wait for.
        Time that passed without a look does not count: nobody knows how it was.
        """
        if self.last[one] is Reading.GONE:
            return True
        since, last_look = self.healthy_since.get(one), self.seen_at
        return since is not None and last_look is not None and last_look - since >= self.stable

    def lost(self, one: str) -> bool:
        """Whether waiting longer for that instance makes no sense: the operation has ended, and
        the instance has failed, or was left on the old image by an operation that failed.
        """
        if self.operation is None or self.operation.state is OperationState.RUNNING:
            return False
        left_behind = self.operation.state is OperationState.FAILED
        letter = self.last[one]
        return letter is Reading.FAILED or (left_behind and letter is Reading.OLD)

    def cells(self) -> dict[str, Cell]:
        """The batch as people see it while it runs."""
        return {
            one: Cell.DONE if letter is Reading.HEALTHY and self.settled(one) else _CELLS[letter]
            for one, letter in self.last.items()
        }

    def final_cell(self, one: str) -> Cell:
        """What an instance that is through has become: done, or gone."""
        return Cell.GONE if self.last[one] is Reading.GONE else Cell.DONE


_CELLS = {
    Reading.GONE: Cell.GONE,
    Reading.OLD: Cell.UPGRADING,
    Reading.UPDATING: Cell.UPGRADING,
    Reading.FAILED: Cell.FAILED,
    Reading.HEALTHY: Cell.SETTLING,
    Reading.UNHEALTHY: Cell.CHECKING,
    Reading.UNKNOWN: Cell.CHECKING,
    Reading.INITIALIZING: Cell.CHECKING,
}


@dataclass(frozen=True)
class Broken:
    """Azure upgrades by itself now: nothing that is waited for here matters any more."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Not through yet: look again."""


@dataclass(frozen=True)
class Finished:
    """Through: every instance is done, gone, or failed for the given reason."""

    failures: dict[str, str]


def judge(watch: Watch, now: datetime) -> Wait | Finished | Broken:
    """Whether the batch is through. Success on the last look wins over the deadline."""
    if watch.upgrade_policy.casefold() != "manual":
        return Broken(
            f"someone switched the upgrade policy to {watch.upgrade_policy} while a batch was "
            "under way: Azure may take instances down by itself now. Set it to Manual"
        )
    open_ones = [one for one in watch.instance_ids if not watch.settled(one)]
    lost = [one for one in open_ones if watch.lost(one)]
    if now < watch.deadline and len(lost) < len(open_ones):
        return Wait()
    return Finished({one: _reason(watch, one) for one in open_ones})


_NOT_THROUGH = {
    Reading.OLD: "still on the old image",
    Reading.UPDATING: "still being updated",
    Reading.FAILED: "failed to provision",
    Reading.HEALTHY: "not healthy for long enough",
    Reading.UNHEALTHY: "on the target image but unhealthy",
    Reading.UNKNOWN: "on the target image but reporting no health",
    Reading.INITIALIZING: "on the target image but still initializing",
}


def _reason(watch: Watch, one: str) -> str:
    if watch.unread:
        return f"could not be read when the time was up, so its state is not known: {watch.unread}"
    letter = watch.last[one]
    error = watch.operation.error if watch.operation else None
    told = letter in {Reading.FAILED, Reading.OLD, Reading.UPDATING}
    return f"{_NOT_THROUGH[letter]}: {error}" if error and told else _NOT_THROUGH[letter]
