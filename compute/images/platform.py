"""Versions of platform (marketplace) images, read from Azure."""

from compute.client import connect
from compute.errors import explained
from compute.images.place import ImagePlace
from compute.images.traits import platform_traits
from compute.json_body import Body, dig
from rollout.inventory import ACTIVE, Image, ImageVersion

_STATUS = ("properties", "imageDeprecationStatus")


def platform_version(image: Image, scale_set: ImagePlace) -> ImageVersion:
    """One GET of that version (recorded: platform-image-version-get). Raises ArmFailure, of kind
    not found if the region does not have it.
    """
    images = connect(scale_set.id.subscription).virtual_machine_images
    with explained("read the image", str(image)):
        return _version(images.get(*_parts(image, scale_set), image.version or ""))


def platform_versions(image: Image, scale_set: ImagePlace) -> list[ImageVersion]:
    """All versions in the region, including their deprecation status, in one call (recorded:
    platform-image-versions-list-expand). Raises ArmFailure.
    """
    images = connect(scale_set.id.subscription).virtual_machine_images
    with explained("list the versions of", str(image)):
        listed = images.list(*_parts(image, scale_set), expand="/".join(_STATUS))
    return [_version(version) for version in listed]


def _parts(image: Image, scale_set: ImagePlace) -> tuple[str, str, str, str]:
    return scale_set.location, image.publisher or "", image.offer or "", image.sku or ""


def _version(body: Body) -> ImageVersion:
    ends = dig(body, *_STATUS, "scheduledDeprecationTime")
    return ImageVersion(
        version=str(body["name"]),
        life=dig(body, *_STATUS, "imageState") or ACTIVE,
        life_ends=str(ends) if ends else None,
        traits=platform_traits(body),
    )
