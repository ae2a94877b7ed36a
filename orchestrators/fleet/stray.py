"""A fleet rollout, or a wave, that somebody has started past the app does nothing."""

from orchestrators.engine import Context, Steps, elsewhere, without_lock
from orchestrators.fleet.run import FleetRun
from rollout.fleet import WaveOrder, fleet_lock_id


def fleet_refused(run: FleetRun) -> Steps[bool]:
    """Whether it must do nothing, and says so: it runs under another id than its own, or has not
    got the locks of its scale sets, of which the first one tells.
    """
    order = run.order
    reason = elsewhere(run.context, order.instance_id)
    in_its_place = not reason
    if in_its_place and order.scale_sets:
        key = fleet_lock_id(order.scale_sets[0])
        reason = yield from without_lock(run.context, key, order.id)
    if reason:
        run.refuse(reason)
    if reason and in_its_place:
        run.update_list()
    return bool(reason)


def why_wave_is_refused(context: Context, order: WaveOrder) -> Steps[str]:
    """The same of a wave, whose fleet rollout has the locks; empty if it may go on."""
    if reason := elsewhere(context, order.instance_id):
        return reason
    if not order.members:
        return ""
    key = fleet_lock_id(order.members[0].scale_set)
    return (yield from without_lock(context, key, order.fleet_id))
