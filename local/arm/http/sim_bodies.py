"""What the controls show: active faults, and the images there are."""

from datetime import datetime

from local.arm.base import Json, instant
from local.arm.images import (
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    PlatformImage,
    Published,
    SharedVersion,
    Vhd,
)
from local.arm.model import ActiveFault

_KINDS: dict[type[Published], str] = {
    PlatformImage: "platform",
    GalleryVersion: "gallery",
    SharedVersion: "sharedGallery",
    CommunityVersion: "communityGallery",
    ManagedImage: "managed",
    Vhd: "vhd",
}


def fault_body(active: ActiveFault) -> Json:
    """`fault` is what was declared, so that it can be declared again."""
    return {
        "id": active.id,
        "fault": active.fault.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "since": instant(active.since),
        "hits": active.hits,
        "left": active.left,
    }


def image_body(image: Published, published: datetime) -> Json:
    """`id` is what the POST answered: an ARM id, a URN, or a URI."""
    return {
        "id": image.identity,
        "kind": _KINDS[type(image)],
        "version": None if isinstance(image, ManagedImage | Vhd) else image.version,
        "state": _state(image),
        "publishedAt": instant(published),
    }


def _state(image: Published) -> str | None:
    match image:
        case PlatformImage():
            return image.image_state
        case Vhd():
            return None
        case _:
            return image.provisioning_state
