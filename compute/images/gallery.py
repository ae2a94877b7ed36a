"""Versions of gallery images, read from Azure: your own, shared, and community galleries."""

from datetime import datetime
from typing import Any

from compute.arm_json import every_item
from compute.client import connect
from compute.errors import explained
from compute.images.place import ImagePlace
from compute.images.traits import definition_traits, with_disk_of
from compute.json_body import Body, dig, dig_list, moment_of
from rollout.inventory import (
    ACTIVE,
    UNKNOWN_TRAITS,
    GalleryId,
    GalleryKind,
    ImageTraits,
    ImageVersion,
)


def gallery_version(image: GalleryId, scale_set: ImagePlace) -> ImageVersion:
    """One GET of that version, in your own gallery with its replication. Raises ArmFailure."""
    with explained("read the image version", str(image)):
        return _version(_read(image, scale_set), scale_set.location)


def gallery_versions(image: GalleryId, scale_set: ImagePlace) -> list[ImageVersion]:
    """All versions, without their replication state, which only a GET of each returns. Raises
    ArmFailure, of kind not found if there is no such image.
    """
    with explained("list the versions of", image.definition):
        versions = every_item(_list(image, scale_set))
        return [_version(version, scale_set.location) for version in versions]


def read_definition(image: GalleryId) -> ImageTraits | None:
    """What the image definition says, by one GET; None for galleries of others, where it would take
    one more right. Raises ArmFailure.
    """
    if image.kind is not GalleryKind.OWN:
        return None
    with explained("read the image definition", image.definition):
        body = connect(image.subscription).gallery_images.get(
            image.resource_group, image.gallery, image.image
        )
    return definition_traits(body)


def _read(image: GalleryId, scale_set: ImagePlace) -> Body:
    version = image.version or ""
    place = (scale_set.location, image.gallery, image.image, version)
    match image.kind:
        case GalleryKind.SHARED:
            return _client(scale_set).shared_gallery_image_versions.get(*place)
        case GalleryKind.COMMUNITY:
            return _client(scale_set).community_gallery_image_versions.get(*place)
        case GalleryKind.OWN:
            return connect(image.subscription).gallery_image_versions.get(
                image.resource_group, *place[1:], expand="ReplicationStatus"
            )


def _list(image: GalleryId, scale_set: ImagePlace) -> Any:
    place = (scale_set.location, image.gallery, image.image)
    match image.kind:
        case GalleryKind.SHARED:
            return _client(scale_set).shared_gallery_image_versions.list(*place)
        case GalleryKind.COMMUNITY:
            return _client(scale_set).community_gallery_image_versions.list(*place)
        case GalleryKind.OWN:
            return connect(image.subscription).gallery_image_versions.list_by_gallery_image(
                image.resource_group, *place[1:]
            )


def _client(scale_set: ImagePlace) -> Any:
    """Shared images are looked up in the region, through the scale set's own subscription."""
    return connect(scale_set.id.subscription)


def _version(body: Body, location: str) -> ImageVersion:
    """Regions are display names ("East US 2"), locations have no spaces ("eastus2"). A version of a
    shared or community gallery has no target regions: it was read in that region.
    """
    properties: Body = dig(body, "properties") or {}
    publishing: Body = dig(properties, "publishingProfile") or properties
    targets = {
        region_of(region["name"]): region for region in dig_list(publishing, "targetRegions")
    }
    target: Body | None = targets.get(region_of(location))
    excluded = dig(target, "excludeFromLatest")
    ends = dig(properties, "consumptionEndTime") or dig(publishing, "endOfLifeDate")
    return ImageVersion(
        version=str(body["name"]),
        state=dig(properties, "provisioningState") or "Succeeded",
        life=dig(properties, "imageState") or ACTIVE,
        life_ends=str(ends) if ends else None,
        in_region=target is not None or "targetRegions" not in publishing,
        # Documented: a region's own flag overrides the one for all regions.
        excluded=bool(publishing.get("excludeFromLatest") if excluded is None else excluded),
        traits=with_disk_of(UNKNOWN_TRAITS, dig(properties, "storageProfile")),
        replication=_replication(properties, location),
        published_at=_published(publishing),
    )


def _published(publishing: Body) -> datetime | None:
    """None if Azure does not say, or not in a form that is known: no decision needs it."""
    try:
        return moment_of(publishing.get("publishedDate"))
    except ValueError:
        return None


def _replication(properties: Body, location: str) -> str | None:
    summary = dig_list(properties, "replicationStatus", "summary")
    states = {region_of(status["region"]): status.get("state") for status in summary}
    return states.get(region_of(location))


def region_of(name: str) -> str:
    """The location for a region's display name or location: "West US" is "westus"."""
    return name.replace(" ", "").casefold()
