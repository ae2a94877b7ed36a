"""An orchestration that somebody has started past the app does nothing."""

from collections.abc import Callable
from typing import Any, Protocol

from orchestrators.engine.activities import ActivityClient
from orchestrators.engine.context import Context, Steps
from orchestrators.engine.run import ListedRun
from rollout.run import READ_LOCK, LockRead, ReadLock, rollout_of

_PAST_THE_APP = (
    "It was started or restarted through Durable's own endpoints, past the app, so nothing was "
    "done: start it through the app's API"
)

_BEGUN_BEFORE = (
    "It has begun before, and was restarted through Durable's own endpoints, past the app, so "
    "nothing was done: what it has left would be taken for what was there before it"
)
_CAN_GO_BACK = "What it had done before is in its log, and can be rolled back"


class _Started(Protocol):
    """What a rollout, or a fleet rollout, was started with."""

    @property
    def id(self) -> str: ...
    @property
    def instance_id(self) -> str: ...


def elsewhere(context: Context, own_id: str) -> str:
    """Why it must do nothing: it runs under another id than the app gives it. Empty if it may go
    on. Nobody would find it, and no lock would keep it and the real one apart.
    """
    if context.instance_id == own_id:
        return ""
    return f"It runs as {context.instance_id!r} instead of {own_id!r}. {_PAST_THE_APP}"


def refused(
    run: ListedRun[Any, Any],
    started: _Started,
    key: str | None,
    recall: Callable[[LockRead], Steps[bool]],
) -> Steps[bool]:
    """Whether it must do nothing, and says so: it runs under another id than its own, has not got
    the lock of that key, or has begun before. The real one's log and line in the list stay as they
    are, unless it runs in its place. `recall` has it know from its log what it has done, and says
    whether that can be rolled back.
    """
    if reason := elsewhere(run.context, started.instance_id):
        run.refuse(reason)
        return True
    if key is None:
        return False
    task = ReadLock(id=key, rollout_id=started.id, instance_id=started.instance_id)
    lock = yield from ActivityClient(run.context, run.events.wait).ask(READ_LOCK, task)
    reason = _why_restarted(lock, started.instance_id)
    if not reason:
        return False
    run.refuse(f"{reason}. {_CAN_GO_BACK}" if (yield from recall(lock)) else reason)
    if not lock.is_of(started.id):
        run.update_list()
    return True


def without_lock(activities: ActivityClient, lock_id: str, rollout_id: str) -> Steps[str]:
    """Why a part must do nothing: that rollout, or fleet rollout, does not have the lock, which the
    app takes before it starts one. Empty if it may go on.
    """
    lock = yield from activities.ask(READ_LOCK, ReadLock(id=lock_id))
    return "" if lock.is_of(rollout_id) else _without(lock)


def _why_restarted(lock: LockRead, instance_id: str) -> str:
    """Why a rollout, or a fleet rollout, must do nothing, by that lock: it has not got it under its
    own id, or it has begun before. Empty if it may go on.
    """
    if lock.owner != instance_id:
        return _without(lock)
    return _BEGUN_BEFORE if lock.restarted else ""


def _without(lock: LockRead) -> str:
    who = f"rollout {rollout_of(lock.owner)!r} has" if lock.owner else "nobody has now"
    return f"It runs without the lock, which {who}. {_PAST_THE_APP}"
