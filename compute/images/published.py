"""A gallery image version, read again after Azure reported that it was written."""

from datetime import datetime

from compute.client import connect
from compute.errors import explained
from compute.images.gallery import region_of
from compute.json_body import Body, dig, dig_list
from rollout.inventory import GalleryId, PublishedVersion, Region


def read_published(version_id: str) -> PublishedVersion:
    """One GET with its replication. Raises ArmFailure, of kind not found if it is gone, and
    ValueError if the id is not that of a version in your own gallery.
    """
    image = GalleryId.parse(version_id)
    if image is None or not image.subscription or not image.version:
        raise ValueError(f"{version_id} is not the id of a gallery image version")
    with explained("read the image version", version_id):
        body = connect(image.subscription).gallery_image_versions.get(
            image.resource_group, image.gallery, image.image, image.version,
            expand="ReplicationStatus",
        )  # fmt: skip
    return published_version_of(version_id, body)


def published_version_of(version_id: str, body: Body) -> PublishedVersion:
    """The version in Azure's response (recorded: gallery-image-version-get)."""
    properties: Body = dig(body, "properties") or {}
    publishing: Body = dig(properties, "publishingProfile") or {}
    summary = dig_list(properties, "replicationStatus", "summary")
    states = {region_of(status["region"]): status.get("state") for status in summary}
    published = publishing.get("publishedDate")
    return PublishedVersion(
        id=version_id,
        version=str(body["name"]),
        state=dig(properties, "provisioningState") or "Unknown",
        excluded=bool(publishing.get("excludeFromLatest")),
        published_at=_moment(published),
        regions=[
            Region(
                location=region_of(region["name"]),
                excluded=region.get("excludeFromLatest"),
                replication=states.get(region_of(region["name"])),
            )
            for region in dig_list(publishing, "targetRegions")
        ],
    )


def _moment(published: object) -> datetime | None:
    """Azure writes seven fractional digits; the SDK's models may have parsed them already."""
    if isinstance(published, datetime) or published is None:
        return published
    return datetime.fromisoformat(str(published))


def published_at(image_id: str) -> datetime | None:
    """When that image version was published; None for anything but a version in your own gallery.
    Raises ArmFailure if Azure did not allow the read.
    """
    try:
        return read_published(image_id).published_at
    except ValueError:
        return None
