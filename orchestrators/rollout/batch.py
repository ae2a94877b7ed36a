"""Upgrades one batch: pass the gate, send it, watch it until every instance is done."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import (
    ActivityClient,
    Context,
    Recorder,
    Steps,
    delay_after,
    elsewhere,
)
from orchestrators.rollout.sending import BatchSender, Sent
from rollout.base import ArmError, EventKind, Proceed, Stop, Wait
from rollout.batch import (
    OBSERVE_BATCH,
    BatchOrder,
    BatchOutcome,
    ReadBatch,
    SendAgain,
    Watch,
    judge,
)
from rollout.batch import report as batch_report
from rollout.run import batch_id

_MOST_SENDS = 3
"""How often a batch is sent whose operation other operations interrupt."""


def upgrade_batch(context: Context) -> Steps[dict[str, Any]]:
    """The sub-orchestrator of one batch: takes a BatchOrder, returns a BatchOutcome."""
    order = BatchOrder.from_json(context.get_input())
    own_id = batch_id(order.rollout_id, order.batch.number)
    if reason := elsewhere(context, own_id):
        return batch_report.not_sent(order, reason).to_json()
    outcome = yield from BatchRun(context, order).run()
    return outcome.to_json()


class BatchRun:
    """One batch in progress."""

    def __init__(self, context: Context, order: BatchOrder) -> None:
        self._context = context
        self._order = order
        self._recorder = Recorder(context, order.rollout_id, within=order.position)
        self._activities = ActivityClient(context, on_delay=self._delayed)

    def run(self) -> Steps[BatchOutcome]:
        """Send it and watch it; once more through the gate if Azure's operation was interrupted
        before it had done its work.
        """
        interrupted = ""
        for _ in range(_MOST_SENDS):
            outcome = yield from self._attempt()
            if not isinstance(outcome, SendAgain):
                return outcome
            interrupted = outcome.reason
            message = f"{batch_report.heading(self._order)}: {interrupted}. Sending it again"
            self._recorder.write(EventKind.WAITING, message)
            self._order = self._order.maybe_sent()
        reason = f"it was sent {_MOST_SENDS} times: {interrupted}"
        return batch_report.not_sent(self._order, reason, passes=True)

    def _attempt(self) -> Steps[BatchOutcome | SendAgain]:
        sender = BatchSender(self._context, self._activities, self._order, self._report)
        sent = yield from sender.run()
        if isinstance(sent, BatchOutcome):
            return sent
        if sent.accepted.changed:
            self._recorder.write(
                EventKind.UPGRADE_SENT,
                batch_report.sent(self._order, len(sent.accepted.instance_ids)),
                instanceIds=sent.accepted.instance_ids,
                operation=(sent.accepted.operation or "").partition("?")[0],
            )
        return (yield from self._watched(sent))

    def _watched(self, sent: Sent) -> Steps[BatchOutcome | SendAgain]:
        order, limits = sent.order, batch_report.watch_limits(sent.order)
        watch = Watch.begin(sent.selection.instance_ids, limits, self._context.current_utc_datetime)
        if sent.accepted.changed:
            # No upgrade is done at once: a read now would only cost calls.
            self._report(batch_report.watching(order, watch), watch)
            yield from self._activities.sleep(limits.interval)
        while True:
            watch = yield from self._look(watch, sent)
            match judge(watch, self._context.current_utc_datetime):
                case Proceed(verdict):
                    outcome = batch_report.outcome_of(order, sent.selection, verdict)
                    times = {"upgraded_at": watch.upgraded_at, "healthy_at": watch.healthy_at}
                    return outcome.model_copy(update={"held": sent.held, **times})
                case Stop() as stop:
                    yield from self._wait_as_asked(watch)
                    return batch_report.broken_off(order, sent.selection, watch, stop)
                case SendAgain() as again:
                    return again
                case Wait():
                    yield from self._activities.sleep(self._pause(watch))

    def _look(self, watch: Watch, sent: Sent) -> Steps[Watch]:
        """One more read. A failed read is no verdict on any instance."""
        ended = watch.operation if watch.operation and watch.operation.ended else None
        task = ReadBatch(
            scale_set=self._order.scale_set,
            instance_ids=watch.instance_ids,
            image=self._order.model.image,
            health=self._order.policy.health,
            flexible=sent.inventory.scale_set.flexible,
            operation=None if ended else sent.accepted.operation,
            ended=ended,
        )
        reading = yield from self._activities.call_once(OBSERVE_BATCH, task)
        if isinstance(reading, ArmError):
            unseen = watch.unseen(reading)
            self._delayed(reading, self._pause(unseen), unseen)
            return unseen
        watch = watch.seen(reading, self._context.current_utc_datetime)
        self._report(batch_report.watching(self._order, watch), watch)
        return watch

    def _pause(self, watch: Watch) -> timedelta:
        """Until the next read: the interval, or longer if Azure asked for that."""
        interval = self._order.policy.health.interval
        return max(interval, _delay(watch.unread, watch)) if watch.unread else interval

    def _wait_as_asked(self, watch: Watch) -> Steps[None]:
        """What Azure asked for holds for whoever reads next, too."""
        if watch.unread and watch.unread.retry_after:
            yield from self._activities.sleep(_delay(watch.unread, watch))

    def _delayed(self, error: ArmError, pause: timedelta, watch: Watch | None = None) -> None:
        message = batch_report.waiting_for_azure(self._order, error, pause)
        self._report(message, watch, pause)
        self._recorder.write(EventKind.WAITING, message, error=error.to_json())

    def _report(
        self, message: str, watch: Watch | None = None, pause: timedelta | None = None
    ) -> None:
        now = self._context.current_utc_datetime
        status = batch_report.status_of(self._order, now, message, watch, pause)
        self._recorder.publish(status.to_json())


def _delay(error: ArmError, watch: Watch) -> timedelta:
    return delay_after(error, watch.failed_looks)
