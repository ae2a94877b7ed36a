"""What every part of a wave shares: its state, the events it receives, and how it reports."""

from typing import Any

from orchestrators.engine import Context, ExternalEvents, OrchestrationRun, Recorder
from rollout.base import EventKind, Phase
from rollout.fleet import ROLLOUT_ENDED, RolloutEnded, WaveOrder, WaveProgress
from rollout.run import Command, channels


class WaveRun(OrchestrationRun[WaveProgress]):
    """One wave in progress. `to_pass_on` are commands not yet forwarded to its rollouts."""

    def __init__(self, context: Context, order: WaveOrder) -> None:
        self.context = context
        self.order = order
        self.recorder = Recorder(context, order.fleet_id, within=order.position)
        accepted = {**channels(), ROLLOUT_ENDED: 2 * len(order.members)}
        self.events = ExternalEvents(context, accepted, self._received)
        self.progress = WaveProgress.begun(order, context.current_utc_datetime)
        self.to_pass_on: list[Command] = []

    def publish(self) -> None:
        self.recorder.publish(self.progress.status(self.now).to_json())

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
