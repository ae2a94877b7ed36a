"""May automatic repairs run while a rollout waits for people?"""

from rollout.base import named
from rollout.inventory import Inventory
from rollout.run.progress import Progress


def why_repairs_wait(progress: Progress) -> str:
    """Why they stay suspended, whatever the scale set's model names; empty if that decides."""
    if progress.needs_decision or progress.batch_began or progress.tally.in_progress:
        return f"batch {progress.batch} is open"
    return ""


def why_repairs_stay_suspended(progress: Progress, inventory: Inventory) -> str:
    """Why they stay suspended while nothing begins; empty if they may run: a repair makes a new
    instance from the scale set's model, so it must name what the instances run that the rollout has
    not touched.
    """
    if reason := why_repairs_wait(progress):
        return reason
    model = inventory.scale_set.image
    if model is None or model.open:
        names = f"names {model}" if model else "names no image"
        return f"the scale set's model {names}, so nobody knows what a repair would make"
    others = [
        each.instance_id
        for each in inventory.instances
        if each.instance_id not in progress.tally.touched and not each.image.same(model)
    ]
    if not others:
        return ""
    return (
        f"a repair would make {model} of {len(others)} instance(s) that no batch has begun with, "
        f"outside any batch: {named(others)}"
    )
