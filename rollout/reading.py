"""One letter per instance: what a poll saw, and what people see."""

from collections.abc import Sequence
from enum import StrEnum

from rollout.fleet import Instance
from rollout.health import Health
from rollout.image import Image
from rollout.value import Value


class Reading(StrEnum):
    """What one read says of one instance of a batch."""

    GONE = "g"
    OLD = "o"
    UPDATING = "u"
    FAILED = "f"
    HEALTHY = "h"
    UNHEALTHY = "x"
    UNKNOWN = "k"
    INITIALIZING = "i"


_ON_TARGET = {
    Health.HEALTHY: Reading.HEALTHY,
    Health.UNHEALTHY: Reading.UNHEALTHY,
    Health.UNKNOWN: Reading.UNKNOWN,
    Health.INITIALIZING: Reading.INITIALIZING,
}

NAMED_IDS = 20
"""How many instance ids a message or a small result names before it only counts."""


def reading_of(instance: Instance | None, target: Image) -> Reading:
    """Only the real image counts: latestModelApplied is about the whole model and says nothing
    of the image (facts recorded with `latest` and with disk encryption).
    """
    if instance is None:
        return Reading.GONE
    if instance.failed:
        return Reading.FAILED
    if instance.provisioning_state.casefold() != "succeeded":
        return Reading.UPDATING
    return _ON_TARGET[instance.health] if instance.image.same(target) else Reading.OLD


class OperationState(StrEnum):
    """Azure's states of a long-running operation, as far as they matter."""

    RUNNING = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


class Operation(Value):
    """One look at a long-running operation; `error` is Azure's own text when it failed."""

    state: OperationState
    error: str | None = None


class BatchReading(Value):
    """One look at a batch: a letter per instance, in the batch's order, the operation, and the
    upgrade policy of the scale set.
    """

    readings: str
    operation: Operation | None = None
    upgrade_policy: str = "Manual"

    def of(self, instance_ids: list[str]) -> dict[str, Reading]:
        """The letters by instance id."""
        return {
            one: Reading(letter) for one, letter in zip(instance_ids, self.readings, strict=True)
        }


def read_batch(instances: list[Instance], instance_ids: list[str], target: Image) -> str:
    """The letters of `instance_ids`, in that order."""
    there = {one.instance_id: one for one in instances}
    return "".join(reading_of(there.get(one), target) for one in instance_ids)


def named(instance_ids: Sequence[str | int]) -> str:
    """Ids as people read them: "3, 7, 12", and a count of the rest when there are many."""
    shown = ", ".join(str(one) for one in instance_ids[:NAMED_IDS])
    rest = len(instance_ids) - NAMED_IDS
    return f"{shown} and {rest} more" if rest > 0 else shown
