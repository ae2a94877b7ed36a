"""An orchestration that somebody has started past the app does nothing."""

from orchestrators.engine.activities import ActivityClient
from orchestrators.engine.context import Context, Steps
from rollout.run import READ_LOCK, LockRead, ReadLock, rollout_of

_PAST_THE_APP = (
    "It was started or restarted through Durable's own endpoints, past the app, so nothing was "
    "done: start it through the app's API"
)

_BEGUN_BEFORE = (
    "It has begun before, and was restarted through Durable's own endpoints, past the app, so "
    "nothing was done: what it has left would be taken for what was there before it"
)
CAN_GO_BACK = "What it had done before is in its log, and can be rolled back"


def elsewhere(context: Context, own_id: str) -> str:
    """Why it must do nothing: it runs under another id than the app gives it. Empty if it may go
    on. Nobody would find it, and no lock would keep it and the real one apart.
    """
    if context.instance_id == own_id:
        return ""
    return f"It runs as {context.instance_id!r} instead of {own_id!r}. {_PAST_THE_APP}"


def without_lock(activities: ActivityClient, lock_id: str, rollout_id: str) -> Steps[str]:
    """Why a part must do nothing: that rollout, or fleet rollout, does not have the lock, which the
    app takes before it starts one. Empty if it may go on.
    """
    lock = yield from activities.ask(READ_LOCK, ReadLock(id=lock_id))
    return "" if lock.is_of(rollout_id) else _without(lock)


def why_restarted(lock: LockRead, instance_id: str) -> str:
    """Why a rollout, or a fleet rollout, must do nothing, by that lock: it has not got it under its
    own id, or it has begun before. Empty if it may go on.
    """
    if lock.owner != instance_id:
        return _without(lock)
    return _BEGUN_BEFORE if lock.restarted else ""


def _without(lock: LockRead) -> str:
    who = f"rollout {rollout_of(lock.owner)!r} has" if lock.owner else "nobody has now"
    return f"It runs without the lock, which {who}. {_PAST_THE_APP}"
