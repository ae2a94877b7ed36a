"""Upgrades one batch: pass the gate, send it, watch it until every instance is done."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from orchestrators.engine import (
    ActivityClient,
    Context,
    CountedContext,
    Recorder,
    Steps,
    delay_after,
    elsewhere,
)
from orchestrators.rollout.list_budget import ListBudget
from orchestrators.rollout.sending import BatchSender
from rollout.base import ArmError, EventKind, Phase, Proceed, Stop, Wait
from rollout.batch import (
    LOOKS_A_GENERATION,
    OBSERVE_BATCH,
    OBSERVE_INVENTORY,
    POLICY_READ_EVERY,
    AtTheGate,
    BatchOrder,
    BatchOutcome,
    BatchReading,
    Expectation,
    NextLook,
    Reach,
    ReadBatch,
    ReadInventory,
    SendAgain,
    Sent,
    Stillness,
    UnderWatch,
    Watch,
    judge,
    next_look,
    observed,
)
from rollout.batch import report as batch_report
from rollout.run import TelemetryContext, batch_id

_MOST_SENDS = 3
"""How often a batch is sent whose operation other operations interrupt."""


def upgrade_batch(given: Context) -> Steps[dict[str, Any]]:
    """The sub-orchestrator of one batch: takes a BatchOrder, returns a BatchOutcome. A watch that
    takes long goes on as new, with what has been seen so far, and so does a wait before anything is
    sent: there are no events that could be lost by that.
    """
    context, input_ = CountedContext(given), given.get_input()
    order = BatchOrder.from_json(input_)
    own_id = batch_id(order.rollout_id, order.batch.number)
    if reason := elsewhere(context, own_id):
        return batch_report.not_sent(order, reason).to_json()
    watched, waited = UnderWatch.of_input(input_), AtTheGate.of_input(input_)
    run = BatchRun(context, order, watched or waited)
    outcome = yield from run.upgrade(watched, waited)
    match outcome:
        case UnderWatch():
            context.continue_as_new(outcome.as_input())
        case AtTheGate():
            context.continue_as_new(outcome.as_input(order))
        case BatchOutcome():
            return outcome.model_copy(update={"allowance": run.lists.allowance}).to_json()
    return {}


class BatchRun:
    """One batch in progress."""

    def __init__(
        self, context: CountedContext, order: BatchOrder, before: UnderWatch | AtTheGate | None
    ) -> None:
        self._context = context
        self._order = order
        written = before.events if before else 0
        self._recorder = Recorder(
            context,
            order.rollout_id,
            within=order.position,
            written=written,
            standing=TelemetryContext(
                scale_set=str(order.scale_set), batch=order.batch.number, phase=Phase.PROGRESSING
            ),
        )
        self._activities = ActivityClient(context, on_delay=self._delayed)
        self.lists = ListBudget(context, order.pages, (before or order).allowance)
        self._read: dict[str, Any] = {}

    def upgrade(
        self, watched: UnderWatch | None, waited: AtTheGate | None
    ) -> Steps[BatchOutcome | UnderWatch | AtTheGate]:
        """Send it and watch it; once more through the gate if Azure's operation was interrupted
        before it had done its work. `watched` if it was sent before: then it is watched on;
        `waited` if it was at the gate before.
        """
        interrupted = ""
        for _ in range(_MOST_SENDS):
            outcome = yield from (
                self._looking(watched.watch, watched.sent) if watched else self._attempt(waited)
            )
            if not isinstance(outcome, SendAgain):
                return outcome
            watched, waited, interrupted = None, None, outcome.reason
            message = f"{batch_report.heading(self._order)}: {interrupted}. Sending it again"
            self._recorder.write(EventKind.WAITING, message)
            self._order = self._order.maybe_sent()
        reason = f"it was sent {_MOST_SENDS} times: {interrupted}"
        return batch_report.not_sent(self._order, reason, passes=True)

    def _attempt(
        self, waited: AtTheGate | None
    ) -> Steps[BatchOutcome | SendAgain | UnderWatch | AtTheGate]:
        sender = BatchSender(
            self._context, self._activities, self._order, self.lists, self._report_waiting, waited
        )
        sent = yield from sender.run()
        if sent is None:
            return sender.waits(self._recorder.position[-1])
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

    def _watched(self, sent: Sent) -> Steps[BatchOutcome | SendAgain | UnderWatch]:
        limits, now = batch_report.watch_limits(sent.order), self._context.current_utc_datetime
        watch = Watch.begin(sent.selection.instance_ids, limits, now)
        # No upgrade is done at once: a read now would only cost calls.
        return (yield from self._looking(watch, sent, at_once=not sent.accepted.changed))

    def _looking(
        self, watch: Watch, sent: Sent, *, at_once: bool = False
    ) -> Steps[BatchOutcome | SendAgain | UnderWatch]:
        look = NextLook(timedelta(0))
        for number in range(LOOKS_A_GENERATION):
            if number or not at_once:
                watch, look = yield from self._paused(watch, sent)
            watch = yield from self._look(watch, sent, look)
            match judge(watch, self._context.current_utc_datetime):
                case Proceed(verdict):
                    outcome = batch_report.outcome_of(sent.order, sent.selection, verdict)
                    return outcome.model_copy(update={"held": sent.held, **self._seen(watch, sent)})
                case Stop() as stop:
                    yield from self._wait_as_asked(watch)
                    return batch_report.broken_off(sent.order, sent.selection, watch, stop)
                case SendAgain() as again:
                    return again
                case Wait():
                    pass
        written = self._recorder.position[-1]
        return UnderWatch(sent=sent, watch=watch, allowance=self.lists.allowance, events=written)

    def _paused(self, watch: Watch, sent: Sent) -> Steps[tuple[Watch, NextLook]]:
        """The watch when the next look is due, and what that is."""
        look = self._next_look(watch, sent)
        if watch.unread:
            self._delayed(watch.unread, look.after, watch)
        else:
            message = partial(batch_report.watching, sent.order, watch, look)
            self._publish(message, watch, look.after)
        yield from self._activities.sleep(look.after)
        # A wait that Azure has asked for is no look that was meant to be so late: nobody sees then.
        return (watch if watch.unread else watch.pausing(look.after)), look

    def _next_look(self, watch: Watch, sent: Sent) -> NextLook:
        if watch.unread:
            interval = watch.limits.interval
            return NextLook(max(interval, _delay(watch.unread, watch)))
        expected = Expectation() if sent.order.taken_up else sent.order.expected
        operation = sent.accepted.operation is not None
        reach = Reach(operation, self.lists.pages, self.lists.allowance)
        return next_look(watch, expected, self._context.current_utc_datetime, reach)

    def _look(self, watch: Watch, sent: Sent, look: NextLook) -> Steps[Watch]:
        """One more read. A failed read is no verdict on any instance."""
        whole = look.last and self._order.verifies and not (sent.flexible or watch.doubtful)
        if whole and not look.operation_alone:
            reading = yield from self._read_everything(watch)
        else:
            task = self._reading(watch, sent, look)
            reading = yield from self._activities.call_once(OBSERVE_BATCH, task)
        if isinstance(reading, ArmError):
            return watch.unseen(reading)
        if not reading.operation_alone:
            self.lists.spend()
            self.lists.heard(reading.listing)
        return watch.seen(reading, self._context.current_utc_datetime)

    def _reading(self, watch: Watch, sent: Sent, look: NextLook) -> ReadBatch:
        now = self._context.current_utc_datetime
        ended = watch.operation if watch.operation and watch.operation.ended else None
        asked = not ended and (look.operation_alone or watch.doubtful)
        return ReadBatch(
            scale_set=self._order.scale_set,
            instance_ids=watch.instance_ids,
            image=self._order.model.image,
            health=self._order.policy.health,
            flexible=sent.flexible,
            operation=sent.accepted.operation if asked else None,
            operation_alone=look.operation_alone,
            boots=look.boots,
            ended=ended,
            policy=now - (watch.policy_read_at or watch.began) >= POLICY_READ_EVERY,
            following=self._order.following if look.last else [],
        )

    def _read_everything(self, watch: Watch) -> Steps[BatchReading | ArmError]:
        """The same from a read that may serve as the verification of the rollout, too."""
        health = self._order.policy.health
        names = bool(self._order.policy.hooks)
        task = ReadInventory(scale_set=self._order.scale_set, health=health, names=names)
        read = yield from self._activities.call_once(OBSERVE_INVENTORY, task)
        if isinstance(read, ArmError):
            return read
        self._read = {"inventory": read.inventory, "read_at": self._context.current_utc_datetime}
        image = self._order.model.image
        return BatchReading(
            seen=observed(read.unpacked.instances, watch.instance_ids, image),
            upgrade_policy=read.unpacked.scale_set.upgrade_policy,
            listing=read.listing,
        )

    def _seen(self, watch: Watch, sent: Sent) -> dict[str, Any]:
        """When it came to what, and whether the next batch may be sent at once. When a batch was
        sent that is taken up, nobody knows: it teaches nothing.
        """
        now = self._context.current_utc_datetime
        fresh = sent.accepted.changed and not sent.order.taken_up
        still = Stillness(instance_ids=self._order.following, seen_at=now)
        return {
            "still": still if watch.following_still else None,
            "sent_at": watch.began if fresh else None,
            "upgraded_at": watch.upgraded_at,
            "healthy_at": watch.healthy_at,
            "unready_at": watch.unready_at,
            "boot": watch.boot,
            **self._read,
        }

    def _wait_as_asked(self, watch: Watch) -> Steps[None]:
        """What Azure asked for holds for whoever reads next, too."""
        if watch.unread and watch.unread.retry_after:
            yield from self._activities.sleep(_delay(watch.unread, watch))

    def _delayed(self, error: ArmError, pause: timedelta, watch: Watch | None = None) -> None:
        message = batch_report.waiting_for_azure(self._order, error, pause)
        self._report(message, watch, pause)
        self._recorder.write(EventKind.WAITING, message, error=error.to_json())

    def _report_waiting(self, message: str, pause: timedelta) -> None:
        self._report(message, None, pause)

    def _report(
        self, message: str, watch: Watch | None = None, pause: timedelta | None = None
    ) -> None:
        self._publish(lambda: message, watch, pause)

    def _publish(
        self, message: Callable[[], str], watch: Watch | None, pause: timedelta | None
    ) -> None:
        order, now = self._order, self._context.current_utc_datetime
        self._recorder.publish(
            lambda: batch_report.status_of(order, now, message(), watch, pause).to_json()
        )


def _delay(error: ArmError, watch: Watch) -> timedelta:
    return delay_after(error, watch.failed_looks)
