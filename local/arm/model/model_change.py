"""What a PATCH or PUT does to a scale set.

Both merge, as recorded: a PUT without imageReference keeps the current one.
"""

from datetime import datetime

from local.arm.base import (
    Json,
    dig,
    image_type_changed,
    instant,
    merged,
    property_changed,
    too_many_models,
    without,
)
from local.arm.images import ImageKind, Images, kind_of
from local.arm.model.misfit import refuse_misfit
from local.arm.model.scale_set import Model, ScaleSet

_MODEL_LIMIT = 10
_FIXED = ("platformFaultDomainCount", "orchestrationMode", "singlePlacementGroup")


def changed_model(scale_set: ScaleSet, body: Json, images: Images, now: datetime) -> Model:
    """The model after the change; the current one when nothing in it differs.

    A new one gets a new virtualMachineProfile.timeCreated (recorded: vmss-put-uniform). Raises
    ArmError when Azure would refuse the change.
    """
    _refuse_fixed(scale_set, body)
    sent: Json = dig(body, "properties", "virtualMachineProfile") or {}
    profile = without(sent, ["timeCreated"])
    old = scale_set.model
    new = _merged_profile(old.profile, profile)
    image = old.image
    if kind_of(profile.get("storageProfile") or {}):
        image = images.resolve(new["storageProfile"], scale_set.spec.location, now)
        refuse_misfit(images, image, new, scale_set.spec.plan, now)
    if (new, image) == (old.profile, old.image):
        return old
    if len({instance.latest.model for instance in scale_set.live}) >= _MODEL_LIMIT:
        raise too_many_models(scale_set.spec.name)
    return Model(old.number + 1, new | {"timeCreated": instant(now)}, image)


def apply(scale_set: ScaleSet, body: Json, model: Model, now: datetime) -> None:
    """Write the change: tags are replaced, other properties merged."""
    scale_set.model = model
    scale_set.tags = body.get("tags", scale_set.tags)
    properties = without(body.get("properties") or {}, ["virtualMachineProfile"])
    scale_set.properties = merged(scale_set.properties, properties)
    scale_set.writes.append(now)


def _refuse_fixed(scale_set: ScaleSet, body: Json) -> None:
    wanted: Json = body.get("properties") or {}
    for name in _FIXED:
        if name in wanted and wanted[name] != scale_set.properties[name]:
            raise property_changed(name)


def _merged_profile(old: Json, patch: Json) -> Json:
    old_storage: Json = old["storageProfile"]
    kind = kind_of(patch.get("storageProfile") or {})
    if kind and kind is not kind_of(old_storage):
        raise image_type_changed()
    if kind is ImageKind.CUSTOM:
        # An id names an image by itself; what another reference said must not linger beside it.
        old = old | {"storageProfile": without(old_storage, ["imageReference"])}
    return merged(old, patch)
