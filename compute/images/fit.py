"""Does the image that was found fit the scale set? What Azure says of both is compared."""

from collections import Counter
from dataclasses import replace

from compute.images.gallery import read_definition
from compute.images.platform import platform_version
from rollout.base import ArmFailure
from rollout.inventory import (
    UNKNOWN_TRAITS,
    GalleryId,
    Image,
    ImageKind,
    ImageTraits,
    Inventory,
    generation_caution,
    misfits,
)
from rollout.run import ImageFinding


def fitted(finding: ImageFinding, inventory: Inventory) -> ImageFinding:
    """The finding with the reasons why the image does not fit. Reads the definition of a gallery
    image, and what the instances run now if that is another image. Raises ArmFailure.
    """
    image = finding.image
    if image is None:
        return finding
    traits = _defined(image, finding.traits)
    flaws = misfits(traits, inventory.scale_set.machine, _current(image, inventory))
    generations = [each.hyper_v_generation for each in inventory.instances]
    caution = generation_caution(traits, {each for each in generations if each})
    warnings = [*finding.warnings, *([f"The image {image} {caution}"] if caution else [])]
    return finding.model_copy(
        update={"misfits": [f"{image} {flaw}" for flaw in flaws], "warnings": warnings}
    )


def _defined(image: Image, traits: ImageTraits) -> ImageTraits:
    """With what its definition says, if it is in a gallery."""
    gallery = GalleryId.parse(image.id)
    defined = read_definition(gallery) if gallery else None
    return replace(defined, os_disk_gb=traits.os_disk_gb) if defined else traits


def _current(target: Image, inventory: Inventory) -> ImageTraits:
    """Of the image that most instances run; unknown if it is of the same family as the target, or
    gone.
    """
    counts = Counter(instance.image for instance in inventory.instances)
    for image, _ in counts.most_common(1):
        if image.family != target.family:
            return _read(image, inventory)
    return UNKNOWN_TRAITS


def _read(image: Image, inventory: Inventory) -> ImageTraits:
    gallery = GalleryId.parse(image.id)
    try:
        if gallery:
            return read_definition(gallery) or UNKNOWN_TRAITS
        if image.kind is ImageKind.PLATFORM and image.version:
            return platform_version(image, inventory.scale_set).traits
    except ArmFailure:
        return UNKNOWN_TRAITS
    return UNKNOWN_TRAITS
