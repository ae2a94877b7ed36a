"""What people should know before they start, though it does not forbid the start."""

from collections.abc import Iterator

from rollout.fleet import Fleet
from rollout.image import Image
from rollout.reading import named

_FLEXIBLE = (
    "Flexible orchestration: Azure documents manualupgrade with VM names for it, and elsewhere to "
    "act on single VMs instead. Should Azure refuse it, the rollout stops at its first batch: the "
    "model names the new image then, and no instance was touched"
)


def fleet_warnings(fleet: Fleet, target: Image) -> list[str]:
    """Warnings that follow from the fleet as it is."""
    return list(_warnings(fleet, target))


def _warnings(fleet: Fleet, target: Image) -> Iterator[str]:
    if fleet.scale_set.flexible:
        yield _FLEXIBLE
    in_order = sorted(fleet.instances, key=lambda one: one.order)
    sick = [one.instance_id for one in in_order if one.runs(target) and one.unhealthy]
    if sick:
        yield (
            f"{len(sick)} instance(s) run the target image already and are not healthy or not "
            f"running: {named(sick)}. A rollout leaves them as they are"
        )
