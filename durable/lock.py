"""Locks a scale set for a rollout: of any number of simultaneous starts exactly one wins."""

from durable.client import Client, find_instance, start_once
from durable.rollouts import find_rollout, list_rollouts
from durable.until import until
from rollout.base import Problem, Refused
from rollout.run import LOCK_SCALE_SET, RolloutOrder, lock_id


async def start_locked(client: Client, order: RolloutOrder) -> None:
    """Start it with the scale set's lock. Raises Refused (409) while another rollout has that."""
    lock = lock_id(order.request.scale_set)
    while not await start_once(client, LOCK_SCALE_SET, lock, order.to_json()):
        if await has_lock(client, order):
            break


async def try_start_locked(client: Client, order: RolloutOrder) -> str | None:
    """Start it with the scale set's lock, or return the id of the rollout that has the lock. Tries
    once and does not wait.
    """
    lock = lock_id(order.request.scale_set)
    if await start_once(client, LOCK_SCALE_SET, lock, order.to_json()):
        return None
    instance = await find_instance(client, lock)
    if instance is None:
        return None
    other = RolloutOrder.from_json(instance.input)
    return None if other == order else other.id


async def has_lock(client: Client, order: RolloutOrder) -> bool:
    """Whether this same rollout already has the lock, because its start was sent twice at once.

    Raises Refused while another one has it. A rollout that has ended is about to release its lock:
    that is waited for.
    """
    other = ""

    async def decided() -> bool | None:
        nonlocal other
        lock = await find_instance(client, lock_id(order.request.scale_set))
        if lock is None or not lock.active:
            await _refuse_while_one_runs(client, order)
            return False
        running = RolloutOrder.from_json(lock.input)
        if running == order:
            return True
        other = running.id
        view = await find_rollout(client, other)
        if view is None or not view.phase.ended:
            raise Refused(_locked(order, other))
        return None

    answer = await until(decided)
    if answer is None:
        raise Refused(_locked(order, other))
    return answer


async def _refuse_while_one_runs(client: Client, order: RolloutOrder) -> None:
    """A rollout keeps running if someone terminates its lock through Durable."""
    for summary in await list_rollouts(client):
        same = summary.scale_set.key == order.request.scale_set.key
        if same and not summary.phase.ended:
            raise Refused(_locked(order, summary.id))


def _locked(order: RolloutOrder, rollout_id: str) -> Problem:
    return Problem(
        status=409,
        title="A rollout is active on this scale set",
        detail=f"Rollout {rollout_id!r} is active on {order.request.scale_set}, and there is only "
        "ever one. Nothing was started: wait until it has ended, or abort it "
        f"(POST /api/rollouts/{rollout_id}/abort).",
        rollout_id=rollout_id,
    )
