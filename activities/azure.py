"""The activities that call Azure: one value in, one value out."""

from typing import Any

from activities.bindings import AzureActivity
from activities.inspection import inspect
from compute import scale_sets
from compute.addresses import private_addresses
from compute.images import read_with_newer
from compute.instances import InstanceReader
from compute.open_models import running
from compute.scale_set_list import list_allowed
from rollout.base import ArmError, ArmErrorKind, ArmFailure
from rollout.batch import (
    OBSERVE_BATCH,
    OBSERVE_INVENTORY,
    OBSERVE_MODEL,
    OBSERVE_REPAIRS,
    SET_IMAGE,
    START_UPGRADE,
    Accepted,
    BatchReading,
    ModelReading,
    Operation,
    OperationState,
    PackedInventory,
    ReadBatch,
    ReadInventory,
    ReadModel,
    ReadRepairs,
    RepairsReading,
    SendUpgrade,
    SetImage,
    all_still,
    observed,
    shows_change,
    still_to_send,
)
from rollout.follow import FIND_FOLLOWERS, FindFollowers, Followed, follow, unpinned
from rollout.hooks import READ_ADDRESSES, Addresses, ReadAddresses
from rollout.inventory import Inventory, ScaleSetId
from rollout.plan import HealthPolicy
from rollout.run import INSPECT
from settings import read_follow_rules


def _set_image(task: SetImage) -> Accepted:
    """Set the image of the model once: a second run finds it set and sends nothing."""
    if task.image.same(scale_sets.read_scale_set(task.scale_set).image):
        return Accepted(changed=False)
    operation = scale_sets.set_image(task.scale_set, task.image, task.etag)
    return Accepted(changed=True, operation=operation)


def _observe_repairs(task: ReadRepairs) -> RepairsReading:
    """Whether automatic instance repairs are running."""
    return RepairsReading(state=scale_sets.read_repairs(task.scale_set))


def _observe_model(task: ReadModel) -> ModelReading:
    """The scale set, and the operation that changes it if that leaves a doubt."""
    scale_set = scale_sets.read_scale_set(task.scale_set)
    if task.operation is None or shows_change(scale_set, task.wanted, task.etag):
        return ModelReading(scale_set=scale_set)
    operation = _operation(task.scale_set, task.operation)
    if operation and not operation.running:
        # Only an answer from after the operation's end shows its result.
        scale_set = scale_sets.read_scale_set(task.scale_set)
    return ModelReading(scale_set=scale_set, operation=operation)


def _observe_inventory(task: ReadInventory) -> PackedInventory:
    """One read of the scale set and all its instances."""
    inventory = _inventory(task.scale_set, task.health, task.protection_of)
    return PackedInventory(inventory=inventory.pack(names=task.names), listing=inventory.listing)


def _inventory(
    scale_set: ScaleSetId, health: HealthPolicy, protection_of: list[str] | None
) -> Inventory:
    found = scale_sets.read_inventory(scale_set, health.source, protection_of)
    instances = [health.as_judged(instance) for instance in found.instances]
    return found.model_copy(update={"instances": instances})


def _start_upgrade(task: SendUpgrade) -> Accepted:
    """Start the upgrade of those instances that still need it, if the gate is still open after a
    fresh read: run again after a crash or an ambiguous response, it does not upgrade anything
    twice.
    """
    order = task.order
    inventory = _inventory(order.scale_set, order.policy.health, task.instance_ids)
    still = still_to_send(order, task.instance_ids, inventory, task.now)
    if isinstance(still, str):
        raise ArmFailure(ArmError.of_closed_gate(order.scale_set.name, still))
    if not still:
        return Accepted(changed=False, listing=inventory.listing)
    operation = scale_sets.start_upgrade(order.scale_set, still)
    return Accepted(
        changed=True, operation=operation, instance_ids=still, listing=inventory.listing
    )


def _observe_batch(task: ReadBatch) -> BatchReading:
    """One read of a batch: the operation, and one paged list. Only the list is needed: without the
    operation, the instances still tell how they are.
    """
    operation = task.ended or _operation_if_read(task.scale_set, task.operation)
    policy = _upgrade_policy(task.scale_set) if task.policy else None
    if task.operation_alone and operation and (operation.running or _boots(task, operation)):
        return BatchReading(operation=operation, upgrade_policy=policy)
    reader = InstanceReader(task.scale_set, task.health.source, flexible=task.flexible)
    read = reader.some(task.instance_ids)
    instances = [task.health.as_judged(each) for each in read.instances]
    return BatchReading(
        seen=observed(instances, task.instance_ids, task.image),
        operation=operation,
        following_still=all_still(instances, task.following, task.image),
        upgrade_policy=policy,
        listing=read.listing,
    )


def _boots(task: ReadBatch, operation: Operation) -> bool:
    just_ended = task.ended is None and operation.state is OperationState.SUCCEEDED
    return task.boots and just_ended


def _upgrade_policy(scale_set: ScaleSetId) -> str:
    return scale_sets.read_scale_set(scale_set).upgrade_policy


def _read_addresses(task: ReadAddresses) -> Addresses:
    """The private addresses of a batch's instances, for hooks that ask for them."""
    found = private_addresses(task.scale_set, task.instance_ids, flexible=task.flexible)
    return Addresses(by_instance=found)


def _find_followers(task: FindFollowers) -> Followed:
    """Read the version again, and find the scale sets that follow it."""
    version, rules = read_with_newer(task.version_id), read_follow_rules()
    # The app may serve several subscriptions; without that setting, only the image's own.
    subscriptions = rules.subscriptions or [task.version_id.split("/")[2]]
    there = [
        scale_set for subscription in subscriptions for scale_set in list_allowed(subscription)
    ]
    waits = task.wait_for_regions
    followed = follow(version, there, rules, wait_for_regions=waits, attempt=task.attempt)
    if opened := unpinned(followed, there):
        ran = {each.id.key: running(each, task.version_id) for each in opened}
        return follow(
            version, there, rules, running=ran, wait_for_regions=waits, attempt=task.attempt
        )
    return followed


def _operation(scale_set: ScaleSetId, url: str | None) -> Operation | None:
    """An operation that Azure no longer knows is lost: what it has done, the resources tell."""
    try:
        return scale_sets.read_operation(scale_set, url) if url else None
    except ArmFailure as failure:
        if failure.error.kind is ArmErrorKind.NOT_FOUND:
            return Operation(state=OperationState.LOST)
        raise


def _operation_if_read(scale_set: ScaleSetId, url: str | None) -> Operation | None:
    """The same, or None if it cannot be read now; unless Azure asks to wait: then nothing else is
    read either.
    """
    try:
        return _operation(scale_set, url)
    except ArmFailure as failure:
        if failure.error.retry_after is not None:
            raise
        return None


_ACTIVITIES: tuple[AzureActivity[Any, Any], ...] = (
    AzureActivity(INSPECT, inspect),
    AzureActivity(SET_IMAGE, _set_image),
    AzureActivity(OBSERVE_REPAIRS, _observe_repairs),
    AzureActivity(OBSERVE_MODEL, _observe_model),
    AzureActivity(OBSERVE_INVENTORY, _observe_inventory),
    AzureActivity(START_UPGRADE, _start_upgrade),
    AzureActivity(OBSERVE_BATCH, _observe_batch),
    AzureActivity(FIND_FOLLOWERS, _find_followers),
    AzureActivity(READ_ADDRESSES, _read_addresses),
)

AZURE = {each.activity.name: each for each in _ACTIVITIES}
"""By the names under which orchestrators call them."""
