"""An orchestration that somebody has started past the app does nothing."""

from orchestrators.engine.activities import ActivityClient
from orchestrators.engine.context import Context, Steps
from rollout.run import READ_LOCK, LockRead, ReadLock, rollout_of

_PAST_THE_APP = (
    "It was started or restarted through Durable's own endpoints, past the app, so nothing was "
    "done: start it through the app's API"
)


def elsewhere(context: Context, own_id: str) -> str:
    """Why it must do nothing: it runs under another id than the app gives it. Empty if it may go
    on. Nobody would find it, and no lock would keep it and the real one apart.
    """
    if context.instance_id == own_id:
        return ""
    return f"It runs as {context.instance_id!r} instead of {own_id!r}. {_PAST_THE_APP}"


def without_lock(context: Context, lock_id: str, rollout_id: str) -> Steps[str]:
    """Why it must do nothing: that rollout, or fleet rollout, does not have the lock, which the app
    takes before it starts one. Empty if it may go on.
    """
    lock = yield from ActivityClient(context).ask(READ_LOCK, ReadLock(id=lock_id))
    return why_without(lock, rollout_id)


def why_without(lock: LockRead, rollout_id: str) -> str:
    """The same of a lock that was read."""
    if lock.owner and rollout_of(lock.owner) == rollout_id:
        return ""
    who = f"rollout {rollout_of(lock.owner)!r} has" if lock.owner else "nobody has now"
    return f"It runs without the lock, which {who}. {_PAST_THE_APP}"
