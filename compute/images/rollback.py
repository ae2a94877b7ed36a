"""Would there be an image to roll back to? Looked up before anything moves."""

from collections import Counter

from compute.images.find import flaw_of
from rollout.base import ArmFailure
from rollout.inventory import Image, ImageKind, Inventory

_MOST = 5  # distinct images looked up; a scale set has one or two


def rollback_warnings(inventory: Inventory, target: Image) -> list[str]:
    """A warning for each image that the model has or instances run now, and that a rollback could
    not restore. A VHD cannot be looked up.
    """
    older = [image for image in _in_use(inventory) if _matters(image[0], target)]
    warnings = (_warning(image, count, inventory) for image, count in older[:_MOST])
    return [warning for warning in warnings if warning]


def _in_use(inventory: Inventory) -> list[tuple[Image, int]]:
    """Each image and how many instances run it, most first; before them the model's image if no
    instance runs it: after a rollback, new instances are created from that.
    """
    images = {str(instance.image).casefold(): instance.image for instance in inventory.instances}
    counts = Counter(str(instance.image).casefold() for instance in inventory.instances)
    run = [(images[key], count) for key, count in counts.most_common()]
    named = inventory.scale_set.image
    return run if named is None or str(named).casefold() in images else [(named, 0), *run]


def _matters(image: Image, target: Image) -> bool:
    looked_up = image.kind is not ImageKind.VHD and image != Image()
    return looked_up and not image.open and not image.same(target)


def _warning(image: Image, count: int, inventory: Inventory) -> str | None:
    whose = f"{count} instance(s) run {image}, " if count else f"The scale set's image is {image}, "
    try:
        flaw = flaw_of(image, inventory.scale_set)
    except (ArmFailure, ValueError) as failure:  # ValueError: an unknown form of id
        return f"{whose}and whether a rollback could return to it is not known: {failure}"
    return f"{whose}which {flaw}: a rollback could not return to it" if flaw else None
