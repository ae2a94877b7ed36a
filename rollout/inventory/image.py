"""Image references: in a scale set's model, of an instance, or in a request."""

import re
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from rollout.base import Request, Value, not_dots
from rollout.inventory.gallery_id import COMPUTE, GalleryId
from rollout.inventory.scale_set_id import SEGMENT

MANAGED_IMAGE = re.compile(rf"{COMPUTE}/images/(?P<image>{SEGMENT})", re.IGNORECASE)
_VHD = re.compile(r"https://[^\s?#]+\.vhd", re.IGNORECASE)
_PLATFORM_FIELDS = ("publisher", "offer", "sku", "version")

Name = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[A-Za-z0-9._\-]{1,128}$"),
    AfterValidator(not_dots),
]


class ImageKind(StrEnum):
    """The kinds of image references. Azure does not let a scale set change from one to another (409
    OperationNotAllowed, "The Image type … may not be changed").
    """

    PLATFORM = "platform"
    CUSTOM = "custom"
    VHD = "vhd"


class Image(Value):
    """An image reference: a platform version, the id of a managed image or of a gallery image, or
    the URI of an unmanaged VHD. A model may leave the version open; an instance runs a specific
    one.
    """

    publisher: str | None = None
    offer: str | None = None
    sku: str | None = None
    version: str | None = None
    id: str | None = None
    uri: str | None = None

    @property
    def kind(self) -> ImageKind:
        return _kind(self.id, self.uri)

    @property
    def open(self) -> bool:
        """Whether the version is left open, so that tomorrow it may mean another image."""
        gallery = GalleryId.parse(self.id)
        return gallery.open if gallery else (self.version or "").casefold() == "latest"

    @property
    def named_version(self) -> str | None:
        """The version that it names; None if it leaves that open, or has none."""
        gallery = GalleryId.parse(self.id)
        version = gallery.version if gallery else self.version
        return None if self.open else version

    @property
    def family(self) -> str:
        """The same text for all versions of an image, in any case of letters."""
        gallery = GalleryId.parse(self.id)
        if gallery:
            return gallery.definition.casefold()
        return str(self.model_copy(update={"version": None})).casefold()

    def __str__(self) -> str:
        """Its URN (publisher:offer:sku:version), id or URI."""
        parts = (self.publisher, self.offer, self.sku, self.version)
        return self.uri or self.id or ":".join(part or "?" for part in parts)

    def same(self, other: "Image | None") -> bool:
        """Whether both are the same image. Azure changes the case of ids and names; blob names are
        case-sensitive.
        """
        if other is None or self.kind is ImageKind.VHD:
            return self == other
        return str(self).casefold() == str(other).casefold()


class ImageRequest(Request):
    """The requested image: a platform version, SKU, offer or publisher (what is omitted stays as
    the scale set has it; no version, or "latest", means the newest one) | `id` of a managed image
    or of a gallery image (own, shared or community; without a version, its latest) | `uri`.
    """

    publisher: Name | None = Field(default=None, examples=["Canonical"])
    offer: Name | None = Field(default=None, examples=["UbuntuServer"])
    sku: Name | None = Field(default=None, examples=["14.04.2-LTS"])
    version: Name | None = Field(default=None, examples=["14.04.201507060", "latest"])
    id: str | None = Field(
        default=None,
        description="A managed image; or a gallery image, with a version or without (its latest): "
        "the ARM id, /SharedGalleries/… or /CommunityGalleries/….",
    )
    uri: str | None = Field(default=None, description="https URI of a generalized VHD.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        platform = any(getattr(self, field) for field in _PLATFORM_FIELDS)
        if [platform, self.id is not None, self.uri is not None].count(True) != 1:
            raise ValueError(
                "must have exactly one form: version, sku, offer or publisher of a platform "
                "image | id of a managed or gallery image | uri of a VHD"
            )
        if self.id is not None and not _is_image_id(self.id):
            raise ValueError(
                "id must be the ARM id of a managed image (…/images/{name}) or of a gallery image "
                "(…/galleries/{gallery}/images/{image}), or /SharedGalleries/{gallery}/Images/"
                "{image} or /CommunityGalleries/{gallery}/Images/{image}; the last three with "
                "/versions/{version}, or without for the latest"
            )
        if self.uri is not None and not _VHD.fullmatch(self.uri):
            raise ValueError("uri must be the https URI of a .vhd blob")
        return self

    @property
    def kind(self) -> ImageKind:
        return _kind(self.id, self.uri)

    @property
    def wants_latest(self) -> bool:
        """Whether the newest version must be looked up and pinned."""
        if gallery := GalleryId.parse(self.id):
            return gallery.open
        return self.kind is ImageKind.PLATFORM and (self.version or "latest").lower() == "latest"

    @property
    def named(self) -> Image:
        """The image as far as the request specifies it."""
        return Image(**dict(self))

    def completed_from(self, current: Image) -> Image:
        """The image meant for a scale set that has `current`; the kinds must agree."""
        if self.kind is not ImageKind.PLATFORM:
            return Image(id=self.id, uri=self.uri)
        return Image(
            publisher=self.publisher or current.publisher,
            offer=self.offer or current.offer,
            sku=self.sku or current.sku,
            version="latest" if self.wants_latest else self.version,
        )


class ImageChange(Value):
    """From which image to which: `from` is the model's image before the rollout. Both are always
    present, null while unknown.
    """

    from_image: Image | None = Field(
        default=None, validation_alias="from", serialization_alias="from"
    )
    to_image: Image | None = Field(default=None, validation_alias="to", serialization_alias="to")

    @model_serializer(mode="wrap")
    def _both(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"from": None, "to": None} | serialize(self)


def _kind(image_id: str | None, uri: str | None) -> ImageKind:
    if uri:
        return ImageKind.VHD
    return ImageKind.CUSTOM if image_id else ImageKind.PLATFORM


def _is_image_id(text: str) -> bool:
    return GalleryId.parse(text) is not None or MANAGED_IMAGE.fullmatch(text) is not None


def newest(versions: list[str]) -> str | None:
    """The highest version, compared number by number: as text, "1.9" ranks above "1.10"."""
    return max(versions, key=by_number, default=None)


def by_number(version: str) -> list[tuple[int, str]]:
    """Sorts versions by their numbers; a word ranks below any number."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"[.\-]", version)
    ]
