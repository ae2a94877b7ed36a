"""Runs a wave as a sub-orchestration, and takes it up when that breaks off."""

from datetime import timedelta

from orchestrators.engine import ActivityClient, Steps
from orchestrators.fleet.run import FleetRun
from rollout.base import Cell, EventKind, first_line
from rollout.fleet import ROLL_OUT_WAVE, WaveOrder, WaveOutcome
from rollout.run import READ_PART, ReadPart

_MOST_ATTEMPTS = 3
"""How often in succession a wave may break off before the fleet rollout stops."""
_BETWEEN_LOOKS = timedelta(minutes=1)


def wave_outcome(run: FleetRun, order: WaveOrder, *, interrupted: bool) -> Steps[WaveOutcome]:
    """The outcome of that wave. One that breaks off begins again under the same id: it finds the
    rollouts that were started, and they report to it. If the fleet rollout itself broke off
    (`interrupted`), the wave went on by itself.
    """
    outcome: WaveOutcome | str | None = None
    if interrupted:
        outcome = yield from _ended(run, order)
    for _ in range(_MOST_ATTEMPTS):
        if isinstance(outcome, WaveOutcome):
            return outcome
        if outcome:
            message = f"Wave {order.rules.name} is taken up, because it broke off: {outcome}"
            run.recorder.write(EventKind.TAKEN_UP, message, wave=order.rules.name)
        outcome = yield from _attempt(run, order)
    if isinstance(outcome, WaveOutcome):
        return outcome
    halt = f"wave {order.rules.name} kept breaking off: {outcome}"
    return WaveOutcome(cells=Cell.UPGRADING.value * len(order.members), halt=halt)


def _attempt(run: FleetRun, order: WaveOrder) -> Steps[WaveOutcome | str]:
    """The outcome, or why the wave broke off."""
    order = order.model_copy(update={"position": run.recorder.position})
    child = run.context.call_sub_orchestrator(
        ROLL_OUT_WAVE, order.to_json(), order.instance_id, run.context.version
    )
    try:
        return WaveOutcome.from_json((yield from run.events.wait(child)))
    except Exception as error:  # noqa: BLE001 - whatever ended it, it can be begun again
        return first_line(str(error))


def _ended(run: FleetRun, order: WaveOrder) -> Steps[WaveOutcome | str | None]:
    """Wait until the wave that was under way is over; None if it had not begun."""
    activities = ActivityClient(run.context, run.events.wait)
    while True:
        part = yield from activities.ask(READ_PART, ReadPart(instance_id=order.instance_id))
        if part.output is not None:
            return WaveOutcome.from_json(part.output)
        if not part.running:
            return part.reason
        yield from activities.sleep(_BETWEEN_LOOKS)
