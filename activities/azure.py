"""The activities that speak to Azure: one value in, one value out."""

from activities.inspection import inspect
from activities.shell import Activity
from compute import scale_sets
from compute.instances import InstanceReader
from compute.published_versions import read_published
from compute.scale_set_list import list_allowed
from compute.settings import follow_rules
from rollout.follow_task import FindFollowers
from rollout.following import Followed, follow
from rollout.inspection import PackedFleet
from rollout.model import ModelReading
from rollout.reading import BatchReading, Operation, Reading, read_batch, reading_of
from rollout.request import RolloutRequest
from rollout.scale_set_id import ScaleSetId
from rollout.task import (
    Accepted,
    ReadBatch,
    ReadFleet,
    ReadModel,
    ReadRepairs,
    Repairs,
    SetImage,
    SetRepairs,
    StartUpgrade,
)


def set_image(task: SetImage) -> Accepted:
    """Set the image of the model once: a second run finds it set and sends nothing."""
    if task.image.same(scale_sets.read_scale_set(task.scale_set).image):
        return Accepted(changed=False)
    operation = scale_sets.set_image(task.scale_set, task.image, task.etag)
    return Accepted(changed=True, operation=operation)


def observe_repairs(task: ReadRepairs) -> Repairs:
    """Whether automatic instance repairs run."""
    return Repairs(state=scale_sets.read_repairs(task.scale_set))


def set_repairs(task: SetRepairs) -> Accepted:
    """Suspend them or let them run. Doing so twice is doing so once."""
    return Accepted(changed=True, operation=scale_sets.set_repairs(task.scale_set, task.state))


def observe_model(task: ReadModel) -> ModelReading:
    """One look at the scale set and at the operation that changes its model."""
    # The operation first: when it has ended, the scale set shows what it came to.
    operation = _operation(task.scale_set, task.operation)
    return ModelReading(scale_set=scale_sets.read_scale_set(task.scale_set), operation=operation)


def observe_fleet(task: ReadFleet) -> PackedFleet:
    """One look at the whole fleet."""
    fleet = scale_sets.read_fleet(task.scale_set, task.health.source, task.protection_of)
    return PackedFleet(fleet=fleet.pack())


def start_upgrade(task: StartUpgrade) -> Accepted:
    """Start the upgrade of those instances that still need it, after a fresh read: run again
    after a crash or an unclear answer, it does not upgrade anything twice.
    """
    fleet = scale_sets.read_fleet(task.scale_set, task.health.source, task.instance_ids)
    wanted = set(task.instance_ids)
    still = [
        one.instance_id
        for one in fleet.instances
        if one.instance_id in wanted
        and not one.protected
        and not one.runs(task.image)
        and reading_of(one, task.image) is not Reading.UPDATING
    ]
    if not still:
        return Accepted(changed=False)
    operation = scale_sets.start_upgrade(task.scale_set, still)
    return Accepted(changed=True, operation=operation, instance_ids=still)


def observe_batch(task: ReadBatch) -> BatchReading:
    """One look at a batch: one paged list, and one read of the operation while it runs."""
    operation = task.ended or _operation(task.scale_set, task.operation)
    reader = InstanceReader(
        task.scale_set,
        task.health.source,
        reports_health=task.reports_health,
        flexible=task.flexible,
    )
    instances = reader.some(task.instance_ids)
    return BatchReading(
        readings=read_batch(instances, task.instance_ids, task.image),
        operation=operation,
        upgrade_policy=scale_sets.read_scale_set(task.scale_set).upgrade_policy,
    )


def find_followers(task: FindFollowers) -> Followed:
    """The version read back, and the scale sets that follow it."""
    version, rules = read_published(task.version_id), follow_rules()
    # The app may serve several subscriptions; without a word about that, the image's own.
    subscriptions = rules.subscriptions or [task.version_id.split("/")[2]]
    there = [one for each in subscriptions for one in list_allowed(each)]
    return follow(version, there, rules, patient=task.patient)


def _operation(scale_set: ScaleSetId, url: str | None) -> Operation | None:
    return scale_sets.read_operation(scale_set, url) if url else None


ACTIVITIES = (
    Activity("inspect_scale_set", RolloutRequest, inspect),
    Activity("set_image", SetImage, set_image),
    Activity("observe_repairs", ReadRepairs, observe_repairs),
    Activity("set_repairs", SetRepairs, set_repairs),
    Activity("observe_model", ReadModel, observe_model),
    Activity("observe_fleet", ReadFleet, observe_fleet),
    Activity("start_upgrade", StartUpgrade, start_upgrade),
    Activity("observe_batch", ReadBatch, observe_batch),
    Activity("find_followers", FindFollowers, find_followers),
)
