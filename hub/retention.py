"""Finds rollouts that ended long ago, and purges what Durable keeps of them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import azure.durable_functions as df

from hub.durable import Client, Instance, find_instance
from hub.rollouts import find_rollout, list_rollouts
from rollout.names import ROLL_OUT, batch_id, holder_id, rollback_id
from rollout.order import RolloutOrder
from rollout.record import Summary
from rollout.retention import Expired, FindExpired, Forget, Forgotten

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_OVER = [
    df.OrchestrationRuntimeStatus.Completed,
    df.OrchestrationRuntimeStatus.Failed,
    df.OrchestrationRuntimeStatus.Terminated,
]


async def find_expired(client: Client, task: FindExpired) -> Expired:
    """The rollouts of the list that ended before, and those that are in the list no more (it keeps
    the newest only). Of the latter, Durable answers the first hundred.
    """
    listed = await list_rollouts(client)
    old = [one.id for one in reversed(listed) if await _is_over(client, one, task.before)]
    known = {one.id for one in listed}
    unlisted = [one async for one in _rollouts(client, task.before) if one not in known]
    return Expired(rollout_ids=[*old, *unlisted][: task.most])


async def forget(client: Client, task: Forget) -> Forgotten:
    """Purge the rollout's histories: of its way back, its batches, its hold of the scale set, and
    last of itself, so that a run that is broken off is made good by the next.

    Its record and its line in the list are for whoever asked.
    """
    root = await find_instance(client, task.rollout_id)
    if root is None:
        return Forgotten(gone=True)
    back = await find_instance(client, rollback_id(task.rollout_id))
    holder = await _holder(client, task.rollout_id, root)
    view = await find_rollout(client, task.rollout_id)
    if view is None or not all(_ended(one, task.before) for one in (root, back, holder) if one):
        return Forgotten(gone=False)
    batches = [batch_id(view.id, number) for number in range(view.batch, 0, -1)]
    held = [holder_id(view.scale_set)] if holder else []
    doomed = [rollback_id(view.id), *batches, *held, view.id]
    return Forgotten(gone=True, instances=sum([await _purged(client, one) for one in doomed]))


def _ended(instance: Instance, before: datetime) -> bool:
    return not instance.active and instance.updated_at is not None and instance.updated_at < before


async def _is_over(client: Client, summary: Summary, before: datetime) -> bool:
    """One that somebody terminated or purged by hand could not say when it ended."""
    when = summary.finished_at or summary.started_at
    if when is None or when >= before:
        return False
    return summary.phase.ended or await find_instance(client, summary.id) is None


async def _rollouts(client: Client, before: datetime) -> AsyncIterator[str]:
    """The ids of rollouts that were begun before then and run no more."""
    for one in await client.get_status_by(_LONG_AGO, before, _OVER):
        if one.name == ROLL_OUT and ":" not in one.instance_id:
            yield one.instance_id


async def _holder(client: Client, rollout_id: str, root: Instance) -> Instance | None:
    """What holds the scale set, if it holds it for this rollout; it may hold it for a later one."""
    if root.name != ROLL_OUT:
        return None
    order = RolloutOrder.from_json(root.input)
    holder = await find_instance(client, holder_id(order.request.scale_set))
    return holder if holder and holder.input["id"] == rollout_id else None


async def _purged(client: Client, instance_id: str) -> int:
    return (await client.purge_instance_history(instance_id)).instances_deleted
