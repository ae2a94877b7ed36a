"""Does an image exist, and can this scale set use it? Looked up before anything moves."""

from collections.abc import Callable

from compute.client import connect
from compute.errors import explained
from compute.images.gallery import gallery_version, gallery_versions, region_of
from compute.images.platform import platform_version, platform_versions
from compute.images.traits import managed_traits
from compute.json_body import dig
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import (
    MANAGED_IMAGE,
    GalleryId,
    Image,
    ImageKind,
    ImageRequest,
    ImageVersion,
    ScaleSet,
    latest_first,
)
from rollout.run import ImageFinding

_READ, _NAMED = 10, 3
"""How many versions to read for the latest; how many rejected ones a message lists."""


def find_image(wanted: ImageRequest, scale_set: ScaleSet) -> ImageFinding:
    """The image meant for this scale set, with `latest` pinned to a specific version, or why there
    is none. A VHD cannot be looked up without rights on its storage account: Azure checks it when
    the model is set. Raises ArmFailure if the look-up itself failed.
    """
    image = wanted.completed_from(scale_set.image or Image())
    if image.kind is ImageKind.VHD:
        return ImageFinding(image=image)
    try:
        return _latest(image, scale_set) if image.open else _concrete(image, scale_set)
    except ArmFailure as failure:
        if failure.error.kind is not ArmErrorKind.NOT_FOUND:
            raise
        return ImageFinding(missing=f"The image {image} was not found in {scale_set.location}.")


def flaw_of(image: Image, scale_set: ScaleSet) -> str | None:
    """Why no instance of this scale set can get that specific image now, or None. Exclusion from
    `latest` does not matter here. Raises ArmFailure if the look-up failed, ValueError if the image
    cannot be looked up.
    """
    try:
        return _read(image, scale_set).flaw(scale_set.location)
    except ArmFailure as failure:
        if failure.error.kind is not ArmErrorKind.NOT_FOUND:
            raise
        return f"was not found in {scale_set.location}"


def _concrete(image: Image, scale_set: ScaleSet) -> ImageFinding:
    version = _read(image, scale_set)
    flaw = version.flaw(scale_set.location)
    if version.excluded and not flaw:
        flaw = f"is excluded from latest in {scale_set.location}"
    if flaw:
        return ImageFinding(missing=f"The image {image} {flaw}.")
    warnings = _cautions(image, version)
    return ImageFinding(image=image, warnings=warnings, traits=version.traits)


def _read(image: Image, scale_set: ScaleSet) -> ImageVersion:
    if image.kind is ImageKind.PLATFORM:
        return platform_version(image, scale_set)
    gallery = GalleryId.parse(image.id)
    return gallery_version(gallery, scale_set) if gallery else _managed(image, scale_set)


def _managed(image: Image, scale_set: ScaleSet) -> ImageVersion:
    """A managed image has no versions, and is in one region. Raises ValueError for any other id."""
    match = MANAGED_IMAGE.fullmatch(image.id or "")
    if not match:
        raise ValueError(f"{image} is not the id of an image")
    with explained("read the image", str(image)):
        body = connect(match["subscription"]).images.get(match["group"], match["image"])
    state = dig(body, "properties", "provisioningState") or "Succeeded"
    there = region_of(body["location"]) == region_of(scale_set.location)
    traits = managed_traits(body)
    return ImageVersion(version=match["image"], state=state, in_region=there, traits=traits)


def _latest(image: Image, scale_set: ScaleSet) -> ImageFinding:
    """The newest version that can be used; newer ones that cannot are listed in a warning."""
    gallery = GalleryId.parse(image.id)
    if gallery is None:
        versions = platform_versions(image, scale_set)
        pin = _platform_pin(image)
        return _first_usable(
            image, versions, scale_set, pin,
            lambda version: platform_version(pin(version.version), scale_set),
        )  # fmt: skip

    def read(version: ImageVersion) -> ImageVersion:
        return gallery_version(gallery.pinned(version.version), scale_set)

    versions = gallery_versions(gallery, scale_set)
    return _first_usable(
        image, versions, scale_set, lambda version: Image(id=str(gallery.pinned(version))), read
    )


def _platform_pin(image: Image) -> Callable[[str], Image]:
    return lambda version: image.model_copy(update={"version": version})


def _first_usable(
    image: Image,
    versions: list[ImageVersion],
    scale_set: ScaleSet,
    pin: Callable[[str], Image],
    read: Callable[[ImageVersion], ImageVersion],
) -> ImageFinding:
    passed_over: list[str] = []
    reads = 0
    for listed in latest_first(versions):
        version, flaw = listed, listed.flaw(scale_set.location)
        if not flaw:
            version, reads = read(listed), reads + 1
            flaw = version.flaw(scale_set.location)
        if not flaw:
            found = pin(version.version)
            newer = [f"Of {image}, {why}" for why in _few(passed_over)]
            warnings = [*newer, *_cautions(found, version)]
            return ImageFinding(image=found, warnings=warnings, traits=version.traits)
        passed_over.append(f"version {listed.version} {flaw}")
        if reads == _READ:
            break
    return ImageFinding(missing=_missing(image, scale_set.location, passed_over))


def _missing(image: Image, location: str, passed_over: list[str]) -> str:
    if not passed_over:
        return (
            f"No version of {image} exists in {location} (is its name misspelled?), or all of "
            "them are excluded from `latest`."
        )
    return f"There is no usable version of {image} in {location}: {'; '.join(_few(passed_over))}."


def _few(reasons: list[str]) -> list[str]:
    rest = len(reasons) - _NAMED
    return [*reasons[:_NAMED], f"{rest} more cannot be used either"] if rest > 0 else reasons


def _cautions(image: Image, version: ImageVersion) -> list[str]:
    caution = version.caution()
    return [f"The image {image} {caution}"] if caution else []
