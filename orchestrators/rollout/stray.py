"""A rollout that somebody has started past the app does nothing."""

from orchestrators.engine import ActivityClient, Steps, elsewhere, why_without
from orchestrators.rollout.run import RolloutRun
from rollout.run import READ_LOCK, ReadLock, lock_id, recalling

_CAN_GO_BACK = "What it had done before is in its log, and can be rolled back"


def rollout_refused(run: RolloutRun) -> Steps[bool]:
    """Whether it must do nothing, and says so: it runs under another id than its own, or has not
    got the lock of its scale set. The real one's log and line in the list stay as they are, unless
    it runs in its place.
    """
    order = run.progress.order
    reason = elsewhere(run.context, order.instance_id)
    in_its_place = not reason
    if in_its_place:
        reason = yield from _without_lock(run)
    if reason:
        run.refuse(reason)
    if reason and in_its_place:
        run.update_list()
    return bool(reason)


def _without_lock(run: RolloutRun) -> Steps[str]:
    """Why it must do nothing without its lock; empty if it has that. Restarted under its own id, it
    knows only from its log what it has done, and that can still be put back.
    """
    order = run.progress.order
    task = ReadLock(id=lock_id(order.request.scale_set), rollout_id=order.id)
    lock = yield from ActivityClient(run.context).ask(READ_LOCK, task)
    reason = why_without(lock, order.id)
    if not reason or not lock.recalled:
        return reason
    run.progress = recalling(run.progress, lock.recalled)
    return f"{reason}. {_CAN_GO_BACK}" if lock.recalled.goes_back else reason
