"""Rolls back a rollout that has ended: a new orchestration, under the same id for users."""

from durable.client import Client, find_instance
from durable.lock import refuse_if_locked, start_locked
from durable.rollouts import running_as
from durable.take_up import rollback_order, take_up
from rollout.base import Problem, Refused
from rollout.run import Command, RolloutView, Verb, rollback_id


async def carry_out_ended(client: Client, view: RolloutView, command: Command, token: str) -> bool:
    """Carry out a verb of a rollout whose orchestration has ended or broken off; False if it has
    not. Raises Refused (409) while another rollout has the lock.
    """
    found = await running_as(client, view.id)
    if found is None or found[1].active:
        return False
    if not view.phase.ended or command.verb is Verb.RETRY:
        return await take_up(client, view.id, command)
    await refuse_if_locked(client, view.scale_set, view.id)
    order = await rollback_order(client, view, command)
    if order is None:
        raise Refused(_nothing_moved(view.id))
    await start_locked(client, order, token)
    return True


def _nothing_moved(rollout_id: str) -> Problem:
    return Problem(
        status=409,
        title="There is nothing to put back",
        detail=f"Rollout {rollout_id!r} ended before it had planned anything: it has moved "
        "nothing. Start it again.",
        rollout_id=rollout_id,
    )


async def listening_id(client: Client, view: RolloutView) -> str:
    """The id of the orchestration that receives commands now."""
    rollback = rollback_id(view.id)
    return rollback if await find_instance(client, rollback) else view.id
