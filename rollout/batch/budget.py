"""Budgets: how many instances may be unhealthy, or down at once."""

from rollout.base import budget_of, named
from rollout.batch.order import BatchOrder
from rollout.inventory import Inventory
from rollout.plan import Policy


def over_budget(policy: Policy, baseline_unhealthy: list[str], inventory: Inventory) -> str | None:
    """Why too many instances are unhealthy, or None. An instance that was unhealthy before the
    rollout does not count.
    """
    total = len(inventory.instances)
    unhealthy = [
        instance.instance_id
        for instance in inventory.instances
        if instance.unhealthy and instance.instance_id not in baseline_unhealthy
    ]
    budget = budget_of(policy.max_unhealthy_instances, total)
    if len(unhealthy) <= budget:
        return None
    return (
        f"{len(unhealthy)} of {total} instances are unhealthy that were not before the rollout, "
        f"and at most {budget} may be (policy.maxUnhealthyInstances: "
        f"{policy.max_unhealthy_instances}): {named(unhealthy)}"
    )


def upgraded_over_budget(order: BatchOrder, inventory: Inventory) -> str | None:
    """Why too many upgraded instances are unhealthy now, or None: an instance that passed its batch
    may become unhealthy later, perhaps only briefly.
    """
    upgraded = set(order.upgraded)
    unhealthy = [
        instance.instance_id
        for instance in inventory.instances
        if instance.unhealthy and not instance.off and instance.instance_id in upgraded
    ]
    if len(unhealthy) <= order.upgraded_budget:
        return None
    return (
        f"{len(unhealthy)} upgraded instance(s) are unhealthy now, and at most "
        f"{order.upgraded_budget} may be (policy.maxUnhealthyUpgradedInstances): {named(unhealthy)}"
    )


def full_outage(policy: Policy, instance_ids: list[str], inventory: Inventory) -> str | None:
    """Why upgrading these instances would leave none serving, or None. If none serves already,
    there is nothing to lose; a single instance may be upgraded if the policy allows it.
    """
    up = [instance.instance_id for instance in inventory.instances if not instance.unhealthy]
    if not up or not set(up) <= set(instance_ids):
        return None
    if inventory.running > 1:
        return (
            f"upgrading {named(instance_ids)} would take down the last of "
            f"{len(inventory.instances)} instances that is not unhealthy or switched off: repair "
            "the others first"
        )
    if policy.allow_full_outage:
        return None
    return (
        f"only instance {up[0]} runs, and while it is upgraded nothing serves: set "
        "policy.allowFullOutage to true to accept that, or scale out first"
    )
