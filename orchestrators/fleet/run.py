"""What every part of a fleet rollout shares: its state, and how it reports."""

from orchestrators.engine import (
    ActivityClient,
    CommandListener,
    Context,
    ListedRun,
    Recorder,
    Steps,
    by_caller,
    notify_of_end,
)
from rollout.base import EventKind
from rollout.fleet import (
    RELEASE_FLEET,
    FleetEnding,
    FleetOrder,
    FleetProgress,
    FleetRolloutView,
    ReleaseFleet,
)
from rollout.run import FLEET_INDEX_KEY, End


class FleetRun(ListedRun[FleetProgress, FleetRolloutView]):
    """One fleet rollout in progress."""

    index_key = FLEET_INDEX_KEY

    def __init__(self, context: Context, order: FleetOrder) -> None:
        self.context = context
        self.order = order
        written = order.earlier.events if order.earlier else 0
        self.recorder = Recorder(context, order.id, written=written)
        self.events = CommandListener(context, self.receive)
        self.progress = FleetProgress.begun(order, context.current_utc_datetime)
        self.deadline = self.progress.started_at + order.request.deadline
        self.approval_timeout = order.request.approval_timeout

    @property
    def ending(self) -> FleetEnding:
        return FleetEnding(self.progress)

    def leave(self, end: End) -> Steps[None]:
        """Release its scale sets, and notify the follower of the image that started it."""
        activities = ActivityClient(self.context)
        release = ReleaseFleet(instance_id=self.context.instance_id)
        yield from activities.ask(RELEASE_FLEET, release)
        yield from notify_of_end(activities, self.order.notify, self.order.id, end)

    def start(self) -> None:
        """Report which scale sets will be rolled, and which will not."""
        self.report("The fleet rollout has begun")
        self.update_list()
        if resume := self.order.resume:
            message = f"Taken up, because it broke off: {resume.reason}"
            who = by_caller(resume.asked_by)
            self.recorder.write(EventKind.TAKEN_UP, message, attempt=resume.attempt, **who)
            return
        if self.order.rollback:
            return
        order = self.order
        self.recorder.write_start("The fleet rollout has begun", order)
        for left in self.order.left_out:
            message = f"{left.scale_set.name} is left out: {left.reason}"
            self.recorder.write(EventKind.LEFT_OUT, message, scaleSet=str(left.scale_set))
        for scale_set in self.order.notified:
            message = f"{scale_set.name} only wants to be notified: it is not rolled"
            self.recorder.write(EventKind.NOTIFIED, message, scaleSet=str(scale_set))
