"""Publishes the image a storageProfile names, so that nobody has to declare it twice."""

import re
from datetime import datetime

from local.arm.base import Json, dig
from local.arm.images.images import Images
from local.arm.images.published import (
    AnyGalleryVersion,
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    PlatformImage,
    Published,
    SharedVersion,
    Vhd,
)

_GROUP = r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<resource_group>[^/]+)"
_COMPUTE = rf"{_GROUP}/providers/Microsoft\.Compute"
_VERSION = re.compile(
    rf"{_COMPUTE}/galleries/(?P<gallery>[^/]+)/images/(?P<image>[^/]+)/versions/(?P<version>[^/]+)",
    re.IGNORECASE,
)
_NAMED = r"(?P<image>[^/]+)/versions/(?P<version>[^/]+)"
_MANAGED = re.compile(rf"{_COMPUTE}/images/(?P<name>[^/]+)", re.IGNORECASE)
_SHARED = re.compile(rf"/SharedGalleries/(?P<shared_gallery>[^/]+)/images/{_NAMED}", re.IGNORECASE)
_COMMUNITY = re.compile(
    rf"/CommunityGalleries/(?P<community_gallery>[^/]+)/images/{_NAMED}", re.IGNORECASE
)
_FORMS: list[tuple[str, re.Pattern[str], type[AnyGalleryVersion | ManagedImage]]] = [
    ("id", _VERSION, GalleryVersion),
    ("id", _MANAGED, ManagedImage),
    ("sharedGalleryImageId", _SHARED, SharedVersion),
    ("communityGalleryImageId", _COMMUNITY, CommunityVersion),
]


def publish_named(images: Images, storage: Json, location: str, now: datetime) -> None:
    """Publish that image unless it is already, or the version is left open."""
    image = published_as(storage, location)
    if image and images.find(image.identity, now) is None:
        images.publish(image, now)


def published_as(storage: Json, location: str) -> Published | None:
    """The image that a storageProfile names, replicated to that location; None if it leaves the
    version open, or names none.
    """
    if uri := dig(storage, "osDisk", "image", "uri"):
        return Vhd(uri=uri)
    reference: Json = storage["imageReference"]
    if "publisher" in reference:
        latest = reference["version"].lower() == "latest"
        return None if latest else PlatformImage.model_validate(reference)
    for field, pattern, kind in _FORMS:
        if match := pattern.fullmatch(reference.get(field, "")):
            regions = {} if kind is ManagedImage else {"target_regions": [location]}
            return kind.model_validate({**match.groupdict(), "location": location, **regions})
    return None
