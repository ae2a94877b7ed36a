"""What a rollout and a fleet rollout share: hearing the operator, and telling people."""

from abc import ABC, abstractmethod
from datetime import datetime

from orchestrators.context import Context
from orchestrators.journal import Journal
from rollout.command import Command
from rollout.event import EventKind
from rollout.fleet_progress import FleetProgress
from rollout.fleet_view import FleetRolloutView
from rollout.phase import Phase
from rollout.progress import Progress
from rollout.verb_event import EVENT_OF
from rollout.view import RolloutView


class Telling[P: (Progress, FleetProgress)](ABC):
    """One on its way. Everything that is known of it is in `progress`."""

    context: Context
    journal: Journal
    progress: P

    @property
    @abstractmethod
    def view(self) -> RolloutView | FleetRolloutView:
        """It as people see it now."""

    @abstractmethod
    def list(self) -> None:
        """Put it into its list, or update its line."""

    @property
    def now(self) -> datetime:
        return self.context.current_utc_datetime

    def publish(self) -> None:
        self.journal.publish(self.view.status())

    def say(self, message: str) -> None:
        self.progress = self.progress.saying(message)
        self.publish()

    def end(self, phase: Phase, message: str) -> None:
        self.progress = self.progress.ended(phase, message, self.now)
        self.publish()
        counts = self.view.counts.to_json()
        self.journal.write(EventKind.FINISHED, message, phase=phase, counts=counts)
        self.list()

    def hear(self, command: Command) -> None:
        """What is said twice is one saying; what makes no sense any more is not heeded."""
        before = self.progress
        if command.verb not in before.verbs:
            return
        self.progress = before.told(command)
        if self.progress.control != before.control:
            message = f"{command.verb.value.capitalize()} {command.told}"
            self.journal.write(EVENT_OF[command.verb], message, **command.to_json())
        self.publish()
