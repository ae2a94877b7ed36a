"""The rollback: which instances return to which image, in what order."""

from collections import Counter
from dataclasses import replace

from rollout.base import Value
from rollout.inventory import Health, Image, Instance, Inventory
from rollout.plan import Batch, batches_of
from rollout.run.progress import Progress


class Stage(Value):
    """The instances that return to one image. Azure upgrades to the model's image, so the model
    must have that image meanwhile.
    """

    image: Image
    batches: list[Batch]


def excluding_unhealthy(progress: Progress, inventory: Inventory) -> Progress:
    """Instances unhealthy when a rollback begins must not prevent it from repairing the rest."""
    unhealthy = [instance.instance_id for instance in inventory.instances if instance.unhealthy]
    return replace(progress, baseline=progress.baseline.excluding(unhealthy))


def image_left(progress: Progress) -> Image | None:
    """The image that a rollback leaves the model with: the one it named before. If that leaves the
    version open, it may mean the version that has failed: then the one that most instances ran.
    """
    named = progress.image.from_image
    if named is None or not named.open or not progress.model_set:
        return named
    ran = Counter(
        instance.image
        for instance in progress.baseline.instances.values()
        if instance.image.family == named.family
        and not instance.image.same(progress.image.to_image)
    )
    return ran.most_common(1)[0][0] if ran else named


def reason_with_image_left(reason: str, named: Image | None, left: Image | None) -> str:
    """The reason for a rollback, and why it has not left the model with the image named before."""
    if named is None or left is None or left.same(named):
        return reason
    return (
        f"{reason.rstrip('.')}. Before the rollout it was {named}, which may mean the version that "
        "failed: set it again when that is withdrawn"
    )


def including_new_instances(progress: Progress, inventory: Inventory) -> Progress:
    """With the instances that have appeared since and were created from our model: they go back
    too, to the image that the model is left with, if that is a specific one. For a rollout that had
    already ended, it is not known which these are.
    """
    old, new = image_left(progress), progress.image.to_image
    baseline = progress.baseline
    if old is None or old.open or old.same(new) or not baseline.known:
        return progress
    came = {
        instance.instance_id: instance.model_copy(update={"image": old})
        for instance in inventory.instances
        if instance.instance_id not in baseline.known and instance.image.same(new)
    }
    return progress.joined_by(replace(baseline, instances={**baseline.instances, **came}), came)


def rollback_stages(progress: Progress, inventory: Inventory) -> list[Stage]:
    """The touched instances that are not on their own recorded image, newest batch first; batches
    with unhealthy instances come before those. Most scale sets ran one image, and have one stage.
    """
    by_image: dict[str, list[Instance]] = {}
    touched = progress.tally.touched
    newest_first = sorted(
        inventory.instances, key=lambda instance: -touched.get(instance.instance_id, 0)
    )
    for instance in newest_first:
        recorded = progress.baseline.instances.get(instance.instance_id)
        if instance.instance_id in touched and recorded and not instance.runs(recorded.image):
            by_image.setdefault(str(recorded.image).casefold(), []).append(instance)
    return [_stage(progress, inventory, instances) for instances in by_image.values()]


def _stage(progress: Progress, inventory: Inventory, instances: list[Instance]) -> Stage:
    policy = progress.order.request.policy.without_canary()
    batches = batches_of(policy, instances, inventory)
    image = progress.baseline.instances[instances[0].instance_id].image
    down = {instance.instance_id for instance in instances if not _serves(instance)}
    ordered = sorted(batches, key=lambda batch: _turn(progress, batch, down))
    return Stage(image=image, batches=ordered)


def _serves(instance: Instance) -> bool:
    """An instance that is still booting does not serve, although it does not count as unhealthy."""
    healthy = instance.health is Health.HEALTHY
    return healthy and not instance.unhealthy and not instance.moving


def _turn(progress: Progress, batch: Batch, down: set[str]) -> tuple[bool, bool, int]:
    """Failed instances go first, then others that are already down: otherwise the next batch would
    be down in addition to them.
    """
    newest = max(progress.tally.touched[instance_id] for instance_id in batch.instance_ids)
    failed = down.intersection(progress.tally.failed)
    return failed.isdisjoint(batch.instance_ids), down.isdisjoint(batch.instance_ids), -newest
