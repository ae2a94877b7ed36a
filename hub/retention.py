"""Purges what Durable keeps of a rollout or a fleet rollout that ended long ago."""

from datetime import datetime

from hub.durable import Client, Instance, find_instance
from hub.rollouts import find_rollout
from rollout.fleet_order import FleetOrder
from rollout.names import ROLL_OUT_FLEET, batch_id, fleet_of, holder_id, rollback_id, wave_id
from rollout.order import RolloutOrder
from rollout.retention import Forget, Forgotten


async def forget(client: Client, task: Forget) -> Forgotten:
    """Purge its histories: of its way back, its batches and its hold of the scale set, or its
    waves; and last of itself, so that a run that is broken off is made good by the next.

    Its record and its line in the list are for whoever asked.
    """
    root = await find_instance(client, task.rollout_id)
    if root is None:
        return Forgotten(gone=True)
    parts_of = _parts_of_fleet if root.name == ROLL_OUT_FLEET else _parts_of_rollout
    parts = await parts_of(client, task, root)
    if parts is None or not _ended(root, task.before):
        return Forgotten(gone=False)
    doomed = [*parts, task.rollout_id]
    return Forgotten(gone=True, instances=sum([await _purged(client, one) for one in doomed]))


async def _parts_of_rollout(client: Client, task: Forget, root: Instance) -> list[str] | None:
    """What goes before the rollout itself; None when it is kept."""
    view = await find_rollout(client, task.rollout_id)
    if view is None:
        return None
    order = RolloutOrder.from_json(root.input)
    back = await find_instance(client, rollback_id(view.id))
    holder = await _holder(client, order)
    fleet = await find_instance(client, fleet_of(order.wave)) if order.wave else None
    if not all(_ended(one, task.before) for one in (back, holder, fleet) if one):
        return None
    batches = [batch_id(view.id, number) for number in range(view.batch, 0, -1)]
    held = [holder_id(view.scale_set)] if holder else []
    return [rollback_id(view.id), *batches, *held]


async def _parts_of_fleet(client: Client, task: Forget, root: Instance) -> list[str] | None:
    """What goes before the fleet rollout itself; None when it is kept. Its rollouts go by
    themselves.
    """
    order = FleetOrder.from_json(root.input)
    numbers = range(len(order.members), 0, -1)
    back = [wave_id(order.id, number, back=True) for number in numbers]
    there = [wave_id(order.id, number) for number in numbers]
    parts = [*back, rollback_id(order.id), *there]
    found = {one: await find_instance(client, one) for one in parts}
    if not all(_ended(one, task.before) for one in found.values() if one):
        return None
    rollouts = [member.rollout_id for wave in order.members for member in wave]
    for one in rollouts:
        if await _runs(client, one) or await _runs(client, rollback_id(one)):
            return None
    return [one for one, instance in found.items() if instance]


def _ended(instance: Instance, before: datetime) -> bool:
    return not instance.active and instance.updated_at is not None and instance.updated_at < before


async def _runs(client: Client, instance_id: str) -> bool:
    instance = await find_instance(client, instance_id)
    return instance is not None and instance.active


async def _holder(client: Client, order: RolloutOrder) -> Instance | None:
    """What holds the scale set, if it holds it for this rollout; it may hold it for a later one."""
    holder = await find_instance(client, holder_id(order.request.scale_set))
    return holder if holder and holder.input["id"] == order.id else None


async def _purged(client: Client, instance_id: str) -> int:
    return (await client.purge_instance_history(instance_id)).instances_deleted
