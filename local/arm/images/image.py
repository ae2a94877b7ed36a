"""The image on a disk, and how a model names one."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Self

from pydantic import model_validator

from local.arm.base import Declared, Json, dig


@dataclass(frozen=True)
class Image:
    """An image as it is on a VM's disk: always one exact version."""

    identity: str
    """The URN of a platform image, the id of a gallery version or managed image, or the uri."""
    version: str | None = None
    reference: Json | None = None
    """imageReference as Azure shows it on the VM; None for a VHD."""


class ImageKind(StrEnum):
    PLATFORM = auto()
    CUSTOM = auto()
    VHD = auto()


CUSTOM_FIELDS = ("id", "sharedGalleryImageId", "communityGalleryImageId")


def kind_of(storage: Json) -> ImageKind | None:
    """The kind of image a storageProfile names; None when it names none."""
    if dig(storage, "osDisk", "image", "uri"):
        return ImageKind.VHD
    reference: Json = storage.get("imageReference") or {}
    if not reference:
        return None
    return ImageKind.CUSTOM if reference.keys() & {*CUSTOM_FIELDS} else ImageKind.PLATFORM


class ImageReference(Declared):
    """How people name an image: platform fields, an id, or the uri of a VHD."""

    publisher: str | None = None
    offer: str | None = None
    sku: str | None = None
    version: str | None = None
    id: str | None = None
    shared_gallery_image_id: str | None = None
    community_gallery_image_id: str | None = None
    uri: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        platform = self.publisher or self.offer or self.sku or self.version
        shared = self.shared_gallery_image_id or self.community_gallery_image_id
        if sum(map(bool, (platform, self.id, shared, self.uri))) != 1:
            raise ValueError("name one image: publisher, offer, sku, version; or id; or uri")
        return self

    @property
    def is_platform(self) -> bool:
        return not (
            self.id or self.shared_gallery_image_id or self.community_gallery_image_id or self.uri
        )

    def storage(self) -> Json:
        """The storageProfile fields that name it."""
        if self.uri:
            return {"osDisk": {"image": {"uri": self.uri}}}
        return {"imageReference": self.model_dump(exclude_none=True, by_alias=True)}
