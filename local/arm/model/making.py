"""A scale set as it is when it has just been made: up and running, or as its spec says."""

from dataclasses import replace
from datetime import datetime

from local.arm.base import Json
from local.arm.images import Image, Images, publish_named
from local.arm.model.deployment import Deployment
from local.arm.model.instance import Health, Instance, Power
from local.arm.model.instance_spec import InstanceSpec
from local.arm.model.place import Place
from local.arm.model.profile import profile_of, properties_of
from local.arm.model.scale_set import Model, ScaleSet
from local.arm.model.spec import ScaleSetSpec


def made(spec: ScaleSetSpec, images: Images, now: datetime) -> ScaleSet:
    """The scale set with its first instances. Publishes their images if they are not yet; raises
    ArmError when one leaves the version open, and none is published.
    """
    profile = profile_of(spec, now)
    image = _published(profile["storageProfile"], spec, images, now)
    model = Model(1, profile, image)
    scale_set = ScaleSet(
        spec=spec,
        created=now,
        model=model,
        properties=properties_of(spec),
        tags=dict(spec.tags),
    )
    for position, declared in enumerate(spec.instances):
        instance = _declared(scale_set, declared, position, images, now)
        scale_set.instances[instance.instance_id.lower()] = instance
    if not spec.instances:
        scale_set.add_instances([_creation(model.image, model.number, now)] * spec.capacity)
        for instance in scale_set.live:
            _apply_spec(instance, spec, now)
    return scale_set


def _creation(image: Image, model: int, now: datetime) -> Deployment:
    return Deployment(start=now, end=now, ready=now, image=image, model=model, is_upgrade=False)


def _apply_spec(instance: Instance, spec: ScaleSetSpec, now: datetime) -> None:
    """Make it what the spec says for its number."""
    number = str(instance.number)
    instance.protected_from_actions = number in spec.protected
    instance.protected_from_scale_in = instance.protected_from_actions
    if number in spec.unhealthy:
        instance.health_at_creation = Health.UNHEALTHY
    if number in spec.failed:
        instance.deployments = [replace(instance.latest, fails=True)]
    if number in spec.stopped:
        instance.switch_off(Power.STOPPED, now)
    if number in spec.deallocated:
        instance.switch_off(Power.DEALLOCATED, now)


def _declared(
    scale_set: ScaleSet, declared: InstanceSpec, position: int, images: Images, now: datetime
) -> Instance:
    """An instance that its spec describes. A number that is its id is its number, too, so that
    later ones get higher ids.
    """
    model, id_ = scale_set.model, declared.instance_id
    image = _image(scale_set, declared, images, now)
    creation = _creation(image, model.number if declared.latest_model else 0, now)
    instance = Instance(
        scale_set_id=scale_set.id,
        number=int(id_) if id_.isdecimal() else position,
        instance_id=id_,
        place=_place(declared),
        deployments=[replace(creation, fails=declared.failed)],
        protected_from_actions=declared.protected,
        health_at_creation=Health(declared.health),
    )
    if declared.power != "running":
        instance.switch_off(Power(declared.power), now)
    return instance


def _image(scale_set: ScaleSet, declared: InstanceSpec, images: Images, now: datetime) -> Image:
    if declared.image is None:
        return scale_set.model.image
    return _published(declared.image.storage(), scale_set.spec, images, now)


def _published(storage: Json, spec: ScaleSetSpec, images: Images, now: datetime) -> Image:
    """The image that a storageProfile names."""
    publish_named(images, storage, spec.location, now)
    return images.resolve(storage, spec.location, now)


def _place(declared: InstanceSpec) -> Place:
    return Place(
        zone=declared.zone,
        placement_group=declared.placement_group,
        update_domain=declared.update_domain,
        fault_domain=declared.fault_domain,
    )
