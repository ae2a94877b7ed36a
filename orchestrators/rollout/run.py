"""What every part of a rollout shares: its state, its activities, and how it reports."""

from orchestrators.engine import (
    ActivityClient,
    CommandListener,
    Context,
    ListedRun,
    Recorder,
    Steps,
    delay_after,
)
from rollout.base import ArmError, EventKind, spoken
from rollout.batch import ReadInventory
from rollout.inventory import Inventory
from rollout.run import (
    INDEX_KEY,
    MOST_VERBS_ACCEPTED,
    VERBS_ACCEPTED,
    Progress,
    RolloutEnding,
    RolloutOrder,
    RolloutView,
)


class RolloutRun(ListedRun[Progress, RolloutView]):
    """One rollout in progress."""

    index_key = INDEX_KEY

    def __init__(self, context: Context, order: RolloutOrder) -> None:
        self.context = context
        self.request = order.request
        self.recorder = Recorder(context, order.id)
        approvals = order.request.policy.approval == "everyBatch"
        accepted = MOST_VERBS_ACCEPTED if approvals else VERBS_ACCEPTED
        self.events = CommandListener(context, self.receive, accepted)
        self.activities = ActivityClient(context, self.events.wait, self._delayed)
        self.progress = Progress.begun(order, context.current_utc_datetime)
        self.deadline = self.progress.started_at + order.request.policy.deadline
        self.approval_timeout = order.request.policy.approval_timeout

    @property
    def ending(self) -> RolloutEnding:
        return RolloutEnding(self.progress)

    def read_inventory(self) -> Steps[Inventory]:
        """A fresh read of everything."""
        task = ReadInventory(scale_set=self.request.scale_set, health=self.request.policy.health)
        inventory = yield from self.activities.read_inventory(task)
        if isinstance(inventory, ArmError):
            self.halt(f"the result could not be verified: {inventory}")
        return inventory

    def _delayed(self, error: ArmError) -> None:
        message = f"Waiting for Azure: {error}. Trying again in {spoken(delay_after(error))}"
        self.report(message)
        self.recorder.write(EventKind.WAITING, message, error=error.to_json())
