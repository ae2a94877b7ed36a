"""A rollout that somebody has started past the app does nothing."""

from orchestrators.engine import Steps, refused
from orchestrators.rollout.run import RolloutRun
from rollout.run import LockRead, lock_id, recalling


def rollout_refused(run: RolloutRun) -> Steps[bool]:
    """Whether it must do nothing, and says so. Who still has the lock is tidied up after by the
    watch.
    """

    def recall(lock: LockRead) -> Steps[bool]:
        yield from ()
        if lock.recalled is None:
            return False
        run.progress = recalling(run.progress, lock.recalled)
        return lock.recalled.goes_back

    order = run.progress.order
    return (yield from refused(run, order, lock_id(order.request.scale_set), recall))
