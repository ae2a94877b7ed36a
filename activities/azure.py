"""The activities that call Azure: one value in, one value out."""

from activities.bindings import AzureActivity
from activities.inspection import inspect
from compute import scale_sets
from compute.images import read_published
from compute.instances import InstanceReader
from compute.scale_set_list import list_allowed
from rollout.batch import (
    OBSERVE_BATCH,
    OBSERVE_INVENTORY,
    OBSERVE_MODEL,
    OBSERVE_REPAIRS,
    SET_IMAGE,
    SET_REPAIRS,
    START_UPGRADE,
    Accepted,
    BatchReading,
    BatchTarget,
    ModelReading,
    Observation,
    Operation,
    PackedInventory,
    ReadBatch,
    ReadInventory,
    ReadModel,
    ReadRepairs,
    RepairsReading,
    SetImage,
    SetRepairs,
    observation_of,
    observed,
)
from rollout.follow import FIND_FOLLOWERS, FindFollowers, Followed, follow
from rollout.inventory import ScaleSetId
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


def _set_repairs(task: SetRepairs) -> Accepted:
    """Suspend or resume automatic instance repairs. Idempotent."""
    return Accepted(changed=True, operation=scale_sets.set_repairs(task.scale_set, task.state))


def _observe_model(task: ReadModel) -> ModelReading:
    """One read of the scale set and of the operation that changes its model."""
    # The operation first: once it has ended, the scale set shows the result.
    operation = _operation(task.scale_set, task.operation)
    return ModelReading(scale_set=scale_sets.read_scale_set(task.scale_set), operation=operation)


def _observe_inventory(task: ReadInventory) -> PackedInventory:
    """One read of the scale set and all its instances."""
    inventory = scale_sets.read_inventory(task.scale_set, task.health.source, task.protection_of)
    return PackedInventory(inventory=inventory.pack())


def _start_upgrade(task: BatchTarget) -> Accepted:
    """Start the upgrade of those instances that still need it, after a fresh read: run again after
    a crash or an ambiguous response, it does not upgrade anything twice.
    """
    inventory = scale_sets.read_inventory(task.scale_set, task.health.source, task.instance_ids)
    wanted = set(task.instance_ids)
    still = [
        instance.instance_id
        for instance in inventory.instances
        if instance.instance_id in wanted
        and not instance.protect_from_scale_set_actions
        and not instance.runs(task.image)
        and observation_of(instance, task.image) is not Observation.UPDATING
    ]
    if not still:
        return Accepted(changed=False)
    operation = scale_sets.start_upgrade(task.scale_set, still)
    return Accepted(changed=True, operation=operation, instance_ids=still)


def _observe_batch(task: ReadBatch) -> BatchReading:
    """One read of a batch: one paged list, and one read of the operation while it is running."""
    operation = task.ended or _operation(task.scale_set, task.operation)
    reader = InstanceReader(
        task.scale_set,
        task.health.source,
        reports_health=task.reports_health,
        flexible=task.flexible,
    )
    instances = reader.some(task.instance_ids)
    return BatchReading(
        seen=observed(instances, task.instance_ids, task.image),
        operation=operation,
        upgrade_policy=scale_sets.read_scale_set(task.scale_set).upgrade_policy,
    )


def _find_followers(task: FindFollowers) -> Followed:
    """Read the version again, and find the scale sets that follow it."""
    version, rules = read_published(task.version_id), read_follow_rules()
    # The app may serve several subscriptions; without that setting, only the image's own.
    subscriptions = rules.subscriptions or [task.version_id.split("/")[2]]
    there = [
        scale_set for subscription in subscriptions for scale_set in list_allowed(subscription)
    ]
    return follow(version, there, rules, wait_for_regions=task.wait_for_regions)


def _operation(scale_set: ScaleSetId, url: str | None) -> Operation | None:
    return scale_sets.read_operation(scale_set, url) if url else None


AZURE_ACTIVITIES = (
    AzureActivity(INSPECT, inspect),
    AzureActivity(SET_IMAGE, _set_image),
    AzureActivity(OBSERVE_REPAIRS, _observe_repairs),
    AzureActivity(SET_REPAIRS, _set_repairs),
    AzureActivity(OBSERVE_MODEL, _observe_model),
    AzureActivity(OBSERVE_INVENTORY, _observe_inventory),
    AzureActivity(START_UPGRADE, _start_upgrade),
    AzureActivity(OBSERVE_BATCH, _observe_batch),
    AzureActivity(FIND_FOLLOWERS, _find_followers),
)
