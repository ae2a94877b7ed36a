"""Is the batch done? Each instance must run the target image and be healthy without a break."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rollout.base import ArmError, Cell, Proceed, Stop, Wait
from rollout.batch.operation import Operation, OperationState
from rollout.batch.reading import BatchReading, Observation


@dataclass(frozen=True)
class Watch:
    """What has been observed of a batch so far.

    `healthy_since` is when the current unbroken run of healthy reads began; an instance that is not
    in it is not healthy on the target image now. `stable` and `deadline` limit the watch.
    """

    instance_ids: list[str]
    stable: timedelta
    deadline: datetime
    last: Mapping[str, Observation]
    healthy_since: Mapping[str, datetime]
    operation: Operation | None = None
    unread: ArmError | None = None
    seen_at: datetime | None = None
    upgrade_policy: str = "Manual"

    @classmethod
    def begin(cls, instance_ids: list[str], stable: timedelta, deadline: datetime) -> "Watch":
        unseen = dict.fromkeys(instance_ids, Observation.OLD_IMAGE)
        return cls(instance_ids, stable, deadline, unseen, {})

    def seen(self, reading: BatchReading, now: datetime) -> "Watch":
        """This watch after one more read."""
        last = reading.by_instance(self.instance_ids)
        since = {
            instance_id: self.healthy_since.get(instance_id, now)
            for instance_id, observation in last.items()
            if observation is Observation.HEALTHY
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
        """This watch after a read that failed: that says nothing about any instance."""
        return replace(self, unread=error)

    def settled(self, instance_id: str) -> bool:
        """Whether that instance has been observed healthy for long enough, or is gone. Time after
        the last read does not count: nobody knows the instance's health then.
        """
        if self.last[instance_id] is Observation.GONE:
            return True
        since, last_look = self.healthy_since.get(instance_id), self.seen_at
        return since is not None and last_look is not None and last_look - since >= self.stable

    def lost(self, instance_id: str) -> bool:
        """Whether there is no point in waiting for that instance any longer: the operation has
        ended, and the instance has failed, or a failed operation left it on the old image.
        """
        if self.operation is None or self.operation.state is OperationState.RUNNING:
            return False
        failed = self.operation.state is OperationState.FAILED
        observation = self.last[instance_id]
        left = failed and observation is Observation.OLD_IMAGE
        return left or observation is Observation.FAILED

    def cells(self) -> dict[str, Cell]:
        """The state of each instance while the batch runs."""
        return {instance_id: self._cell(instance_id) for instance_id in self.last}

    def _cell(self, instance_id: str) -> Cell:
        observation = self.last[instance_id]
        if observation is Observation.HEALTHY and self.settled(instance_id):
            return Cell.DONE
        return _CELLS[observation]

    def final_cell(self, instance_id: str) -> Cell:
        """The final state of an instance that did not fail: done, or gone."""
        return Cell.GONE if self.last[instance_id] is Observation.GONE else Cell.DONE


_CELLS = {
    Observation.GONE: Cell.GONE,
    Observation.OLD_IMAGE: Cell.UPGRADING,
    Observation.UPDATING: Cell.UPGRADING,
    Observation.FAILED: Cell.FAILED,
    Observation.HEALTHY: Cell.SETTLING,
    Observation.UNHEALTHY: Cell.CHECKING,
    Observation.UNKNOWN: Cell.CHECKING,
    Observation.INITIALIZING: Cell.CHECKING,
}


def judge(watch: Watch, now: datetime) -> Proceed[dict[str, str]] | Wait | Stop:
    """Whether the batch is done. If so, every instance is done or gone, or has failed for the
    reason given for it. Stop if Azure upgrades by itself: then there is no point in waiting.
    Success on the last read wins over the deadline.
    """
    if watch.upgrade_policy.casefold() != "manual":
        return Stop(
            f"someone switched the upgrade policy to {watch.upgrade_policy} while a batch was "
            "under way: Azure may take instances down by itself now. Set it to Manual"
        )
    waiting = [instance_id for instance_id in watch.instance_ids if not watch.settled(instance_id)]
    lost = [instance_id for instance_id in waiting if watch.lost(instance_id)]
    if now < watch.deadline and len(lost) < len(waiting):
        return Wait()
    return Proceed({instance_id: _reason(watch, instance_id) for instance_id in waiting})


_NOT_THROUGH = {
    Observation.OLD_IMAGE: "still on the old image",
    Observation.UPDATING: "still being updated",
    Observation.FAILED: "failed to provision",
    Observation.HEALTHY: "not healthy for long enough",
    Observation.UNHEALTHY: "on the target image but unhealthy",
    Observation.UNKNOWN: "on the target image but reporting no health",
    Observation.INITIALIZING: "on the target image but still initializing",
}


_AZURE_SAYS_WHY = {Observation.FAILED, Observation.OLD_IMAGE, Observation.UPDATING}


def _reason(watch: Watch, instance_id: str) -> str:
    if watch.unread:
        return f"could not be read when the time was up, so its state is unknown: {watch.unread}"
    observation = watch.last[instance_id]
    reason = _NOT_THROUGH[observation]
    error = watch.operation.error if watch.operation else None
    return f"{reason}: {error}" if error and observation in _AZURE_SAYS_WHY else reason
