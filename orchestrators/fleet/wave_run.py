"""What every part of a wave shares: its state, the events it receives, and how it reports."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import CountedContext, ExternalEvents, OrchestrationRun, Recorder
from rollout.base import EventKind, Phase
from rollout.fleet import ROLLOUT_ENDED, RolloutEnded, WaveOrder, WavePlace, WaveProgress
from rollout.run import Command, Handover, channels, handed_on, taken_over

FIRST_LOOK = timedelta(minutes=15)
_ENDS_ACCEPTED = 40
"""How many ends of rollouts one generation hears; others it finds by looking."""


class WaveRun(OrchestrationRun[WaveProgress]):
    """One wave in progress. `to_pass_on` are commands not yet forwarded to its rollouts."""

    def __init__(self, context: CountedContext, order: WaveOrder, handed: Handover | None) -> None:
        self.context = context
        self.order = order
        self.handed = handed
        written = handed.events if handed else 0
        self.recorder = Recorder(context, order.fleet_id, within=order.position, written=written)
        ends = min(2 * len(order.members), _ENDS_ACCEPTED)
        accepted = {**channels(), ROLLOUT_ENDED: ends}
        heard = handed.heard if handed else []
        self.events = ExternalEvents(context, accepted, self._received, heard)
        self.progress = WaveProgress.begun(order, context.current_utc_datetime)
        self.place = WavePlace(look=FIRST_LOOK)
        """Where its next generation would go on."""
        if handed:
            self.place = WavePlace.from_json(handed.place)
            self.progress = WaveProgress(order=order, **taken_over(WaveProgress, handed.progress))
        self.to_pass_on: list[Command] = []

    def handed_on(self, heard: list[Any]) -> dict[str, Any]:
        handover = Handover.of(
            handed_on(self.progress),
            self.place,
            events=self.recorder.position[-1],
            control=self.progress.control,
            heard=heard,
        )
        return handover.as_input(self.order)

    def publish(self) -> None:
        progress, now = self.progress, self.now
        self.recorder.publish(lambda: progress.status(now).to_json())

    def note_command(self, command: Command) -> None:
        """The fleet rollout has logged the command; here it is queued to be forwarded."""
        self.to_pass_on.append(command.for_any_step())

    def report_state(self) -> None:
        """Report how many scale sets are under way, and how many are waiting."""
        progress, name = self.progress, self.order.rules.name
        running = f"{len(progress.running)} scale set(s) under way, {progress.waiting} waiting"
        message = f"Wave {name}: {running}, of {len(progress.cells)}"
        notice = progress.control.notice(Phase.PROGRESSING)
        parts = [message, progress.held_message, notice]
        self.report(". ".join(part for part in parts if part))

    def _received(self, value: Any) -> None:
        if command := Command.of_event(value):
            self.receive(command)
            return
        try:
            ended = RolloutEnded.from_json(value)
        except ValueError:
            return
        self.note_end(ended)

    def note_end(self, ended: RolloutEnded) -> None:
        before = self.progress
        self.progress = before.rollout_ended(ended)
        if self.progress == before:
            return
        message = f"{ended.rollout_id}: {ended.phase}. {ended.message}"
        evidence = {"rolloutId": ended.rollout_id, "phase": ended.phase}
        self.recorder.write(EventKind.SCALE_SET_FINISHED, message, **evidence)
