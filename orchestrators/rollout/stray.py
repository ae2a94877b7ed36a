"""A rollout that somebody has started past the app does nothing."""

from orchestrators.engine import Steps, elsewhere, without_lock
from orchestrators.rollout.run import RolloutRun
from rollout.run import lock_id


def rollout_refused(run: RolloutRun) -> Steps[bool]:
    """Whether it must do nothing, and says so: it runs under another id than its own, or has not
    got the lock of its scale set. The real one's log and line in the list stay as they are, unless
    it runs in its place.
    """
    order = run.progress.order
    reason = elsewhere(run.context, order.instance_id)
    in_its_place = not reason
    if in_its_place:
        reason = yield from without_lock(run.context, lock_id(order.request.scale_set), order.id)
    if reason:
        run.refuse(reason)
    if reason and in_its_place:
        run.update_list()
    return bool(reason)
