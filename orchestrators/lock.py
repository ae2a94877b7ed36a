"""A lock: one rollout at a time on a scale set, one fleet rollout at a time with it."""

from typing import Any

from orchestrators.engine import Context, Steps
from rollout.run import Lock, is_lock_id


def hold_lock(context: Context) -> Steps[dict[str, Any]]:
    """Runs as long as something is locked: takes a Lock, ends when that is released. It has no
    timer and calls nothing, so that it costs nothing meanwhile and can hardly break.
    """
    lock = Lock.from_json(context.get_input())
    if not is_lock_id(context.instance_id):
        return lock.to_json()  # a copy that somebody has started: it locks nothing
    yield context.wait_for_external_event(lock.released)
    return lock.to_json()
