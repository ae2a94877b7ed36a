"""What every part of a fleet rollout shares: its state, its ear, and what it tells people."""

from datetime import datetime
from typing import NoReturn

from orchestrators.context import Context
from orchestrators.journal import Journal
from orchestrators.operator import Operator
from orchestrators.stop import Stop
from orchestrators.telling import Telling
from rollout import fleet_ending
from rollout.command import Command
from rollout.event import EventKind
from rollout.fleet_order import FleetOrder
from rollout.fleet_progress import FleetProgress
from rollout.fleet_view import FleetRolloutView, FleetSummary
from rollout.phase import Phase
from rollout.record import FLEET_INDEX_KEY


class TurnBack(Exception):  # noqa: N818
    """Ends the way forward: everything goes back, because of this command."""

    def __init__(self, command: Command) -> None:
        super().__init__(command.told)
        self.command = command


class FleetRun(Telling[FleetProgress]):
    """One fleet rollout on its way. Everything that is known of it is in `progress`."""

    def __init__(self, context: Context, order: FleetOrder) -> None:
        self.context = context
        self.order = order
        self.journal = Journal(context, order.id)
        self.operator = Operator(context, self.hear)
        self.progress = FleetProgress.begun(order, context.current_utc_datetime)

    @property
    def deadline(self) -> datetime:
        """When no scale set begins any more."""
        return self.progress.started_at + self.order.request.deadline

    @property
    def view(self) -> FleetRolloutView:
        view = self.progress.view(self.now)
        return view.taking_only_the_end() if self.operator.hears_only_the_end else view

    def begin(self) -> None:
        """Tell what is going to happen, and what is not."""
        self.say("The fleet rollout has begun")
        self.list()
        if self.order.back:
            return
        request = self.order.request.to_json()
        self.journal.write(EventKind.STARTED, "The fleet rollout has begun", request=request)
        for left in self.order.left_out:
            told = f"{left.scale_set.name} is left out: {left.reason}"
            self.journal.write(EventKind.LEFT_OUT, told, scaleSet=str(left.scale_set))
        for scale_set in self.order.notified:
            told = f"{scale_set.name} wants to be told only: it is not rolled"
            self.journal.write(EventKind.NOTIFIED, told, scaleSet=str(scale_set))

    def stay(self, phase: Phase, message: str, kind: EventKind) -> None:
        """Say that nothing begins until the operator says something."""
        told = (self.progress.phase, self.progress.message) == (phase, message)
        self.progress = self.progress.staying(phase, message)
        self.publish()
        if not told:
            self.journal.write(kind, message)

    def halt(self, reason: str) -> NoReturn:
        """Stop because going on is not safe."""
        raise Stop(Phase.FAILED, fleet_ending.stopped(self.progress, reason))

    def list(self) -> None:
        self.journal.list_as(FleetSummary.of(self.view), FLEET_INDEX_KEY)
