"""Purges what Durable keeps of a rollout or a fleet rollout that ended long ago."""

from datetime import datetime

from durable.client import Client, OrchestrationInstance, find_instance, started_as
from durable.locks import lock_of
from durable.record import read_parts
from durable.rollouts import find_rollout
from rollout.fleet import ROLL_OUT_FLEET, FleetOrder, fleet_lock_id, fleet_of, wave_id
from rollout.retention import Forget, Forgotten
from rollout.run import RolloutOrder, batch_id, lock_id, rollback_id


async def forget(client: Client, task: Forget) -> Forgotten:
    """Purge its histories: of its rollback, its batches and its scale set's lock, or of its waves;
    and last its own, so that an interrupted purge is completed by the next one.

    Its record and its line in the list are left to the caller.
    """
    root = await started_as(client, task.rollout_id)
    log = list(await read_parts(client, task.rollout_id))
    if root is None:
        return Forgotten(gone=True, parts=log)
    parts_of = _parts_of_fleet if root.name == ROLL_OUT_FLEET else _parts_of_rollout
    parts = await parts_of(client, task, root)
    if parts is None or not _ended(root, task.before):
        return Forgotten(gone=False)
    instance_ids = [*parts, task.rollout_id]
    return Forgotten(
        gone=True,
        parts=log,
        instances=sum([await _purged(client, instance_id) for instance_id in instance_ids]),
    )


async def _parts_of_rollout(
    client: Client, task: Forget, root: OrchestrationInstance
) -> list[str] | None:
    """The instances to purge before the rollout itself; None if it is kept."""
    view = await find_rollout(client, task.rollout_id)
    if view is None:
        return None
    order = RolloutOrder.from_json(root.input)
    rollback = await find_instance(client, rollback_id(view.id))
    lock = await _lock(client, lock_id(view.scale_set), order.id)
    fleet = await find_instance(client, fleet_of(order.wave)) if order.wave else None
    # It goes on by itself after its rollout was terminated.
    batch = await find_instance(client, batch_id(view.id, view.batch))
    others = [instance for instance in (rollback, fleet, batch) if instance]
    if (lock and lock.active) or not all(_ended(instance, task.before) for instance in others):
        return None
    batches = [batch_id(view.id, number) for number in range(view.batch, 0, -1)]
    return [rollback_id(view.id), *batches, *([lock_id(view.scale_set)] if lock else [])]


async def _parts_of_fleet(
    client: Client, task: Forget, root: OrchestrationInstance
) -> list[str] | None:
    """The instances to purge before the fleet rollout itself; None if it is kept. Its rollouts are
    purged separately.
    """
    order = FleetOrder.from_json(root.input)
    numbers = range(len(order.members), 0, -1)
    back = [wave_id(order.id, number, rolling_back=True) for number in numbers]
    forward = [wave_id(order.id, number) for number in numbers]
    parts = [*back, rollback_id(order.id), *forward]
    found = {part: await find_instance(client, part) for part in parts}
    locks = [
        (key, await _lock(client, key, order.id)) for key in map(fleet_lock_id, order.scale_sets)
    ]
    if not all(_ended(instance, task.before) for instance in found.values() if instance):
        return None
    if any(lock.active for _, lock in locks if lock):
        return None
    for member in (member for wave in order.members for member in wave):
        for instance_id in (member.rollout_id, rollback_id(member.rollout_id)):
            if await _runs(client, instance_id):
                return None
    return [part for part, instance in [*locks, *found.items()] if instance]


def _ended(instance: OrchestrationInstance, before: datetime) -> bool:
    return not instance.active and instance.updated_at is not None and instance.updated_at < before


async def _runs(client: Client, instance_id: str) -> bool:
    instance = await find_instance(client, instance_id)
    return instance is not None and instance.active


async def _lock(client: Client, key: str, rollout_id: str) -> OrchestrationInstance | None:
    """The lock with that id, if this one had it last; a later one may have it now."""
    instance = await find_instance(client, key)
    lock = lock_of(instance)
    return instance if lock and lock.rollout_id == rollout_id else None


async def _purged(client: Client, instance_id: str) -> int:
    return (await client.purge_instance_history(instance_id)).instances_deleted
