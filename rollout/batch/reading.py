"""What one read of a batch shows about each of its instances."""

from collections.abc import Iterable
from enum import StrEnum

from rollout.base import Value
from rollout.batch.operation import Operation
from rollout.inventory import Health, Image, Instance, Listing


class Observation(StrEnum):
    """What one read shows about one instance of a batch."""

    GONE = "gone"
    OFF = "off"
    DELETING = "deleting"
    OLD_IMAGE = "oldImage"
    UPDATING = "updating"
    FAILED = "failed"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"
    INITIALIZING = "initializing"


ON_TARGET_WITH = {
    Health.HEALTHY: Observation.HEALTHY,
    Health.UNHEALTHY: Observation.UNHEALTHY,
    Health.UNKNOWN: Observation.UNKNOWN,
    Health.INITIALIZING: Observation.INITIALIZING,
}
"""What is observed of an instance that runs the target image, by its health."""


def observation_of(instance: Instance | None, target: Image) -> Observation:
    """Only the real image counts: latestModelApplied is about the whole model and says nothing
    about the image (recorded with `latest` and with disk encryption).
    """
    if instance is None:
        return Observation.GONE
    if instance.deleting:
        return Observation.DELETING
    if instance.failed:
        return Observation.FAILED
    if instance.off:
        return Observation.OFF
    if instance.provisioning_state.casefold() != "succeeded":
        return Observation.UPDATING
    same = instance.image.same(target)
    return ON_TARGET_WITH[instance.health] if same else Observation.OLD_IMAGE


class BatchReading(Value):
    """One read of a batch: its instance ids grouped by observation (so that the history stays
    small), unless the operation alone was read; the operation and the scale set's upgrade policy,
    if they were read.
    """

    seen: dict[Observation, list[str]] = {}
    operation: Operation | None = None
    upgrade_policy: str | None = None
    following_still: bool = False
    """Whether nothing has happened yet to the instances of the next batch."""
    listing: Listing | None = None
    """What listing all instances has cost, if they were listed."""

    @property
    def operation_alone(self) -> bool:
        return not self.seen

    @property
    def running(self) -> bool:
        """Whether the operation was running."""
        return self.operation is not None and self.operation.running

    @property
    def ended(self) -> bool:
        """Whether the operation had ended."""
        return self.operation is not None and self.operation.ended

    def by_instance(self, instance_ids: list[str]) -> dict[str, Observation]:
        """The observation of each instance. Raises KeyError if the read was of another batch."""
        found = {
            instance_id: observation
            for observation, ids in self.seen.items()
            for instance_id in ids
        }
        return {instance_id: found[instance_id] for instance_id in instance_ids}


def observed(
    instances: Iterable[Instance], instance_ids: list[str], target: Image
) -> dict[Observation, list[str]]:
    """The ids of a batch, grouped by what is observed of them among these instances."""
    there = {instance.instance_id: instance for instance in instances}
    seen: dict[Observation, list[str]] = {}
    for instance_id in instance_ids:
        observation = observation_of(there.get(instance_id), target)
        seen.setdefault(observation, []).append(instance_id)
    return seen
