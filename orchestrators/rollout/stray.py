"""A rollout that somebody has started past the app does nothing."""

from orchestrators.engine import CAN_GO_BACK, ActivityClient, Steps, elsewhere, why_restarted
from orchestrators.rollout.run import RolloutRun
from rollout.run import READ_LOCK, ReadLock, lock_id, recalling


def rollout_refused(run: RolloutRun) -> Steps[bool]:
    """Whether it must do nothing, and says so: it runs under another id than its own, has not got
    the lock of its scale set, or has begun before. The real one's log and line in the list stay as
    they are, unless it runs in its place. Who still has the lock is tidied up after by the watch.
    """
    order = run.progress.order
    if reason := elsewhere(run.context, order.instance_id):
        run.refuse(reason)
        return True
    key = lock_id(order.request.scale_set)
    task = ReadLock(id=key, rollout_id=order.id, instance_id=order.instance_id)
    lock = yield from ActivityClient(run.context, run.events.wait).ask(READ_LOCK, task)
    reason = why_restarted(lock, order.instance_id)
    if not reason:
        return False
    if lock.recalled:
        # Restarted under its own id, it knows only from its log what it has done.
        run.progress = recalling(run.progress, lock.recalled)
        reason = f"{reason}. {CAN_GO_BACK}" if lock.recalled.goes_back else reason
    run.refuse(reason)
    if not lock.is_of(order.id):
        run.update_list()
    return True
