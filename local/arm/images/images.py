"""Everything published, and what a model's reference means at a moment."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from local.arm.base import (
    Json,
    dig,
    gallery_image_not_found,
    image_deprecated,
    invalid_parameter,
    platform_image_not_found,
)
from local.arm.images.image import CUSTOM_FIELDS, Image, ImageKind, kind_of
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
from local.arm.images.writing import Writing

_GALLERY_IMAGE = re.compile(
    r"(?P<definition>.*/(galleries|SharedGalleries|CommunityGalleries)/[^/]+/images/[^/]+)"
    r"(/versions/(?P<version>[^/]+))?",
    re.IGNORECASE,
)
_GALLERY_VERSIONS = (GalleryVersion, SharedVersion, CommunityVersion)


@dataclass
class Images:
    """All images. Names are compared without regard to case, as in Azure."""

    _published: dict[str, Published] = field(default_factory=dict[str, Published])
    _since: dict[str, datetime] = field(default_factory=dict[str, datetime])
    _writings: dict[str, Writing] = field(default_factory=dict[str, Writing])
    _definitions: dict[str, GalleryVersion] = field(default_factory=dict[str, GalleryVersion])

    def publish(self, image: Published, now: datetime) -> None:
        """Make an image available, or replace its description."""
        key = image.identity.lower()
        if self.find(key, now) is None:
            self._since[key] = now
            self._writings.pop(key, None)
        self._published[key] = image
        if isinstance(image, GalleryVersion):
            self._definitions.setdefault(image.definition_id.lower(), image)
            before = self._writings.get(key)
            written = before.then(image, now) if before else Writing.first(image, now)
            self._writings[key] = written

    def delete(self, version: GalleryVersion, now: datetime) -> None:
        """Begin to delete an existing gallery version; instances that run it keep running."""
        key = version.identity.lower()
        self._writings[key] = self._writings[key].deleted(now)

    def withdraw(self, identity: str) -> Published | None:
        """Make an image unavailable at once, and return it. Instances that run it keep running."""
        self._writings.pop(identity.lower(), None)
        return self._published.pop(identity.lower(), None)

    def published_at(self, image: Published) -> datetime:
        """When it was first published."""
        return self._since[image.identity.lower()]

    def writing(self, version: GalleryVersion) -> Writing:
        """The latest write of an existing version."""
        return self._writings[version.identity.lower()]

    def find(self, identity: str, now: datetime) -> Published | None:
        """The image as it is at that moment."""
        writing = self._writings.get(identity.lower())
        return writing.at(now) if writing else self._published.get(identity.lower())

    def all(self, now: datetime) -> list[tuple[Published, datetime]]:
        """As they are at that moment, each with when it was published, the latest last."""
        found = ((self.find(identity, now), self._since[identity]) for identity in self._published)
        there = [(image, since) for image, since in found if image is not None]
        return sorted(there, key=lambda published: published[1])

    def identities(self) -> list[str]:
        """What there is or was, in lower case: ids of images and of definitions, URNs and URIs."""
        return [*self._published, *self._definitions]

    def definition(self, definition_id: str) -> GalleryVersion | None:
        """The first version of a gallery image definition; None when it never had any."""
        return self._definitions.get(definition_id.lower())

    def platform_versions(self, publisher: str, offer: str, sku: str) -> list[PlatformImage]:
        """In the order of their names, as text."""
        prefix = f"{publisher}:{offer}:{sku}:".lower()
        return [
            image
            for identity, image in sorted(self._published.items())
            if isinstance(image, PlatformImage) and identity.startswith(prefix)
        ]

    def gallery_versions(self, definition_id: str, now: datetime) -> list[AnyGalleryVersion]:
        """As they are at that moment, in the order of their names, as text."""
        prefix = f"{definition_id}/versions/".lower()
        named = (identity for identity in sorted(self._published) if identity.startswith(prefix))
        found = (self.find(identity, now) for identity in named)
        return [image for image in found if isinstance(image, _GALLERY_VERSIONS)]

    def resolve(self, storage: Json, location: str, now: datetime) -> Image:
        """The exact image a storageProfile means then. Raises ArmError when there is none."""
        match kind_of(storage):
            case ImageKind.VHD:
                return self._vhd(dig(storage, "osDisk", "image", "uri"), now)
            case ImageKind.CUSTOM:
                return self._custom(storage["imageReference"], location, now)
            case _:
                return self._platform(storage.get("imageReference") or {})

    def _platform(self, reference: Json) -> Image:
        publisher, offer, sku, version = (
            str(reference.get(field, "")) for field in ("publisher", "offer", "sku", "version")
        )
        versions = self.platform_versions(publisher, offer, sku)
        if version.lower() != "latest":
            versions = [image for image in versions if image.version == version]
        if not versions:
            raise platform_image_not_found(f"{publisher}:{offer}:{sku}:{version}")
        active = [image for image in versions if image.image_state != "Deprecated"]
        if not active:
            raise image_deprecated(publisher, offer, sku, version)
        image = max(active, key=lambda image: _rank(image.version))
        shown = reference | {"exactVersion": image.version}
        return Image(image.identity, image.version, shown)

    def _custom(self, reference: Json, location: str, now: datetime) -> Image:
        field = next(name for name in CUSTOM_FIELDS if name in reference)
        image_id = str(reference[field])
        match = _GALLERY_IMAGE.fullmatch(image_id)
        if match is None:
            return self._managed(image_id, location, now)
        if (match["version"] or "latest").lower() == "latest":
            image = self._newest(match["definition"], location, now)
        else:
            image = self._version(image_id, location, now)
        return Image(
            image.identity, image.version, {field: image_id, "exactVersion": image.version}
        )

    def _managed(self, image_id: str, location: str, now: datetime) -> Image:
        image = self.find(image_id, now)
        if not isinstance(image, ManagedImage):
            raise _managed_image_not_found(image_id, location)
        return Image(image.identity, None, {"id": image_id})

    def _version(self, image_id: str, location: str, now: datetime) -> AnyGalleryVersion:
        image = self.find(image_id, now)
        if not isinstance(image, _GALLERY_VERSIONS) or not image.serves(location):
            raise gallery_image_not_found(image_id, location)
        return image

    def _newest(self, definition_id: str, location: str, now: datetime) -> AnyGalleryVersion:
        """Gallery "latest": the highest version that is replicated there and not excluded."""
        versions = self.gallery_versions(definition_id, now)
        candidates = [version for version in versions if version.counts_for_latest(location)]
        if not candidates:
            raise gallery_image_not_found(definition_id, location)
        return max(candidates, key=lambda image: _rank(image.version))

    def _vhd(self, uri: str, now: datetime) -> Image:
        if not isinstance(self.find(uri, now), Vhd):
            message = f"Unable to find VHD blob with URI {uri} for disk osDisk."
            raise invalid_parameter(message, "osDisk.image.uri")
        return Image(uri)


def _managed_image_not_found(image_id: str, location: str) -> Exception:
    message = f"The Image '{image_id}' cannot be found in '{location}' region."
    return invalid_parameter(message, "imageReference")


def _rank(version: str) -> list[int]:
    """Versions are compared number by number: 7.7.2020062400 is newer than 7.7.201912090."""
    return [int(number) for number in re.findall(r"\d+", version)]
