"""Would there be an image to go back to? Looked up before anything moves."""

from collections import Counter

from compute.images import flaw_of
from rollout.fleet import Fleet
from rollout.image import Image, ImageKind
from rollout.problem import ArmFailure

_MOST = 5  # distinct images looked up; a fleet has one or two


def rollback_warnings(fleet: Fleet, target: Image) -> list[str]:
    """A warning for each image that the model names or instances run now, and that a rollback
    could not give back. A VHD cannot be looked up.
    """
    older = [one for one in _in_use(fleet) if _matters(one[0], target)]
    warnings = (_warning(image, count, fleet) for image, count in older[:_MOST])
    return [warning for warning in warnings if warning]


def _in_use(fleet: Fleet) -> list[tuple[Image, int]]:
    """Each image and how many instances run it, most first; before them the model's if none does:
    that is what new instances are made from after a rollback.
    """
    images = {str(one.image).casefold(): one.image for one in fleet.instances}
    counts = Counter(str(one.image).casefold() for one in fleet.instances)
    run = [(images[key], count) for key, count in counts.most_common()]
    named = fleet.scale_set.image
    return run if named is None or str(named).casefold() in images else [(named, 0), *run]


def _matters(image: Image, target: Image) -> bool:
    looked_up = image.kind is not ImageKind.VHD and image != Image()
    return looked_up and not image.open and not image.same(target)


def _warning(image: Image, count: int, fleet: Fleet) -> str | None:
    told = f"{count} instance(s) run {image}, " if count else f"The model names {image}, "
    try:
        flaw = flaw_of(image, fleet.scale_set)
    except (ArmFailure, ValueError) as failure:  # ValueError: the id is of no form we know
        return f"{told}and whether a rollback could return to it is not known: {failure}"
    return f"{told}which {flaw}: a rollback could not return to it" if flaw else None
