"""Upgrades one batch: pass the gate, start it, watch it until every instance is done."""

from datetime import timedelta
from typing import Any

from orchestrators.engine import (
    ActivityClient,
    Context,
    Recorder,
    Steps,
    delay_after,
    passes_or_is_stale,
)
from rollout.base import ArmError, EventKind, Proceed, Stop, Wait
from rollout.batch import (
    OBSERVE_BATCH,
    START_UPGRADE,
    Accepted,
    BatchOrder,
    BatchOutcome,
    BatchTarget,
    OperationState,
    ReadBatch,
    ReadInventory,
    Selection,
    Watch,
    judge,
    may_upgrade,
)
from rollout.batch import report as batch_report
from rollout.inventory import Inventory
from rollout.run import KEEP_LOCK, KeepLock


def upgrade_batch(context: Context) -> Steps[dict[str, Any]]:
    """The sub-orchestrator of one batch: takes a BatchOrder, returns a BatchOutcome."""
    batch = BatchRun(context, BatchOrder.from_json(context.get_input()))
    outcome = yield from batch.run()
    return outcome.to_json()


class BatchRun:
    """One batch in progress."""

    def __init__(self, context: Context, order: BatchOrder) -> None:
        self._context = context
        self._order = order
        self._health = order.policy.health
        self._recorder = Recorder(context, order.rollout_id, within=order.position)
        self._activities = ActivityClient(context, on_delay=self._delayed)

    def run(self) -> Steps[BatchOutcome]:
        """Read everything again until the gate answers proceed or stop, then do so."""
        until = self._context.current_utc_datetime + self._health.timeout
        while True:
            self._report(f"{batch_report.heading(self._order)}: checking the scale set's health")
            inventory = yield from self._read_inventory()
            if isinstance(inventory, ArmError):
                return batch_report.untouched(self._order, str(inventory))
            now = self._context.current_utc_datetime
            match may_upgrade(self._order, inventory, now):
                case Proceed(selection):
                    return (yield from self._carry_out(selection, inventory))
                case Stop(reason, unhealthy):
                    return batch_report.untouched(self._order, reason, unhealthy=unhealthy)
                case Wait(reason, unhealthy):
                    if now >= until:
                        return batch_report.untouched(self._order, reason, unhealthy=unhealthy)
                    self._report(f"{batch_report.heading(self._order)}: waiting, {reason}")
                    yield from self._activities.sleep(self._health.interval)

    def _carry_out(self, selection: Selection, inventory: Inventory) -> Steps[BatchOutcome]:
        if not selection.instance_ids:
            return batch_report.nothing_left(self._order, selection)
        accepted = yield from self._start_upgrade(selection.instance_ids)
        if isinstance(accepted, ArmError):
            return batch_report.untouched(self._order, str(accepted))
        stable, timeout = batch_report.watch_times(self._order)
        deadline = self._context.current_utc_datetime + timeout
        watch = Watch.begin(selection.instance_ids, stable, deadline)
        if accepted.changed:
            # No upgrade is done at once: a read now would only cost calls.
            self._report(batch_report.watching(self._order, watch), watch)
            yield from self._activities.sleep(self._health.interval)
        while True:
            watch = yield from self._look(watch, accepted, inventory)
            match judge(watch, self._context.current_utc_datetime):
                case Proceed(failures):
                    return batch_report.outcome_of(self._order, selection, watch, failures)
                case Stop(reason):
                    return batch_report.broken_off(self._order, selection, watch, reason)
                case Wait():
                    yield from self._activities.sleep(self._pause(watch))

    def _read_inventory(self) -> Steps[Inventory | ArmError]:
        task = ReadInventory(
            scale_set=self._order.scale_set,
            health=self._health,
            protection_of=self._order.instance_ids,
        )
        return (yield from self._activities.read_inventory(task))

    def _start_upgrade(self, instance_ids: list[str]) -> Steps[Accepted | ArmError]:
        task = BatchTarget(
            scale_set=self._order.scale_set,
            instance_ids=instance_ids,
            image=self._order.model.image,
            health=self._health,
        )
        accepted = yield from self._activities.call(
            START_UPGRADE, task, retried=passes_or_is_stale, before=self._keep_lock
        )
        if isinstance(accepted, Accepted):
            self._recorder.write(
                EventKind.UPGRADE_SENT,
                f"Azure accepted the upgrade of {len(accepted.instance_ids)} instance(s)",
                instanceIds=accepted.instance_ids,
                operation=(accepted.operation or "").partition("?")[0],
            )
        return accepted

    def _keep_lock(self) -> Steps[ArmError | None]:
        """Before each try: a rollout that has ended, or lost its scale set, sends nothing more."""
        order = self._order
        task = KeepLock(scale_set=order.scale_set, owner=order.owner)
        kept = yield from self._activities.ask(KEEP_LOCK, task)
        return ArmError.of_lost_lock(str(order.scale_set), kept.lost) if kept.lost else None

    def _look(self, watch: Watch, accepted: Accepted, inventory: Inventory) -> Steps[Watch]:
        """One more read. A failed read is no verdict on any instance."""
        ended = watch.operation and watch.operation.state is not OperationState.RUNNING
        task = ReadBatch(
            scale_set=self._order.scale_set,
            instance_ids=watch.instance_ids,
            image=self._order.model.image,
            health=self._health,
            reports_health=inventory.scale_set.reports_health,
            flexible=inventory.scale_set.flexible,
            operation=None if ended else accepted.operation,
            ended=watch.operation if ended else None,
        )
        reading = yield from self._activities.call_once(OBSERVE_BATCH, task)
        now = self._context.current_utc_datetime
        if isinstance(reading, ArmError):
            self._delayed(reading, watch)
            return watch.unseen(reading)
        watch = watch.seen(reading, now)
        self._report(batch_report.watching(self._order, watch), watch)
        return watch

    def _pause(self, watch: Watch) -> timedelta:
        """Until the next read: the interval, or longer if Azure asked for that."""
        if watch.unread is None:
            return self._health.interval
        return max(self._health.interval, delay_after(watch.unread))

    def _delayed(self, error: ArmError, watch: Watch | None = None) -> None:
        pause = delay_after(error)
        message = batch_report.waiting_for_azure(self._order, error, pause)
        self._report(message, watch, pause)
        self._recorder.write(EventKind.WAITING, message, error=error.to_json())

    def _report(
        self, message: str, watch: Watch | None = None, pause: timedelta | None = None
    ) -> None:
        now = self._context.current_utc_datetime
        status = batch_report.status_of(self._order, now, message, watch, pause)
        self._recorder.publish(status.to_json())
