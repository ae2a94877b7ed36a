"""The rollback: which instances return to which image, in what order."""

from collections import Counter
from collections.abc import Container
from dataclasses import replace
from itertools import groupby

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
    """The image that a rollback leaves the model with: the one it named before. If that is the very
    image that is taken back, or leaves the version open and so may mean it: then the one that most
    instances ran.
    """
    named, target = progress.image.from_image, progress.image.to_image
    if named is None:
        return named
    taken_back = named.same(target) and bool(progress.tally.touched)
    if not taken_back and not (named.open and progress.model_set):
        return named
    ran = Counter(
        instance.image
        for instance in progress.baseline.instances.values()
        if (taken_back or instance.image.family == named.family)
        and instance.image.kind is named.kind
        and not instance.image.same(target)
    )
    return ran.most_common(1)[0][0] if ran else named


def reason_with_image_left(reason: str, named: Image | None, left: Image | None) -> str:
    """The reason for a rollback, and why it has not left the model with the image named before."""
    if named is None or left is None or left.same(named):
        return reason
    before = f"{reason.rstrip('.')}. Before the rollout it was {named}"
    if named.open:
        return (
            f"{before}, which may mean the version that failed: set it again when that is withdrawn"
        )
    return f"{before} already, the image that was taken back: set it again if you want it"


def adopting(progress: Progress, inventory: Inventory) -> Progress:
    """With all instances that run the rejected image and did not before, although the rollout never
    sent them: they go back too. Who was not there before goes to the image that the model is left
    with, if that is a specific one.
    """
    target, left = progress.image.to_image, image_left(progress)
    new_image = None if left is None or left.open or left.same(target) else left
    came = {
        instance.instance_id: before
        for instance in inventory.instances
        if instance.instance_id not in progress.tally.touched
        and instance.image.same(target)
        and (before := _before(progress, instance, new_image))
    }
    return progress.joined_by(progress.baseline.including(came), came) if came else progress


def _before(progress: Progress, now: Instance, new_image: Image | None) -> Instance | None:
    """That instance as it was, or as it should be; None if it may stay. Who came meanwhile may have
    been planned from another image.
    """
    planned = progress.baseline.instances.get(now.instance_id)
    before = progress.baseline.before(now.instance_id)
    if before is None and planned is not None and not planned.image.same(now.image):
        before = planned
    if before is not None:
        return None if before.image.same(now.image) else before.placed_like(now)
    known = bool(progress.baseline.known)
    return now.model_copy(update={"image": new_image}) if known and new_image else None


def to_put_back(progress: Progress, inventory: Inventory) -> list[Instance]:
    """The touched instances that are not on their own recorded image, newest batch first."""
    touched, before = progress.tally.touched, progress.baseline.instances
    return [
        instance
        for instance in sorted(
            inventory.instances, key=lambda each: -touched.get(each.instance_id, 0)
        )
        if instance.instance_id in touched
        and (recorded := before.get(instance.instance_id))
        and not instance.runs(recorded.image)
    ]


def rollback_stages(
    progress: Progress, inventory: Inventory, set_aside: Container[str] = ()
) -> list[Stage]:
    """The instances that are still to be put back, by image. Those that do not serve go first, in
    batches of their own: so no more of the others are down than a batch may take down.
    """
    groups: dict[tuple[bool, str], list[Instance]] = {}
    for each in to_put_back(progress, inventory):
        if each.instance_id not in set_aside:
            image = progress.baseline.instances[each.instance_id].image
            groups.setdefault((_serves(each), str(image).casefold()), []).append(each)
    down_first = sorted(groups.items(), key=lambda group: group[0][0])
    return _joined([_stage(progress, inventory, instances) for _, instances in down_first])


def _joined(stages: list[Stage]) -> list[Stage]:
    """Stages that follow each other with the same image are one."""
    return [
        Stage(image=image, batches=[batch for stage in same for batch in stage.batches])
        for image, same in groupby(stages, key=lambda stage: stage.image)
    ]


def _stage(progress: Progress, inventory: Inventory, instances: list[Instance]) -> Stage:
    policy = progress.order.request.policy.without_canary()
    batches = batches_of(policy, instances, inventory)
    image = progress.baseline.instances[instances[0].instance_id].image
    return Stage(image=image, batches=sorted(batches, key=lambda batch: _turn(progress, batch)))


def _serves(instance: Instance) -> bool:
    """An instance that is still booting does not serve, although it does not count as unhealthy."""
    healthy = instance.health is Health.HEALTHY
    return healthy and not instance.unhealthy and not instance.moving


def _turn(progress: Progress, batch: Batch) -> tuple[bool, int]:
    """Failed instances go first, then the newest."""
    newest = max(progress.tally.touched[instance_id] for instance_id in batch.instance_ids)
    return set(progress.tally.failed).isdisjoint(batch.instance_ids), -newest


def not_back(progress: Progress, inventory: Inventory) -> dict[str, str]:
    """Why a rollback is not complete: for each instance that is not as it was, a reason."""
    left = {each.instance_id for each in to_put_back(progress, inventory)}
    failed = progress.failed_back
    down = {each.instance_id for each in inventory.instances if not _serves(each)}
    reasons = progress.tally.reasons
    return {
        each.instance_id: _switched_off(each) or reasons.get(each.instance_id, _still(each))
        for each in inventory.instances
        if each.instance_id in left or each.instance_id in down.intersection(failed)
    }


def _still(instance: Instance) -> str:
    return f"still runs {instance.image}"


def _switched_off(instance: Instance) -> str:
    """What it was left out for on the way forward advises to start a rollout again."""
    return f"is {instance.power_state}, and {_still(instance)}: start it" if instance.off else ""
