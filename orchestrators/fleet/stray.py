"""A fleet rollout, or a wave, that somebody has started past the app does nothing."""

from orchestrators.engine import (
    CAN_GO_BACK,
    ActivityClient,
    Steps,
    elsewhere,
    why_restarted,
    without_lock,
)
from orchestrators.fleet.run import FleetRun
from orchestrators.fleet.wave_run import WaveRun
from rollout.fleet import RECALL_FLEET, RecallFleet, fleet_lock_id, recalling_fleet
from rollout.run import READ_LOCK, ReadLock


def fleet_refused(run: FleetRun) -> Steps[bool]:
    """Whether it must do nothing, and says so: it runs under another id than its own, has not got
    the locks of its scale sets, of which the first one tells, or has begun before.
    """
    order = run.order
    if reason := elsewhere(run.context, order.instance_id):
        run.refuse(reason)
        return True
    if not order.scale_sets:
        return False
    key = fleet_lock_id(order.scale_sets[0])
    task = ReadLock(id=key, rollout_id=order.id, instance_id=order.instance_id)
    lock = yield from ActivityClient(run.context, run.events.wait).ask(READ_LOCK, task)
    reason = why_restarted(lock, order.instance_id)
    if not reason:
        return False
    yield from _recall(run)
    run.refuse(f"{reason}. {CAN_GO_BACK}" if run.progress.moved_waves else reason)
    if not lock.is_of(order.id):
        run.update_list()
    return True


def _recall(run: FleetRun) -> Steps[None]:
    """Restarted under its own id, it knows only from its log what it has done."""
    recall = yield from ActivityClient(run.context).ask(RECALL_FLEET, RecallFleet(order=run.order))
    if recall.earlier:
        run.progress = recalling_fleet(run.progress, recall.earlier)


def why_wave_is_refused(run: WaveRun) -> Steps[str]:
    """The same of a wave, whose fleet rollout has the locks; empty if it may go on."""
    order = run.order
    if reason := elsewhere(run.context, order.instance_id):
        return reason
    if not order.members:
        return ""
    key = fleet_lock_id(order.members[0].scale_set)
    activities = ActivityClient(run.context, run.events.wait)
    return (yield from without_lock(activities, key, order.fleet_id))
