"""May it be called a success? Decided on a fresh read of everything after the last batch."""

from rollout.base import Cell, Proceed, Stop, Wait, budget_of
from rollout.batch import LEFT_BEHIND, Model, foreign_change, over_budget, upgraded_over_budget
from rollout.inventory import Inventory
from rollout.run.progress import Progress


def verified(progress: Progress, model: Model, inventory: Inventory) -> Proceed[None] | Wait | Stop:
    """Whether the instances prove success; by the same budgets that hold for a batch."""
    if foreign := foreign_change(model, inventory.scale_set):
        return Stop(foreign)
    if nothing := _nothing_verified(progress):
        return Stop(nothing)
    policy = progress.order.request.policy
    too_many = over_budget(policy, progress.excluded_from_budget, inventory)
    budget = budget_of(policy.max_unhealthy_upgraded_instances, len(progress.tally.cells))
    reason = too_many or upgraded_over_budget(progress.upgraded, budget, inventory)
    return Wait(reason, unhealthy=True) if reason else Proceed(None)


def _nothing_verified(progress: Progress) -> str | None:
    """Why no instance has proved anything, or None: all that are still there were left out, because
    they are being deleted or are stuck.
    """
    reasons, cells = progress.tally.reasons, progress.tally.cells
    there = [key for key, cell in cells.items() if cell is not Cell.GONE]
    why = {reasons.get(key, "") if cells[key] is Cell.SKIPPED else "" for key in there}
    if not there or not why <= LEFT_BEHIND:
        return None
    each = " or ".join(sorted(why))
    return f"nothing was verified: each of the {len(there)} instance(s) {each}"
