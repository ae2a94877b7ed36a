"""What every part of a fleet rollout shares: its state, and how it reports."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import (
    ActivityClient,
    CommandListener,
    CountedContext,
    Recorder,
    Steps,
    by_caller,
    notify_of_end,
)
from orchestrators.gates import AskingRun
from rollout.base import EventKind
from rollout.fleet import (
    RELEASE_FLEET,
    WOULD_HAVE_STOPPED,
    FleetEnding,
    FleetOrder,
    FleetPlace,
    FleetProgress,
    FleetRolloutView,
    ReleaseFleet,
)
from rollout.gates import Gate
from rollout.run import FLEET_INDEX_KEY, End, Handover, handed_on, taken_over


class FleetRun(AskingRun[FleetProgress, FleetRolloutView, FleetPlace]):
    """One fleet rollout in progress."""

    index_key = FLEET_INDEX_KEY

    def __init__(self, context: CountedContext, order: FleetOrder, handed: Handover | None) -> None:
        self.context = context
        self.order = order
        self.handed = handed
        before = handed or order.earlier
        self.recorder = Recorder(context, order.id, written=before.events if before else 0)
        answered = self.hear if order.asks_back else None
        heard = handed.heard if handed else []
        self.events = CommandListener(context, self.receive, heard, answered)
        self.activities = ActivityClient(context, self.events.wait)
        self.progress = FleetProgress.begun(order, context.current_utc_datetime)
        self.place = FleetPlace()
        if resume := order.resume:
            first = max(0, resume.wave - 1)
            self.place = FleetPlace(wave=first, interrupted=resume.wave > 0)
        if handed:
            self.place = FleetPlace.from_json(handed.place)
            self.progress = FleetProgress(order=order, **taken_over(FleetProgress, handed.progress))
        self.deadline = self.progress.started_at + order.request.deadline
        self.approval_timeout = order.request.approval_timeout

    @property
    def gates(self) -> list[Gate]:
        return self.order.gates

    @property
    def would_have(self) -> str:
        return WOULD_HAVE_STOPPED

    @property
    def decision_timeout(self) -> timedelta:
        return self.approval_timeout

    def asks_people(self, gate: str | None) -> None:
        """What gates have answered before a pause is too old after it; not so of an approval, which
        is given by who has read the answers.
        """
        if gate is None and self.progress.control.paused:
            self.asks_anew()

    @property
    def ending(self) -> FleetEnding:
        return FleetEnding(self.progress)

    def leave(self, end: End) -> Steps[None]:
        """Release its scale sets, and notify the follower of the image that started it."""
        activities = ActivityClient(self.context)
        release = ReleaseFleet(instance_id=self.context.instance_id)
        yield from activities.ask(RELEASE_FLEET, release)
        yield from notify_of_end(activities, self.order.notify, self.order.id, end)

    def handed_on(self, heard: list[Any]) -> dict[str, Any]:
        handover = Handover.of(
            handed_on(self.progress),
            self.place,
            events=self.recorder.position[-1],
            control=self.progress.control,
            step=self.progress.step,
            heard=heard,
            rollback=self.place.back and self.place.back.command,
        )
        return handover.as_input(self.order)

    def start(self) -> None:
        """Report which scale sets will be rolled, and which will not; nothing if it goes on."""
        if not self.handed:
            self._report_start()
        self.events.listen()
        self.publish()

    def _report_start(self) -> None:
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
