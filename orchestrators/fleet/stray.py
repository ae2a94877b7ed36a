"""A fleet rollout, or a wave, that somebody has started past the app does nothing."""

from orchestrators.engine import ActivityClient, Steps, elsewhere, refused, without_lock
from orchestrators.fleet.run import FleetRun
from orchestrators.fleet.wave_run import WaveRun
from rollout.fleet import RECALL_FLEET, RecallFleet, fleet_lock_id, recalling_fleet
from rollout.run import LockRead


def fleet_refused(run: FleetRun) -> Steps[bool]:
    """Whether it must do nothing, and says so. Of the locks of its scale sets, the first one
    tells.
    """

    def recall(_: LockRead) -> Steps[bool]:
        task = RecallFleet(order=run.order)
        recalled = yield from ActivityClient(run.context).ask(RECALL_FLEET, task)
        if recalled.earlier:
            run.progress = recalling_fleet(run.progress, recalled.earlier)
        return bool(run.progress.moved_waves)

    sets = run.order.scale_sets
    return (yield from refused(run, run.order, fleet_lock_id(sets[0]) if sets else None, recall))


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
