"""Everything published, and what a model's reference means at a moment."""

import re
from datetime import datetime

from local.arm.model.arm_error import (
    gallery_image_not_found,
    image_deprecated,
    invalid_parameter,
    platform_image_not_found,
)
from local.arm.model.document import Json, dig
from local.arm.model.image import CUSTOM_FIELDS, Image, ImageKind, kind_of
from local.arm.model.published import (
    AnyGalleryVersion,
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    PlatformImage,
    Published,
    SharedVersion,
    Vhd,
)

_GALLERY_IMAGE = re.compile(
    r"(?P<definition>.*/(galleries|SharedGalleries|CommunityGalleries)/[^/]+/images/[^/]+)"
    r"(/versions/(?P<version>[^/]+))?",
    re.IGNORECASE,
)
_GALLERY_VERSIONS = (GalleryVersion, SharedVersion, CommunityVersion)


class Images:
    """The images there are. Names are compared without case, as Azure does."""

    def __init__(self) -> None:
        self._published: dict[str, Published] = {}
        self._since: dict[str, datetime] = {}

    def publish(self, image: Published, now: datetime) -> None:
        """Make an image available, or change what is known of it."""
        key = image.identity.lower()
        self._published[key] = image
        self._since.setdefault(key, now)

    def withdraw(self, identity: str) -> bool:
        """Make an image unavailable; whether there was one. What runs it goes on running it."""
        return self._published.pop(identity.lower(), None) is not None

    def published_at(self, image: Published) -> datetime:
        """When it was first published."""
        return self._since[image.identity.lower()]

    def find(self, identity: str) -> Published | None:
        return self._published.get(identity.lower())

    def platform_versions(self, publisher: str, offer: str, sku: str) -> list[PlatformImage]:
        """In the order of their names, as text."""
        prefix = f"{publisher}:{offer}:{sku}:".lower()
        return [
            image
            for identity, image in sorted(self._published.items())
            if isinstance(image, PlatformImage) and identity.startswith(prefix)
        ]

    def gallery_versions(self, definition_id: str) -> list[AnyGalleryVersion]:
        """In the order of their names, as text."""
        prefix = f"{definition_id}/versions/".lower()
        return [
            image
            for identity, image in sorted(self._published.items())
            if isinstance(image, _GALLERY_VERSIONS) and identity.startswith(prefix)
        ]

    def resolve(self, storage: Json, location: str) -> Image:
        """The exact image a storageProfile means now. Raises ArmError when there is none."""
        match kind_of(storage):
            case ImageKind.VHD:
                return self._vhd(dig(storage, "osDisk", "image", "uri"))
            case ImageKind.CUSTOM:
                return self._custom(storage["imageReference"], location)
            case _:
                return self._platform(storage.get("imageReference") or {})

    def _platform(self, reference: Json) -> Image:
        publisher, offer, sku, version = (
            str(reference.get(field, "")) for field in ("publisher", "offer", "sku", "version")
        )
        versions = self.platform_versions(publisher, offer, sku)
        if version.lower() != "latest":
            versions = [one for one in versions if one.version == version]
        if not versions:
            raise platform_image_not_found(f"{publisher}:{offer}:{sku}:{version}")
        active = [one for one in versions if one.image_state != "Deprecated"]
        if not active:
            raise image_deprecated(publisher, offer, sku, version)
        image = max(active, key=lambda one: _rank(one.version))
        shown = reference | {"exactVersion": image.version}
        return Image(image.identity, image.version, shown)

    def _custom(self, reference: Json, location: str) -> Image:
        field = next(name for name in CUSTOM_FIELDS if name in reference)
        image_id = str(reference[field])
        match = _GALLERY_IMAGE.fullmatch(image_id)
        if match is None:
            return self._managed(image_id, location)
        if (match["version"] or "latest").lower() == "latest":
            image = self._newest(match["definition"], location)
        else:
            image = self._version(image_id, location)
        return Image(
            image.identity, image.version, {field: image_id, "exactVersion": image.version}
        )

    def _managed(self, image_id: str, location: str) -> Image:
        image = self.find(image_id)
        if not isinstance(image, ManagedImage):
            raise _managed_image_not_found(image_id, location)
        return Image(image.identity, None, {"id": image_id})

    def _version(self, image_id: str, location: str) -> AnyGalleryVersion:
        image = self.find(image_id)
        if not isinstance(image, _GALLERY_VERSIONS) or not image.serves(location):
            raise gallery_image_not_found(image_id, location)
        return image

    def _newest(self, definition_id: str, location: str) -> AnyGalleryVersion:
        """Gallery "latest": the highest version that is replicated there and not excluded."""
        versions = self.gallery_versions(definition_id)
        candidates = [one for one in versions if one.counts_for_latest(location)]
        if not candidates:
            raise gallery_image_not_found(definition_id, location)
        return max(candidates, key=lambda one: _rank(one.version))

    def _vhd(self, uri: str) -> Image:
        if not isinstance(self.find(uri), Vhd):
            message = f"Unable to find VHD blob with URI {uri} for disk osDisk."
            raise invalid_parameter(message, "osDisk.image.uri")
        return Image(uri)


def _managed_image_not_found(image_id: str, location: str) -> Exception:
    message = f"The Image '{image_id}' cannot be found in '{location}' region."
    return invalid_parameter(message, "imageReference")


def _rank(version: str) -> list[int]:
    """Versions compare number by number: 7.7.2020062400 is newer than 7.7.201912090."""
    return [int(number) for number in re.findall(r"\d+", version)]
