"""May the next batch begin? Decided on a fresh read of the scale set and all its instances."""

from dataclasses import dataclass
from datetime import datetime

from rollout.base import Proceed, Stop, Wait, named
from rollout.batch.budget import full_outage, over_budget, upgraded_over_budget
from rollout.batch.model import foreign_change
from rollout.batch.order import BatchOrder
from rollout.inventory import Instance, Inventory
from rollout.plan import ON_TARGET, switched_off


@dataclass(frozen=True)
class Selection:
    """Upgrade exactly these instances; the others of the batch are left out, for these reasons."""

    instance_ids: list[str]
    left_out: dict[str, str]


def may_upgrade(
    order: BatchOrder, inventory: Inventory, now: datetime
) -> Proceed[Selection] | Wait | Stop:
    """Whether the batch may begin, and with which instances."""
    if now > order.not_after:
        return Stop(f"the deadline of {order.not_after:%Y-%m-%d %H:%M:%S} UTC has passed")
    if foreign := foreign_change(order.model, inventory.scale_set):
        return Stop(foreign)
    if inventory.scale_set.moving:
        return Wait(f"{inventory.scale_set.id} is being updated by another operation")
    if too_many := over_budget(order.policy, _not_counted(order), inventory):
        return Stop(too_many, unhealthy=True)
    if upgraded := upgraded_over_budget(order, inventory):
        return Wait(upgraded, unhealthy=True)
    selection = _still_needed(order, inventory)
    ids = selection.instance_ids
    reason = _moved_by_others(ids, inventory) or full_outage(order.policy, ids, inventory)
    return Wait(reason) if reason else Proceed(selection)


def _not_counted(order: BatchOrder) -> list[str]:
    """Instances that were sent to Azure before the batch broke off are down because of that."""
    return [*order.baseline_unhealthy, *(order.instance_ids if order.taken_up else [])]


def _moved_by_others(instance_ids: list[str], inventory: Inventory) -> str | None:
    """Another operation is running on an instance of the batch, such as its creation. It could put
    the old image back after our upgrade was sent.
    """
    moving = [
        instance.instance_id
        for instance in inventory.instances
        if instance.instance_id in instance_ids and instance.moving
    ]
    if not moving:
        return None
    return f"{named(moving)} still being created or updated by another operation"


def _still_needed(order: BatchOrder, inventory: Inventory) -> Selection:
    there = {instance.instance_id: instance for instance in inventory.instances}
    reasons = {
        instance_id: _left_out(there.get(instance_id), order) for instance_id in order.instance_ids
    }
    return Selection(
        instance_ids=[instance_id for instance_id, reason in reasons.items() if reason is None],
        left_out={instance_id: reason for instance_id, reason in reasons.items() if reason},
    )


GONE = "no longer exists"


def _left_out(instance: Instance | None, order: BatchOrder) -> str | None:
    if instance is None:
        return GONE
    watched = order.again or order.taken_up
    settled = instance.provisioning_state.casefold() == "succeeded"
    if instance.image.same(order.model.image) and settled and not watched:
        return ON_TARGET
    if instance.protect_from_scale_set_actions:
        return "was protected from scale set actions during the rollout"
    if instance.off:
        return switched_off(instance)
    planned = (order.batch.zone, order.batch.update_domain)
    if (instance.zone, instance.update_domain) != planned:
        return "is in another update domain or zone than when the batch was planned"
    return None
