"""What somebody else does to scale sets: events that were declared as faults."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from local.arm.base import ArmError
from local.arm.images import publish_named
from local.arm.model.contents import Contents
from local.arm.model.fault import (
    Event,
    Fault,
    ForeignWrite,
    InstanceStops,
    InstanceVanishes,
    ScaleOut,
)
from local.arm.model.instance import Instance, Power
from local.arm.model.model_change import apply, changed_model
from local.arm.model.scale_set import ScaleSet
from local.arm.model.scaling import scale_out
from local.arm.model.upgrade import upgrade_by_itself


def prepare(contents: Contents, fault: Fault, now: datetime) -> None:
    """Publish the image that somebody is going to write into a model."""
    if isinstance(fault, ForeignWrite) and fault.image:
        for scale_set in _concerned(contents, fault):
            storage = scale_set.storage_with(fault.image)
            publish_named(contents.images, storage, scale_set.spec.location, now)


def happen(contents: Contents, event: Event, at: datetime) -> None:
    """Something done by someone else; what Azure would refuse simply does not happen."""
    for scale_set in _concerned(contents, event):
        with suppress(ArmError):
            _happen_to(contents, scale_set, event, at)


def _concerned(contents: Contents, fault: Event) -> Iterable[ScaleSet]:
    return [each for each in contents.scale_sets.values() if fault.concerns(each.id)]


def _happen_to(contents: Contents, scale_set: ScaleSet, event: Event, at: datetime) -> None:
    match event:
        case ForeignWrite():
            model = changed_model(scale_set, event.patch, contents.images, at)
            apply(scale_set, event.patch, model, at)
            upgrade_by_itself(scale_set, at, contents.faults)
        case ScaleOut():
            scale_out(scale_set, event.count, contents.images, at)
        case InstanceVanishes() | InstanceStops():
            for instance in scale_set.live:
                if instance.instance_id in event.instance_ids:
                    _end_or_stop(instance, event, at)


def _end_or_stop(instance: Instance, event: InstanceVanishes | InstanceStops, at: datetime) -> None:
    match event:
        case InstanceVanishes():
            instance.gone_at = at
        case InstanceStops(deallocated=deallocated):
            instance.switch_off(Power.DEALLOCATED if deallocated else Power.STOPPED, at)
