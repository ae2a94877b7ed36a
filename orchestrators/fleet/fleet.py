"""The story of a fleet rollout: wave after wave, or a rollback of everything."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import (
    Context,
    CountedContext,
    GoesOnAsNew,
    Steps,
    Story,
    conclude_if_requested,
    go_on_as_new,
    may_begin,
    rest,
    wait_until,
)
from orchestrators.fleet.gates import pass_wave_gates
from orchestrators.fleet.run import FleetRun
from orchestrators.fleet.stray import fleet_refused
from orchestrators.fleet.waves import wave_outcome
from rollout.base import EventKind, spoken
from rollout.fleet import (
    FleetOrder,
    FleetWayBack,
    Wave,
    WaveOutcome,
    nothing_verified,
    wave_failure,
)
from rollout.run import Command, Handover, RollBack, Verb


def roll_out_fleet(context: Context) -> Steps[dict[str, Any]]:
    """The orchestrator of one fleet rollout: takes a FleetOrder, returns its last view. With many
    waves, verbs or waits it goes on as new, where nothing of it is open.
    """
    given = context.get_input()
    handed = Handover.of_input(given)
    run = FleetRun(CountedContext(context), FleetOrder.from_json(given), handed)
    if handed:
        run.publish()  # what Durable has of an earlier generation ends with the next turn
    if (yield from fleet_refused(run)):
        return run.view.to_json()
    run.start()
    try:
        end = yield from FleetStory(run).conclusion()
    except GoesOnAsNew:
        return (yield from go_on_as_new(run))
    run.finish(end)
    yield from run.leave(end)
    return run.view.to_json()


class FleetStory(Story[FleetRun]):
    """The way forward and the rollback of one fleet rollout."""

    def __init__(self, run: FleetRun) -> None:
        self.run = run

    @property
    def rollback(self) -> RollBack | None:
        order, back = self.run.order, self.run.place.back
        if back:
            return RollBack(back.reason, back.command)
        if order.resume and order.resume.rolling_back:
            command = order.resume.rollback or Command(verb=Verb.ROLLBACK)
            return RollBack(order.resume.rolling_back, command)
        rollback = order.rollback
        return RollBack.wanted(rollback.command) if rollback else None

    @property
    def going_back(self) -> bool:
        return self.run.place.back is not None

    def forward(self) -> Steps[str]:
        """Wave by wave, and between them the gates."""
        run = self.run
        waves = run.order.request.waves
        while (index := run.place.wave) < len(waves):
            wave = waves[index]
            if not run.place.interrupted:
                yield from pass_wave_gates(run, index - 1)
                yield from self._may_begin(index, wave)
            outcome = yield from self._wave(index)
            conclude_if_requested(run)
            if reason := wave_failure(run.progress, index) or outcome.halt:
                run.halt(reason)
            if run.progress.has_pending(index):
                run.halt(f"the deadline of {run.deadline:%Y-%m-%d %H:%M:%S} UTC has passed")
            run.place = run.place.after(self._doubt_about(wave, outcome))
        yield from pass_wave_gates(run, len(waves) - 1)
        return run.ending.succeeded()

    def backward(self, rollback: RollBack) -> Steps[str]:
        """Newest wave first. A scale set that cannot be rolled back does not stop the others."""
        run = self.run
        back = run.place.back or FleetWayBack(
            reason=rollback.reason, command=rollback.command, waves=run.progress.moved_waves
        )
        while back.waves:
            run.place = run.place.going_back(back) if run.place.back != back else run.place
            conclude_if_requested(run)
            rest(run)
            index = back.waves[0]
            if index != run.place.wave:
                run.place = run.place.uninterrupted()
            yield from self._wave(index, rollback.command)
            back = back.through()
        if run.progress.moved_waves:
            conclude_if_requested(run)
        if failure := run.ending.rollback_failed():
            run.halt(failure)
        return run.ending.rolled_back(rollback.reason)

    def _doubt_about(self, wave: Wave, outcome: WaveOutcome) -> str | None:
        """Why the wave after this one must be approved, whatever its rules say."""
        if not outcome.unverified or wave.on_nothing_verified == "proceed":
            return None
        if wave.on_nothing_verified == "fail":
            self.run.halt(nothing_verified(wave.name))
        return nothing_verified(wave.name)

    def _may_begin(self, index: int, wave: Wave) -> Steps[None]:
        run = self.run
        yield from self._old_enough(wave.minimum_image_age)
        count = len(run.order.members[index])
        waits = f"Wave {wave.name} ({count} scale set(s)) waits for approval"
        asked = f"{run.place.doubt}. {waits}" if run.place.doubt else waits
        needed = (wave.approval == "before" or run.place.doubt) and not run.place.approved
        rest(run)
        yield from may_begin(run, asked if needed else None)
        run.place = run.place.approving()
        yield from pass_wave_gates(run, index - 1)  # once more, if it was paused meanwhile

    def _wave(self, index: int, rollback: Command | None = None) -> Steps[WaveOutcome]:
        """One wave, as a sub-orchestration. It receives commands itself: Azure would hold back what
        is forwarded from here until the wave has ended.
        """
        run = self.run
        name = run.order.request.waves[index].name
        if not (run.place.announced or (run.place.interrupted and not rollback)):
            begun = run.progress.consumed()  # what was said since was about this wave too
            run.progress = begun.wave_started(index, run.now)
            run.publish()
            run.recorder.write(EventKind.WAVE_STARTED, run.progress.message, wave=name)
            run.place = run.place.announcing()
        order = run.order.wave(index, run.deadline, rollback, run.progress.control.glass)
        order = run.progress.only_moved(index, order) if rollback else order
        outcome = yield from wave_outcome(run, order, interrupted=run.place.interrupted)
        run.place = run.place.uninterrupted()
        run.progress = run.progress.wave_finished(index, outcome, order)
        run.publish()
        counts = run.view.waves[index].counts
        message = (
            f"Wave {name}: {counts.done} done, {counts.failed} failed, {counts.aborted} aborted, "
            f"of {counts.total}"
        )
        run.recorder.write(EventKind.WAVE_FINISHED, message, wave=name, **outcome.to_json())
        return outcome

    def _old_enough(self, age: timedelta) -> Steps[None]:
        """Wait until the image has that age, unless the operator asks for the end meanwhile."""
        run = self.run
        published = run.order.published_at
        if published is None or not age:
            return
        ripe = published + age
        while run.now < ripe:
            run.report(
                f"Waiting until the image is {spoken(age)} old, at {ripe:%Y-%m-%d %H:%M} UTC"
            )
            rest(run)
            yield from wait_until(run, ripe)
            conclude_if_requested(run)
            if run.progress.control.paused:
                run.asks_anew()  # it may be resumed before it is ripe
