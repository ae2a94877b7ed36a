"""What activities are asked, and what they answer: one value in, one value out."""

from enum import StrEnum

from rollout.image import Image
from rollout.reading import Operation
from rollout.request import HealthPolicy
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value


class SetImage(Value):
    """Set the image of a model, if it is still as it was when `etag` was read."""

    scale_set: ScaleSetIdField
    image: Image
    etag: str


class Accepted(Value):
    """Azure accepted the change, or it had been made already (`changed` is false).

    `operation` is the URL of the long-running operation. `instance_ids` are those really sent.
    """

    changed: bool
    operation: str | None = None
    instance_ids: list[str] = []


class RepairsState(StrEnum):
    """Azure's words for the state of automatic instance repairs."""

    RUNNING = "Running"
    SUSPENDED = "Suspended"
    OFF = "NotRunning"


class Repairs(Value):
    """One look at the automatic instance repairs of a scale set."""

    state: RepairsState


class ReadRepairs(Value):
    """Look at the automatic instance repairs of a scale set."""

    scale_set: ScaleSetIdField


class SetRepairs(Value):
    """Suspend automatic instance repairs, or let them run."""

    scale_set: ScaleSetIdField
    state: RepairsState


class LookBack(Value):
    """Look at what a rollout has left behind."""

    rollout_id: str


class ReadModel(Value):
    """Look at a scale set, and at the operation that changes its model."""

    scale_set: ScaleSetIdField
    operation: str | None = None


class StartUpgrade(Value):
    """Upgrade those of these instances that are neither upgraded nor being upgraded."""

    scale_set: ScaleSetIdField
    instance_ids: list[str]
    image: Image
    health: HealthPolicy


class ReadBatch(Value):
    """Look at a batch: its instances, and its operation while that runs.

    `ended` is what the operation came to, once it has: it is not asked for again.
    """

    scale_set: ScaleSetIdField
    instance_ids: list[str]
    image: Image
    health: HealthPolicy
    reports_health: bool
    flexible: bool = False
    operation: str | None = None
    ended: Operation | None = None


class ReadFleet(Value):
    """Look at the whole fleet; whether instances are protected matters at least of `protection_of`
    (None: of all).
    """

    scale_set: ScaleSetIdField
    health: HealthPolicy
    protection_of: list[str] | None = None
