"""Would there be an image to go back to? Looked up before anything moves."""

from collections import Counter

from compute.images import flaw_of
from rollout.fleet import Fleet
from rollout.image import Image, ImageKind
from rollout.problem import ArmFailure

_MOST = 5  # distinct images looked up; a fleet has one or two


def rollback_warnings(fleet: Fleet, target: Image) -> list[str]:
    """A warning for each image that instances run now and that a rollback could not give back.
    A VHD cannot be looked up.
    """
    images = {str(one.image).casefold(): one.image for one in fleet.instances}
    counts = Counter(str(one.image).casefold() for one in fleet.instances)
    older = [(images[key], count) for key, count in counts.most_common()]
    known = [(image, count) for image, count in older if _matters(image, target)]
    warnings = (_warning(image, count, fleet) for image, count in known[:_MOST])
    return [warning for warning in warnings if warning]


def _matters(image: Image, target: Image) -> bool:
    looked_up = image.kind is not ImageKind.VHD and image != Image()
    return looked_up and not image.open and not image.same(target)


def _warning(image: Image, count: int, fleet: Fleet) -> str | None:
    told = f"{count} instance(s) run {image}, "
    try:
        flaw = flaw_of(image, fleet.scale_set)
    except ArmFailure as failure:
        return f"{told}and whether a rollback could return to it is not known: {failure.error}"
    return f"{told}which {flaw}: a rollback could not return to it" if flaw else None
