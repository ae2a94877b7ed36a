"""What users should know before they start, although it does not prevent the start."""

from collections.abc import Iterator

from rollout.base import named
from rollout.inventory import Image, Inventory

_FLEXIBLE = (
    "Flexible orchestration: Azure documents manualupgrade with VM names for it, and elsewhere to "
    "act on single VMs instead. Should Azure refuse it, the rollout stops at its first batch: the "
    "scale set's image is the new one then, and no instance was touched"
)


def plan_warnings(inventory: Inventory, target: Image) -> list[str]:
    """Warnings that follow from the current state of the scale set."""
    return list(_warnings(inventory, target))


def _warnings(inventory: Inventory, target: Image) -> Iterator[str]:
    if inventory.scale_set.flexible:
        yield _FLEXIBLE
    in_order = sorted(inventory.instances, key=lambda instance: instance.order)
    unhealthy = [
        instance.instance_id
        for instance in in_order
        if instance.runs(target) and instance.unhealthy
    ]
    if unhealthy:
        yield (
            f"{len(unhealthy)} instance(s) run the target image already and are not healthy or not "
            f"running: {named(unhealthy)}. A rollout leaves them as they are"
        )
