"""The story of a fleet rollout: wave after wave; or all the way back."""

from datetime import datetime, timedelta
from typing import Any

from orchestrators.context import Context, Steps
from orchestrators.fleet_run import FleetRun, TurnBack
from orchestrators.stop import Stop
from rollout import fleet_ending
from rollout.command import Command
from rollout.control import End, Go, Stay
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.fleet_order import FleetOrder, WaveOutcome
from rollout.names import ROLL_OUT_WAVE
from rollout.phase import Phase, Verb
from rollout.problem import sentence

_KINDS = {
    Phase.PAUSED: EventKind.PAUSED,
    Phase.AWAITING_APPROVAL: EventKind.APPROVAL_ASKED,
}


def roll_out_fleet(context: Context) -> Steps[dict[str, Any]]:
    """The orchestration of one fleet rollout: takes a FleetOrder, returns its last view."""
    run = FleetRun(context, FleetOrder.from_json(context.get_input()))
    run.begin()
    phase, message = yield from _outcome(run)
    run.end(phase, message)
    return run.view.to_json()


def _outcome(run: FleetRun) -> Steps[tuple[Phase, str]]:
    """How it ended. Whatever happens, it ends with a reason."""
    try:
        return (yield from _there_or_back(run))
    except Stop as stop:
        return stop.phase, stop.message
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is told as well
        reason = f"an unforeseen error: {error}"
        return Phase.FAILED, fleet_ending.stopped(run.progress, reason)


def _there_or_back(run: FleetRun) -> Steps[tuple[Phase, str]]:
    if back := run.order.back:
        return Phase.ROLLED_BACK, (yield from _roll_back(run, back.command))
    try:
        return Phase.SUCCEEDED, (yield from _forward(run))
    except TurnBack as turn:
        return Phase.ROLLED_BACK, (yield from _roll_back(run, turn.command))


def _forward(run: FleetRun) -> Steps[str]:
    """Wave by wave: the sentence that says that all went well."""
    for index, wave in enumerate(run.order.request.waves):
        yield from _old_enough(run, wave.minimum_image_age)
        count = len(run.order.members[index])
        asked = f"Wave {wave.name} ({count} scale set(s)) waits for approval"
        yield from _may_begin(run, asked if wave.approval == "before" else None)
        outcome = yield from _wave(run, index)
        _heed_the_end(run)
        reason = fleet_ending.wave_failure(run.progress, index) or outcome.halt
        if reason is None and run.progress.unbegun(index):
            reason = f"the deadline of {run.deadline:%Y-%m-%d %H:%M:%S} UTC has passed"
        if reason:
            run.halt(reason)
    return fleet_ending.succeeded(run.progress)


def _roll_back(run: FleetRun, command: Command) -> Steps[str]:
    """Newest wave first. What cannot be put back keeps nothing else from it: the sentence that
    says what came of it. Raises Stop.
    """
    run.progress = run.progress.turning_back()
    reason = f"Rollback requested {command.told}"
    run.say(f"Rolling back. {reason}")
    run.journal.write(EventKind.ROLLING_BACK, f"Rolling back. {reason}")
    for index in run.progress.moved_waves:
        _heed_the_end(run)
        yield from _wave(run, index, command)
    if failure := fleet_ending.rollback_failure(run.progress):
        run.halt(failure)
    return fleet_ending.rolled_back(run.progress, reason)


def _wave(run: FleetRun, index: int, back: Command | None = None) -> Steps[WaveOutcome]:
    """One wave, as a sub-orchestration. It hears the operator by itself: what this orchestration
    would pass on, Azure would hold back until the wave has ended.
    """
    run.progress = run.progress.began(index)
    run.publish()
    wave = run.order.request.waves[index]
    run.journal.write(EventKind.WAVE_STARTED, run.progress.message, wave=wave.name)
    order = run.order.wave(index, run.deadline, back)
    order = run.progress.only_moved(index, order) if back else order
    child = run.context.call_sub_orchestrator(ROLL_OUT_WAVE, order.to_json(), order.instance_id)
    outcome = WaveOutcome.from_json((yield from run.operator.wait(child)))
    run.progress = run.progress.after(index, outcome, order)
    run.publish()
    counts = run.view.waves[index].counts
    told = f"Wave {wave.name}: {counts.done} done, {counts.failed} failed, of {counts.total}"
    evidence = {"cells": outcome.cells, "reasons": outcome.reasons, "halt": outcome.halt}
    run.journal.write(EventKind.WAVE_FINISHED, told, **evidence)
    return outcome


def _old_enough(run: FleetRun, age: timedelta) -> Steps[None]:
    """Wait until the image is of that age; what is said meanwhile is heeded."""
    published = run.order.published_at
    if published is None or not age:
        return
    ripe = published + age
    while run.now < ripe:
        run.say(f"Waiting until the image is {spoken(age)} old, at {ripe:%Y-%m-%d %H:%M} UTC")
        yield from _heeding(run, ripe)


def _heeding(run: FleetRun, until: datetime) -> Steps[None]:
    if run.now >= run.deadline:
        run.halt(f"the deadline of {run.deadline:%Y-%m-%d %H:%M:%S} UTC passed while it waited")
    yield from run.operator.sleep_until(min(until, run.deadline))
    _heed_the_end(run)


def _may_begin(run: FleetRun, asked: str | None) -> Steps[None]:
    """Returns when the next wave may begin."""
    expires = None
    while True:
        match run.progress.control.before_batch(asked):
            case Go():
                run.progress = run.progress.going_on()
                return
            case End(command):
                _end_as_told(run, command)
            case Stay(phase, reason):
                run.stay(phase, reason, _KINDS[phase])
                waits = phase is Phase.AWAITING_APPROVAL
                expires = expires or (run.now + run.order.request.approval_timeout)
                yield from _heeding(run, expires if waits else run.deadline)
                if waits and run.now >= expires:
                    run.progress = run.progress.told(_late(run))


def _late(run: FleetRun) -> Command:
    """An approval that does not come in time pauses it: nobody has to hurry then."""
    late = spoken(run.order.request.approval_timeout)
    return Command(verb=Verb.PAUSE, by="the approval timeout", reason=f"none within {late}")


def _heed_the_end(run: FleetRun) -> None:
    if command := run.progress.control.ending:
        _end_as_told(run, command)


def _end_as_told(run: FleetRun, command: Command) -> None:
    """Raises Stop for an abort, TurnBack for a rollback."""
    if command.verb is Verb.ABORT or run.progress.rolling_back:
        raise Stop(Phase.ABORTED, sentence(fleet_ending.aborted(run.progress, command.told)) + ".")
    raise TurnBack(command)
