"""Runs a wave as a sub-orchestration, and takes it up when that breaks off."""

from datetime import timedelta

from orchestrators.engine import ActivityClient, Steps, rest
from orchestrators.fleet.run import FleetRun
from rollout.base import Cell, EventKind
from rollout.fleet import ROLL_OUT_WAVE, WaveOrder, WaveOutcome
from rollout.run import READ_PART, PartRead, ReadPart

_MOST_ATTEMPTS = 3
"""How often in succession a wave may break off before the fleet rollout stops."""
_BETWEEN_LOOKS = timedelta(minutes=1)


def wave_outcome(run: FleetRun, order: WaveOrder, *, interrupted: bool) -> Steps[WaveOutcome]:
    """The outcome of that wave. One that breaks off begins again under the same id: it finds the
    rollouts that were started, and they report to it. If the fleet rollout itself broke off
    (`interrupted`), the wave went on by itself.
    """
    part = (yield from _ended(run, order, resting=True)) if interrupted else None
    for _ in range(_MOST_ATTEMPTS):
        if part and part.output is not None:
            return WaveOutcome.from_json(part.output)
        if part:
            message = f"Wave {order.rules.name} is taken up, because it broke off: {part.reason}"
            run.recorder.write(EventKind.TAKEN_UP, message, wave=order.rules.name)
            order = order.after(part.received)
        part = yield from _attempt(run, order)
    if part and part.output is not None:
        return WaveOutcome.from_json(part.output)
    halt = f"wave {order.rules.name} kept breaking off: {part.reason if part else ''}"
    return WaveOutcome(cells=Cell.UPGRADING.value * len(order.members), halt=halt)


def _attempt(run: FleetRun, order: WaveOrder) -> Steps[PartRead]:
    """Its outcome, or why the wave broke off, whatever ended it: it can be begun again."""
    order = order.model_copy(update={"position": run.recorder.position})
    child = run.context.call_sub_orchestrator(
        ROLL_OUT_WAVE, order.to_json(), order.instance_id, run.context.version
    )
    try:
        output = yield from run.events.wait(child)
    except Exception:  # noqa: BLE001 - the reason is read
        return (yield from _ended(run, order, resting=False))
    return PartRead(running=False, output=output)


def _ended(run: FleetRun, order: WaveOrder, *, resting: bool) -> Steps[PartRead]:
    """Wait until that wave is over; `resting` if nobody here has begun it, so that another
    generation can wait on.
    """
    activities = ActivityClient(run.context, run.events.wait)
    while True:
        part = yield from activities.ask(READ_PART, ReadPart(instance_id=order.instance_id))
        if not part.running:
            return part
        if resting:
            rest(run)
        yield from activities.sleep(_BETWEEN_LOOKS)
