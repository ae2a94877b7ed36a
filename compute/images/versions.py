"""All versions of an image, as seen from a scale set."""

from dataclasses import replace

from compute.images.gallery import gallery_version, gallery_versions
from compute.images.place import ImagePlace
from compute.images.platform import platform_versions
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import GalleryId, GalleryKind, Image, ImageKind, ImageVersion, by_number


def has_versions(image: Image) -> bool:
    return bool(GalleryId.parse(image.id)) or image.kind is ImageKind.PLATFORM


def versions_of(image: Image | None, place: ImagePlace, replications: int) -> list[ImageVersion]:
    """Every version, the newest first; none of an image that has no versions. Of your own gallery,
    so many of the newest are read one by one, because a list has no replication. Raises ArmFailure.
    """
    if image is None or not has_versions(image):
        return []
    gallery = GalleryId.parse(image.id)
    listed = gallery_versions(gallery, place) if gallery else platform_versions(image, place)
    newest = sorted(listed, key=lambda each: by_number(each.version), reverse=True)
    if gallery is None or gallery.kind is not GalleryKind.OWN:
        return newest
    first, rest = newest[:replications], newest[replications:]
    return [*(_replicated(gallery, each, place) for each in first), *rest]


def _replicated(gallery: GalleryId, listed: ImageVersion, place: ImagePlace) -> ImageVersion:
    """With its replication, where that matters."""
    if listed.flaw(place.location):
        return listed
    try:
        return gallery_version(gallery.pinned(listed.version), place)
    except ArmFailure as failure:
        if failure.error.kind is ArmErrorKind.NOT_FOUND:
            return replace(listed, state="Deleting")
        raise
