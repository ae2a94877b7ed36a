"""The versions of a scale set's image, read to choose from, and to see who is behind."""

from collections.abc import Sequence

from compute.images import has_versions, versions_of
from compute.scale_sets import read_scale_set
from compute.waiting import waiting
from rollout.base import ArmFailure
from rollout.inventory import (
    Image,
    ImageChoices,
    ImageVersion,
    NewestImage,
    ScaleSetId,
    ScaleSetSummary,
)

_REPLICATIONS, _NEWEST = 10, 3
"""How many of the newest versions of your own gallery are read one by one, because a list has no
replication: to choose from, and to see who is behind.
"""


@waiting()
def choices_for(scale_set_id: ScaleSetId) -> ImageChoices:
    """Two reads: the scale set, and the versions of its image; and one for each of the newest
    versions of your own gallery. Raises ArmFailure.
    """
    scale_set = read_scale_set(scale_set_id)
    versions = versions_of(scale_set.image, scale_set, _REPLICATIONS)
    return ImageChoices.of(scale_set_id, scale_set.image, versions, scale_set.location)


@waiting()
def newest_images(scale_sets: Sequence[ScaleSetSummary]) -> dict[str, NewestImage]:
    """By the keys of their scale sets; those whose image has no versions are left out. One list for
    each image and region, and a few reads of versions of your own gallery.
    """
    found: dict[tuple[str, str, str], list[ImageVersion] | ArmFailure] = {}
    newest: dict[str, NewestImage] = {}
    for each in scale_sets:
        if not (image := each.image) or not has_versions(image):
            continue
        place = (image.family, each.location, each.id.subscription.lower())
        if place not in found:
            found[place] = _tried(image, each)
        versions = found[place]
        if isinstance(versions, ArmFailure):
            newest[each.id.key] = NewestImage(remark=str(versions))
        elif known := NewestImage.of(image, versions, each.location):
            newest[each.id.key] = known
    return newest


def _tried(image: Image, place: ScaleSetSummary) -> list[ImageVersion] | ArmFailure:
    try:
        return versions_of(image, place, _NEWEST)
    except ArmFailure as failure:
        return failure
