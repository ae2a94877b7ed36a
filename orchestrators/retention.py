"""Purges rollouts and fleet rollouts that ended long ago; runs once a day."""

from datetime import datetime
from typing import Any

from orchestrators.engine import ActivityClient, Context, Recorder, Steps
from rollout.retention import FIND_EXPIRED, FORGET, MOST_AT_ONCE, ClearOut, FindExpired, Forget
from rollout.run import FLEET_INDEX_KEY, INDEX_KEY


def clear_out(context: Context) -> Steps[dict[str, Any]]:
    """Takes a ClearOut; returns the ids of the rollouts and fleet rollouts that were purged, and of
    those that could not be: such a failure does not stop the others. The events of followed images
    are trimmed: an image is not purged while it is followed.
    """
    order = ClearOut.from_json(context.get_input())
    before = context.current_utc_datetime - order.retention
    task = FindExpired(before=before, most=MOST_AT_ONCE)
    expired = yield from ActivityClient(context).ask(FIND_EXPIRED, task)
    forgotten: list[str] = []
    failed: list[str] = []
    indexes = dict.fromkeys(expired.rollout_ids, INDEX_KEY)
    indexes |= dict.fromkeys(expired.fleet_ids, FLEET_INDEX_KEY)
    for rollout_id, index in indexes.items():
        try:
            if (yield from _forgotten(context, rollout_id, index, before)):
                forgotten.append(rollout_id)
        except Exception:  # noqa: BLE001 - Durable has logged it; retried the next day
            failed.append(rollout_id)
    for old in expired.followed:
        Recorder(context, old.id).trim(old, before)
    return {"forgotten": forgotten, "failed": failed}


def _forgotten(context: Context, rollout_id: str, index: str, before: datetime) -> Steps[bool]:
    """The histories go first: while the rollout is in the list, it will be found again."""
    task = Forget(rollout_id=rollout_id, before=before)
    answer = yield from ActivityClient(context).ask(FORGET, task)
    if answer.gone:
        recorder = Recorder(context, rollout_id)
        recorder.forget(answer.parts)
        recorder.drop_from_list(index)
    return answer.gone
