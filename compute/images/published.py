"""A gallery image version, read again after Azure reported that it was written."""

from datetime import datetime

from compute.arm_json import every_item
from compute.client import connect
from compute.errors import explained
from compute.images.gallery import region_of
from compute.json_body import Body, dig, dig_list, moment_of
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import GalleryId, PublishedVersion, Region, by_number

_READ = 10
"""How many newer versions to read one by one: a list has no replication (facts: no $expand)."""


def read_published(version_id: str) -> PublishedVersion:
    """One GET with its replication. Raises ArmFailure, of kind not found if it is gone, and
    ValueError if the id is not that of a version in your own gallery.
    """
    image = _own(version_id)
    with explained("read the image version", version_id):
        body = connect(image.subscription).gallery_image_versions.get(
            image.resource_group, image.gallery, image.image, image.version or "",
            expand="ReplicationStatus",
        )  # fmt: skip
    return published_version_of(version_id, body)


def read_with_newer(version_id: str) -> PublishedVersion:
    """The same, with the newer versions of its image: one more list, and a GET of each newer one
    that might be used. Raises as `read_published` does.
    """
    image, version = _own(version_id), read_published(version_id)
    with explained("list the versions of", image.definition):
        listed = connect(image.subscription).gallery_image_versions.list_by_gallery_image(
            image.resource_group, image.gallery, image.image
        )
        bodies = list(every_item(listed))
    there = [published_version_of(str(image.pinned(str(body["name"]))), body) for body in bodies]
    mine = by_number(version.version)
    newer = [each for each in there if by_number(each.version) > mine]
    newer.sort(key=lambda each: by_number(each.version), reverse=True)
    known = [_replicated(each) if at < _READ else each for at, each in enumerate(newer)]
    return version.model_copy(update={"newer": [each for each in known if each]})


def _replicated(listed: PublishedVersion) -> PublishedVersion | None:
    """With its replication, where that matters; None if it is gone meanwhile."""
    if listed.state.casefold() != "succeeded":
        return listed
    try:
        return read_published(listed.id)
    except ArmFailure as failure:
        if failure.error.kind is ArmErrorKind.NOT_FOUND:
            return None
        raise


def _own(version_id: str) -> GalleryId:
    """Raises ValueError."""
    image = GalleryId.parse(version_id)
    if image is None or not image.subscription or not image.version:
        raise ValueError(f"{version_id} is not the id of a gallery image version")
    return image


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
        published_at=moment_of(published),
        regions=[
            Region(
                location=region_of(region["name"]),
                excluded=region.get("excludeFromLatest"),
                replication=states.get(region_of(region["name"])),
            )
            for region in dig_list(publishing, "targetRegions")
        ],
    )


def published_at(image_id: str) -> datetime | None:
    """When that image version was published; None for anything but a version in your own gallery.
    Raises ArmFailure if Azure did not allow the read.
    """
    try:
        return read_published(image_id).published_at
    except ValueError:
        return None
