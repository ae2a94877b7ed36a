"""What every part of a rollout shares: its state, its hands, its ear, and what it tells people."""

from datetime import datetime
from typing import NoReturn

from orchestrators.context import Context, Steps
from orchestrators.hands import Hands, delay_after
from orchestrators.journal import Journal
from orchestrators.operator import Operator
from orchestrators.stop import Stop
from orchestrators.telling import Telling
from rollout import ending
from rollout.control import MOST_VERBS_HEARD, VERBS_HEARD
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.fleet import Fleet
from rollout.order import RolloutOrder
from rollout.phase import Phase
from rollout.problem import ArmError
from rollout.progress import Progress
from rollout.record import Summary
from rollout.task import ReadFleet
from rollout.view import RolloutView


class TurnBack(Exception):  # noqa: N818
    """Ends the way forward: the rollout rolls back, for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Run(Telling[Progress]):
    """One rollout on its way. Everything that is known of it is in `progress`."""

    def __init__(self, context: Context, order: RolloutOrder) -> None:
        self.context = context
        self.request = order.request
        self.journal = Journal(context, order.id)
        approvals = order.request.policy.approval == "everyBatch"
        verbs = MOST_VERBS_HEARD if approvals else VERBS_HEARD
        self.operator = Operator(context, self.hear, verbs)
        self.hands = Hands(context, self.operator.wait, self._delayed)
        self.progress = Progress.begun(order, context.current_utc_datetime)

    @property
    def view(self) -> RolloutView:
        """The rollout as people see it now."""
        view = self.progress.view(self.now)
        return view.taking_only_the_end() if self.operator.hears_only_the_end else view

    @property
    def deadline(self) -> datetime:
        """When no batch begins any more."""
        return self.progress.started_at + self.request.policy.deadline

    def stay(self, phase: Phase, message: str, kind: EventKind, *, stuck: bool = False) -> None:
        """Say that nothing begins until the operator says something."""
        told = (self.progress.phase, self.progress.message) == (phase, message)
        self.progress = self.progress.staying(phase, message, stuck=stuck)
        self.publish()
        if not told:
            self.journal.write(kind, message)

    def list(self) -> None:
        self.journal.list_as(Summary.of(self.view))

    def read_fleet(self) -> Steps[Fleet]:
        """A fresh look at everything."""
        task = ReadFleet(scale_set=self.request.scale_set, health=self.request.policy.health)
        fleet = yield from self.hands.read_fleet(task)
        if isinstance(fleet, ArmError):
            self.halt(f"the result could not be verified: {fleet}")
        return fleet

    def halt(self, reason: str) -> NoReturn:
        """Stop because going on is not safe."""
        raise Stop(Phase.FAILED, ending.halted(self.progress, reason))

    def _delayed(self, error: ArmError) -> None:
        message = f"Waiting for Azure: {error}. Trying again in {spoken(delay_after(error))}"
        self.say(message)
        self.journal.write(EventKind.WAITING, message, error=error.to_json())
