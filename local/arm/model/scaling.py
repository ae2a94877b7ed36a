"""Instances that come and go."""

from datetime import datetime

from local.arm.images import Images
from local.arm.model.deployment import Deployment
from local.arm.model.scale_set import ScaleSet


def scale_out(scale_set: ScaleSet, count: int, images: Images, now: datetime) -> datetime:
    """New instances on the current model, and on the newest image when it leaves that open.

    Returns when they will have been created; then they still have to boot. Raises ArmError when
    the image does not exist any more.
    """
    spec, model = scale_set.spec, scale_set.model
    made = Deployment(
        start=now,
        end=now + spec.upgrade_duration,
        ready=now + spec.upgrade_duration + spec.boot_duration,
        image=images.resolve(model.profile["storageProfile"], spec.location, now),
        model=model.number,
        is_upgrade=False,
    )
    scale_set.add_instances([made] * count)
    return made.end


def scale_to(scale_set: ScaleSet, capacity: int, images: Images, now: datetime) -> datetime:
    """Grow or shrink to that many instances; returns when that will be done."""
    missing = capacity - len(scale_set.live)
    if missing > 0:
        return scale_out(scale_set, missing, images, now)
    removable = [instance for instance in scale_set.live if not instance.protected_from_scale_in]
    for instance in removable[len(removable) + missing :]:
        instance.gone_at = now
    return now
