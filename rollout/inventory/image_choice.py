"""The images that a scale set can be moved to, and how far it is behind them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from rollout.base import Shown, Value
from rollout.inventory.gallery_id import GalleryId
from rollout.inventory.image import Image, ImageKind, by_number
from rollout.inventory.image_version import ImageVersion, latest_first
from rollout.inventory.scale_set_id import ScaleSetIdField

type ChoiceKind = Literal["platform", "gallery", "managed", "vhd", "none"]

NOTES: dict[ChoiceKind, str] = {
    "managed": "A managed image has no versions: give the id of another one.",
    "vhd": "A VHD has no versions: give the URI of another one.",
    "none": "The model names no image: a rollout of this scale set is refused.",
}


class ImageChoice(Value):
    """One version: give `image` in a request as it is. `state` is Azure's imageState. `named` is
    whether the model names it, `latest` whether it is what latest means there now. `remark` is why
    it is not `usable`, or what to know about it.
    """

    image: Image
    version: str
    published_at: datetime | None = None
    state: str
    ends_at: str | None = None
    excluded_from_latest: bool = False
    named: bool = False
    latest: bool = False
    usable: bool = True
    remark: str | None = None


class ImageChoices(Shown):
    """The versions of the image that a scale set's model names, the newest first. `name` is the
    same for all of them; `note` says why there are none to choose from.
    """

    scale_set: ScaleSetIdField
    image: Image | None = None
    kind: ChoiceKind
    name: str | None = None
    choices: list[ImageChoice] = []
    note: str | None = None

    @classmethod
    def of(
        cls, scale_set: ScaleSetIdField, image: Image | None, versions: Sequence[ImageVersion],
        location: str,
    ) -> "ImageChoices":  # fmt: skip
        kind = choice_kind_of(image)
        choices = image_choices(image, versions, location) if image else []
        return cls(
            scale_set=scale_set,
            image=image,
            kind=kind,
            name=image.family if image else None,
            choices=choices,
            note=NOTES.get(kind),
        )


class NewestImage(Value):
    """The newest version of its image that a scale set can use, and how many usable ones are newer
    than what its model names: left out if the model leaves the version open. `remark` is why it is
    not known.
    """

    image: Image | None = None
    version: str | None = None
    published_at: datetime | None = None
    behind: int | None = None
    remark: str | None = None

    @classmethod
    def of(
        cls, image: Image, versions: Sequence[ImageVersion], location: str
    ) -> "NewestImage | None":
        """None if there is no usable one."""
        usable = _usable(versions, location)
        if not usable:
            return None
        newest = usable[0]
        named = image.named_version
        newer = [each for each in usable if named and by_number(each.version) > by_number(named)]
        return cls(
            image=_pin(image)(newest.version),
            version=newest.version,
            published_at=newest.published_at,
            behind=len(newer) if named else None,
        )


def choice_kind_of(image: Image | None) -> ChoiceKind:
    if image is None:
        return "none"
    if image.kind is ImageKind.VHD:
        return "vhd"
    if GalleryId.parse(image.id):
        return "gallery"
    return "platform" if image.kind is ImageKind.PLATFORM else "managed"


def image_choices(
    image: Image, versions: Sequence[ImageVersion], location: str
) -> list[ImageChoice]:
    """Every version, the newest first, as seen from that location."""
    usable = _usable(versions, location)
    latest = usable[0].version if usable else None
    pin, named = _pin(image), image.named_version
    return [
        ImageChoice(
            image=pin(each.version),
            version=each.version,
            published_at=each.published_at,
            state=each.life,
            ends_at=each.life_ends,
            excluded_from_latest=each.excluded,
            named=each.version == named,
            latest=each.version == latest,
            usable=each.flaw(location) is None,
            remark=each.flaw(location) or each.caution(),
        )
        for each in sorted(versions, key=lambda each: by_number(each.version), reverse=True)
    ]


def _usable(versions: Sequence[ImageVersion], location: str) -> list[ImageVersion]:
    """Those that can be used there, first what latest means."""
    return [each for each in latest_first(versions) if not each.flaw(location)]


def _pin(image: Image) -> Callable[[str], Image]:
    """The same image at a version."""
    gallery = GalleryId.parse(image.id)
    if gallery:
        return lambda version: Image(id=str(gallery.pinned(version)))
    return lambda version: image.model_copy(update={"version": version})
