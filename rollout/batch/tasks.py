"""The activities that call Azure during a rollout: what they take, and what they return.

To add one: declare it at the end of this file, implement it in activities/azure.py, and call it.
"""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from rollout.base import Activity, Value
from rollout.batch.model import ModelReading
from rollout.batch.operation import Operation
from rollout.batch.order import BatchOrder
from rollout.batch.reading import BatchReading
from rollout.inventory import Image, Inventory, Listing, ScaleSetIdField
from rollout.plan import HealthPolicy


class SetImage(Value):
    """Set the image of a model, if nothing has changed since `etag` was read."""

    scale_set: ScaleSetIdField
    image: Image
    etag: str


class Accepted(Value):
    """Azure accepted the change, or it had been made already (`changed` is false).

    `operation` is the URL of the long-running operation. `instance_ids` are those actually sent,
    and `listing` is what it has cost to look at them before.
    """

    changed: bool
    operation: str | None = None
    instance_ids: list[str] = []
    listing: Listing | None = None


class RepairsState(StrEnum):
    """Azure's names for the state of automatic instance repairs."""

    RUNNING = "Running"
    SUSPENDED = "Suspended"
    OFF = "NotRunning"


class RepairsReading(Value):
    """One read of a scale set's automatic instance repairs."""

    state: RepairsState


class ReadRepairs(Value):
    """Read the state of a scale set's automatic instance repairs."""

    scale_set: ScaleSetIdField


class SetRepairs(Value):
    """Suspend automatic instance repairs, or resume them, as long as the rollout that runs as
    `owner` wants that: `since` is when it has suspended them.
    """

    scale_set: ScaleSetIdField
    state: RepairsState
    owner: str = ""
    since: datetime | None = None


class ReadModel(Value):
    """Read a scale set, and the operation that changes it, unless the scale set itself already
    shows `wanted` in an answer with another ETag than the one that the change was sent with.
    """

    scale_set: ScaleSetIdField
    operation: str | None = None
    wanted: Image | None = None
    etag: str = ""


class SendUpgrade(Value):
    """Upgrade these instances of a batch, if it may still begin at `now`."""

    order: BatchOrder
    instance_ids: list[str]
    now: datetime


class ReadBatch(Value):
    """Read a batch: its instances, and its operation if that is given.

    With `operation_alone`, the instances are left unread while the operation runs, with `boots`
    also when it has just succeeded. `ended` is the
    operation's result once there is one: then it is not read again. With `policy`, the scale set's
    upgrade policy is read, too.
    """

    scale_set: ScaleSetIdField
    instance_ids: list[str]
    image: Image
    health: HealthPolicy
    flexible: bool = False
    operation: str | None = None
    operation_alone: bool = False
    boots: bool = False
    ended: Operation | None = None
    policy: bool = True
    following: list[str] = []
    """The instances of the next batch, if it is to be told whether they are still."""


class ReadInventory(Value):
    """Read the scale set and all its instances; instance protection at least of `protection_of`
    (None: of all), and with `names` their computer names.
    """

    scale_set: ScaleSetIdField
    health: HealthPolicy
    protection_of: list[str] | None = None
    names: bool = False


class PackedInventory(Value):
    """An inventory in its compact form, and what reading it has cost."""

    inventory: dict[str, Any]
    listing: Listing | None = None

    @cached_property
    def unpacked(self) -> Inventory:
        return Inventory.unpack(self.inventory).model_copy(update={"listing": self.listing})


SET_IMAGE = Activity("set_image", SetImage, Accepted)
OBSERVE_MODEL = Activity("observe_model", ReadModel, ModelReading)
OBSERVE_REPAIRS = Activity("observe_repairs", ReadRepairs, RepairsReading)
SET_REPAIRS = Activity("set_repairs", SetRepairs, Accepted)
OBSERVE_INVENTORY = Activity("observe_inventory", ReadInventory, PackedInventory)
START_UPGRADE = Activity("start_upgrade", SendUpgrade, Accepted)
"""Upgrades those of the instances that are neither upgraded nor being upgraded, if the gate is
still open after a fresh read.
"""
OBSERVE_BATCH = Activity("observe_batch", ReadBatch, BatchReading)
