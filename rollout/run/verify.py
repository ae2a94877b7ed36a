"""May it be called a success? Decided on a fresh read of everything after the last batch."""

from rollout.base import Proceed, Stop, Wait, budget_of
from rollout.batch import Model, foreign_change, over_budget, upgraded_over_budget
from rollout.inventory import Inventory
from rollout.run.progress import Progress


def verified(progress: Progress, model: Model, inventory: Inventory) -> Proceed[None] | Wait | Stop:
    """Whether the instances prove success; by the same budgets that hold for a batch."""
    if foreign := foreign_change(model, inventory.scale_set):
        return Stop(foreign)
    policy = progress.order.request.policy
    too_many = over_budget(policy, progress.excluded_from_budget, inventory)
    budget = budget_of(policy.max_unhealthy_upgraded_instances, len(progress.tally.cells))
    reason = too_many or upgraded_over_budget(progress.upgraded, budget, inventory)
    return Wait(reason, unhealthy=True) if reason else Proceed(None)
