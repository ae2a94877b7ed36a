"""Forgets rollouts and fleet rollouts that ended long ago; a story of its own, once a day."""

from datetime import datetime
from typing import Any

import azure.durable_functions as df

from orchestrators.context import Context, Steps
from rollout.record import FLEET_INDEX_KEY, INDEX_ENTITY, INDEX_KEY, RECORD_ENTITY
from rollout.retention import MOST_AT_ONCE, ClearOut, Expired, FindExpired, Forget, Forgotten
from rollout.value import Value


def clear_out(context: Context) -> Steps[dict[str, Any]]:
    """Takes a ClearOut; returns the ids of the rollouts and fleet rollouts that are forgotten, and
    of those that could not be. One that cannot be forgotten is not in the way of the others. What
    followed images tell is trimmed: as long as an image is followed, it is not forgotten.
    """
    order = ClearOut.from_json(context.get_input())
    before = context.current_utc_datetime - order.retention
    expired = yield from _asked(
        context, "find_expired", FindExpired(before=before, most=MOST_AT_ONCE), Expired
    )
    forgotten: list[str] = []
    failed: list[str] = []
    indexes = dict.fromkeys(expired.rollout_ids, INDEX_KEY)
    indexes |= dict.fromkeys(expired.fleet_ids, FLEET_INDEX_KEY)
    for rollout_id, index in indexes.items():
        try:
            if (yield from _forgotten(context, rollout_id, index, before)):
                forgotten.append(rollout_id)
        except Exception:  # noqa: BLE001 - Durable has told it; the next day tries again
            failed.append(rollout_id)
    for followed_id in expired.followed_ids:
        record = df.EntityId(RECORD_ENTITY, followed_id)
        context.signal_entity(record, "trim", before.isoformat())
    return {"forgotten": forgotten, "failed": failed}


def _forgotten(context: Context, rollout_id: str, index: str, before: datetime) -> Steps[bool]:
    """Its histories first: as long as it is in the list, it is found again."""
    task = Forget(rollout_id=rollout_id, before=before)
    answer = yield from _asked(context, "forget_rollout", task, Forgotten)
    if answer.gone:
        context.signal_entity(df.EntityId(RECORD_ENTITY, rollout_id), "forget", rollout_id)
        context.signal_entity(df.EntityId(INDEX_ENTITY, index), "drop", rollout_id)
    return answer.gone


def _asked[T: Value](context: Context, activity: str, task: Value, gives: type[T]) -> Steps[T]:
    answer = yield context.call_activity(activity, task.to_json())
    return gives.from_json(answer["value"])
