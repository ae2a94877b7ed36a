"""The images of a copy: those that run, that of the model, and the new one, all fit for it."""

from collections.abc import Iterator

from local.arm.base import Json
from local.arm.images import ImageReference, Published, Vhd, published_as
from local.arm.model import Azure, ScaleSetSpec
from local.rehearsal.order import Order

_GB = 30
_SUPPORTED = {"TrustedLaunch", "ConfidentialVM"}


def publish_all(azure: Azure, order: Order) -> str:
    """Publish them; returns the identity of the new one. Raises ValueError when what it is called
    is no name of an image version.
    """
    for reference in _references(order):
        if image := published_as(reference.storage(), order.scale_set.location):
            azure.add_image(_fit(image, order.scale_set))
    target = published_as(order.target.storage(), order.scale_set.location)
    if target is None:
        raise ValueError(f"{order.target.model_dump(exclude_none=True)} names no image version")
    return target.identity


def _references(order: Order) -> Iterator[ImageReference]:
    yield order.scale_set.full_image
    yield from (each.image for each in order.scale_set.instances if each.image)
    yield order.target


def _fit(image: Published, spec: ScaleSetSpec) -> Published:
    """Made for the machines of the scale set, as far as that is known."""
    if isinstance(image, Vhd):
        return image
    security = spec.security_type if spec.security_type in _SUPPORTED else None
    traits: Json = {
        "os_type": spec.os_type,
        "os_disk_gb": spec.os_disk_gb or _GB,
        "hyper_v_generation": spec.hyper_v_generation,
        "security_type": security and f"{security}Supported",
        "plan": spec.plan,
    }
    return image.model_copy(update=traits)
