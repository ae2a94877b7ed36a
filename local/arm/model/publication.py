"""Publishes the image a storageProfile names, so that nobody has to declare it twice."""

import re
from datetime import datetime

from local.arm.model.document import Json, dig
from local.arm.model.images import Images
from local.arm.model.published import (
    GalleryVersion,
    ManagedImage,
    PlatformImage,
    Published,
    Vhd,
)

_GROUP = r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<resource_group>[^/]+)"
_COMPUTE = rf"{_GROUP}/providers/Microsoft\.Compute"
_VERSION = re.compile(
    rf"{_COMPUTE}/galleries/(?P<gallery>[^/]+)/images/(?P<image>[^/]+)/versions/(?P<version>[^/]+)",
    re.IGNORECASE,
)
_MANAGED = re.compile(rf"{_COMPUTE}/images/(?P<name>[^/]+)", re.IGNORECASE)


def publish_named(images: Images, storage: Json, location: str, now: datetime) -> None:
    """Publish that image unless it is, or it leaves the version open."""
    image = _published_as(storage, location)
    if image and images.find(image.identity) is None:
        images.publish(image, now)


def _published_as(storage: Json, location: str) -> Published | None:
    if uri := dig(storage, "osDisk", "image", "uri"):
        return Vhd(uri=uri)
    reference: Json = storage["imageReference"]
    image_id: str = reference.get("id", "")
    if match := _VERSION.fullmatch(image_id):
        there = {"location": location, "target_regions": [location]}
        return GalleryVersion.model_validate(match.groupdict() | there)
    if match := _MANAGED.fullmatch(image_id):
        return ManagedImage.model_validate(match.groupdict() | {"location": location})
    if image_id or reference["version"].lower() == "latest":
        return None
    return PlatformImage.model_validate(reference)
