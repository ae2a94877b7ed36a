"""May the next batch begin? Decided on a fresh read of the scale set and all its instances."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rollout.base import Proceed, Stop, Wait, named
from rollout.batch.budget import full_outage, over_budget, serving, too_few_up, upgraded_over_budget
from rollout.batch.model import foreign_change
from rollout.batch.order import BatchOrder
from rollout.batch.verdict import DELETING, GONE
from rollout.inventory import Instance, Inventory
from rollout.plan import ON_TARGET, switched_off


@dataclass(frozen=True)
class Selection:
    """Upgrade exactly these instances; the others of the batch are left out, for these reasons."""

    instance_ids: list[str]
    left_out: dict[str, str]


@dataclass(frozen=True)
class Waited:
    """What earlier looks have shown: `missing` were not in the last list, and `overdue` is whether
    the batch has waited for as long as it may.
    """

    missing: frozenset[str] = frozenset()
    overdue: bool = False


def may_upgrade(
    order: BatchOrder, inventory: Inventory, now: datetime, waited: Waited | None = None
) -> Proceed[Selection] | Wait | Stop:
    """Whether the batch may begin, and with which instances."""
    waited = waited or Waited()
    return (
        _forbidden(order, inventory, now)
        or _not_yet(order, inventory, waited)
        or _selected(order, inventory, overdue=waited.overdue)
    )


def _forbidden(order: BatchOrder, inventory: Inventory, now: datetime) -> Stop | None:
    """Why it must not begin at all."""
    if now > order.not_after:
        return Stop(f"the deadline of {order.not_after:%Y-%m-%d %H:%M:%S} UTC has passed")
    if foreign := foreign_change(order.model, inventory.scale_set):
        return Stop(foreign)
    if inventory.scale_set.moving:
        return None
    too_many = over_budget(order.policy, _not_counted(order), inventory)
    return Stop(too_many, unhealthy=True) if too_many else None


def _not_yet(order: BatchOrder, inventory: Inventory, waited: Waited) -> Wait | None:
    """Why it must not begin now."""
    if inventory.scale_set.moving:
        return Wait(f"{inventory.scale_set.id.name} is being updated by another operation")
    if upgraded := upgraded_over_budget(order.upgraded, order.upgraded_budget, inventory):
        return Wait(upgraded, unhealthy=True)
    if too_few := too_few_up(order.policy, _not_counted(order), inventory, order.set_aside):
        return Wait(too_few)
    if unsure := missing_from(order, inventory) - waited.missing:
        return Wait(f"{named(sorted(unsure))} missing from the list of instances: looking again")
    return None


def _selected(
    order: BatchOrder, inventory: Inventory, *, overdue: bool
) -> Proceed[Selection] | Wait:
    selection = _still_needed(order, inventory, overdue=overdue)
    ids = selection.instance_ids
    moved = None if overdue else _moved_by_others(ids, inventory)
    outage = full_outage(order.policy, ids, inventory, order.set_aside)
    if moved or not outage:
        return Wait(moved) if moved else Proceed(selection)
    part = _without_the_last(order, selection, inventory)
    return Proceed(part) if part else Wait(outage)


def _without_the_last(
    order: BatchOrder, selection: Selection, inventory: Inventory
) -> Selection | None:
    """On the way back, a batch of all that serve goes without one of them, which goes back when the
    others serve again. None if there is only one, or if any of the batch may have been sent.
    """
    up = serving(inventory, order.set_aside)
    if not order.rolls_back or order.taken_up or len(up) == 1:
        return None
    rest = [each for each in selection.instance_ids if each != up[-1]]
    return Selection(rest, {**selection.left_out, up[-1]: _LAST_UP})


def missing_from(order: BatchOrder, inventory: Inventory) -> frozenset[str]:
    """The instances of the batch that are not in the inventory: one list may lack one that
    exists.
    """
    return frozenset(order.instance_ids).difference(
        each.instance_id for each in inventory.instances
    )


def still_to_send(
    order: BatchOrder, instance_ids: list[str], inventory: Inventory, now: datetime
) -> list[str] | str:
    """Those of the instances that still need the upgrade, decided just before it is sent; or why
    nothing may be sent. What is being upgraded already is not sent again.
    """
    batch = order.batch.model_copy(update={"instance_ids": instance_ids})
    asked = order.model_copy(update={"batch": batch})
    match may_upgrade(asked, inventory, now, Waited(overdue=order.taken_up)):
        case Wait(reason) | Stop(reason):
            return reason
        case Proceed(selection):
            changed = list(selection.left_out)
    if changed:
        return f"{named(changed)} changed since the gate: {selection.left_out[changed[0]]}"
    image, wanted = order.model.image, set(selection.instance_ids)
    return [
        each.instance_id
        for each in inventory.instances
        if each.instance_id in wanted and not each.runs(image) and not each.moving
    ]


def changed_since(asked: Mapping[str, Instance], inventory: Inventory) -> bool:
    """Whether one of these instances is not what it was when its upgrade was asked for."""
    return any(
        each.moving or _differs(each, asked[each.instance_id])
        for each in inventory.instances
        if each.instance_id in asked
    )


def _differs(now: Instance, before: Instance) -> bool:
    same = now.image.same(before.image)
    return not same or now.provisioning_state != before.provisioning_state


def under_way(order: BatchOrder, inventory: Inventory) -> Selection:
    """What was sent of a batch, as far as its instances show it: those that have changed, or are
    changing. The others are as they were.
    """
    sent = [
        each.instance_id
        for each in inventory.instances
        if each.instance_id in order.instance_ids
        and (each.moving or each.failed or each.image.same(order.model.image))
    ]
    return Selection(instance_ids=sent, left_out={})


def _not_counted(order: BatchOrder) -> list[str]:
    """Instances that were sent to Azure before the batch broke off are down because of that."""
    return [*order.baseline_unhealthy, *(order.instance_ids if order.taken_up else [])]


def _moved_by_others(instance_ids: list[str], inventory: Inventory) -> str | None:
    """Another operation is running on an instance of the batch, such as its creation. It could put
    the old image back after our upgrade was sent. One that is stuck is waited for, and then left
    out.
    """
    moving = [
        instance.instance_id
        for instance in inventory.instances
        if instance.instance_id in instance_ids and instance.moving
    ]
    if not moving:
        return None
    return f"{named(moving)} still being created or updated by another operation"


def _still_needed(order: BatchOrder, inventory: Inventory, *, overdue: bool) -> Selection:
    there = {instance.instance_id: instance for instance in inventory.instances}
    reasons = {
        instance_id: _left_out(there.get(instance_id), order, overdue=overdue)
        for instance_id in order.instance_ids
    }
    return Selection(
        instance_ids=[instance_id for instance_id, reason in reasons.items() if reason is None],
        left_out={instance_id: reason for instance_id, reason in reasons.items() if reason},
    )


_LAST_UP = "stayed up while the others of its batch went back: no other instance served"
_STUCK = (
    "is still being created or updated by another operation, and the batch has waited for it for "
    "health.timeout. Mend or delete it, then start a rollout again"
)

LEFT_BEHIND = {DELETING, _STUCK}
"""Reasons that would keep the next batch waiting, too."""


def _left_out(instance: Instance | None, order: BatchOrder, *, overdue: bool) -> str | None:
    if instance is None:
        return GONE
    return _in_no_state(instance, order, overdue=overdue) or _elsewhere(instance, order)


def _in_no_state(instance: Instance, order: BatchOrder, *, overdue: bool) -> str | None:
    """Why an instance cannot be upgraded, or need not be."""
    settled = instance.provisioning_state.casefold() == "succeeded"
    if instance.deleting:
        return DELETING
    if instance.moving and overdue and not order.taken_up:
        return _STUCK
    watched = order.again or order.taken_up
    if instance.image.same(order.model.image) and settled and not watched:
        return ON_TARGET
    if instance.protect_from_scale_set_actions:
        return "was protected from scale set actions during the rollout"
    return switched_off(instance) if instance.off else None


def _elsewhere(instance: Instance, order: BatchOrder) -> str | None:
    planned = (order.batch.zone, order.batch.update_domain)
    if (instance.zone, instance.update_domain) == planned:
        return None
    return "is in another update domain or zone than when the batch was planned"
