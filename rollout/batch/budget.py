"""Budgets: how many instances may be unhealthy, or down at once."""

from collections.abc import Collection

from rollout.base import budget_of, named
from rollout.inventory import Health, Instance, Inventory
from rollout.plan import Policy


def over_budget(policy: Policy, not_counted: list[str], inventory: Inventory) -> str | None:
    """Why too many instances are unhealthy, or None. An instance that was unhealthy before the
    rollout does not count. One that somebody has switched off is no fault of the image: see
    `too_few_up`.
    """
    ill = [each for each in _down(not_counted, inventory) if not each.off]
    return _too_many(policy, ill, inventory, "unhealthy that were not before the rollout")


def too_few_up(
    policy: Policy,
    not_counted: list[str],
    inventory: Inventory,
    set_aside: Collection[str] = (),
) -> str | None:
    """Why too many instances are unhealthy or switched off, or None. Those that have failed and are
    set aside are down until they are healthy: they may take long to boot.
    """
    down = _down(not_counted, inventory)
    not_back = [
        each
        for each in inventory.instances
        if each.instance_id in set_aside
        and each.instance_id not in not_counted
        and each not in down
        and each.health is not Health.HEALTHY
    ]
    if not_back:
        what = "not healthy that were so before the rollout"
        return _too_many(policy, [*down, *not_back], inventory, what)
    what = "unhealthy or switched off that were not before the rollout"
    return _too_many(policy, down, inventory, what)


def _down(not_counted: list[str], inventory: Inventory) -> list[Instance]:
    return [
        each
        for each in inventory.instances
        if each.unhealthy and each.instance_id not in not_counted
    ]


def _too_many(policy: Policy, down: list[Instance], inventory: Inventory, what: str) -> str | None:
    total = len(inventory.instances)
    budget = budget_of(policy.max_unhealthy_instances, total)
    if len(down) <= budget:
        return None
    return (
        f"{len(down)} of {total} instances are {what}, and at most {budget} may be "
        f"(policy.maxUnhealthyInstances: {policy.max_unhealthy_instances}): "
        f"{named([each.instance_id for each in down])}"
    )


def upgraded_over_budget(upgraded: list[str], budget: int, inventory: Inventory) -> str | None:
    """Why too many upgraded instances are unhealthy now, or None: an instance that passed its batch
    may become unhealthy later, perhaps only briefly.
    """
    unhealthy = [
        instance.instance_id
        for instance in inventory.instances
        if instance.unhealthy and not instance.off and instance.instance_id in set(upgraded)
    ]
    if len(unhealthy) <= budget:
        return None
    return (
        f"{len(unhealthy)} upgraded instance(s) are unhealthy now, and at most {budget} may be "
        f"(policy.maxUnhealthyUpgradedInstances): {named(unhealthy)}"
    )


def serving(inventory: Inventory, set_aside: Collection[str] = ()) -> list[str]:
    """The instances that serve now, by their ids in order: who is only being created does not yet,
    who is being deleted will not for long, and who has failed only when healthy.
    """
    return [
        each.instance_id
        for each in inventory.instances
        if not each.unhealthy
        and not each.comes_or_goes
        and (each.health is Health.HEALTHY or each.instance_id not in set_aside)
    ]


def full_outage(
    policy: Policy,
    instance_ids: list[str],
    inventory: Inventory,
    set_aside: Collection[str] = (),
) -> str | None:
    """Why upgrading these instances would leave none serving, or None. If none serves already,
    there is nothing to lose; a single instance may be upgraded if the policy allows it.
    """
    up = serving(inventory, set_aside)
    if not up or not set(up) <= set(instance_ids):
        return None
    if inventory.running > 1:
        return (
            f"changing {named(instance_ids)} would take down the last of "
            f"{len(inventory.instances)} instances that is not unhealthy, switched off, failed, "
            "being created or being deleted: repair the others first"
        )
    if policy.allow_full_outage:
        return None
    return (
        f"only instance {up[0]} runs, and while it is upgraded nothing serves: set "
        "policy.allowFullOutage to true to accept that, or scale out first"
    )
