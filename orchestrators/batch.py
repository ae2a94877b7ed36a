"""Upgrade one batch: may it begin, start it, watch it until every instance is through."""

from datetime import timedelta
from typing import Any

from orchestrators.context import Context, Steps
from orchestrators.hands import Hands, delay_after
from orchestrators.journal import Journal
from rollout import batch_report
from rollout.event import EventKind
from rollout.fleet import Fleet
from rollout.gate import Halt, Hold, Proceed, may_upgrade
from rollout.problem import ArmError
from rollout.reading import OperationState
from rollout.task import Accepted, ReadBatch, ReadFleet, StartUpgrade
from rollout.upgrade import BatchOutcome, Upgrade
from rollout.watch import Broken, Finished, Wait, Watch, judge


def upgrade_batch(context: Context) -> Steps[dict[str, Any]]:
    """The sub-orchestration of one batch: takes an Upgrade, returns a BatchOutcome."""
    batch = BatchRun(context, Upgrade.from_json(context.get_input()))
    outcome = yield from batch.run()
    return outcome.to_json()


class BatchRun:
    """One batch on its way."""

    def __init__(self, context: Context, upgrade: Upgrade) -> None:
        self._context = context
        self._upgrade = upgrade
        self._health = upgrade.policy.health
        self._journal = Journal(context, upgrade.rollout_id)
        self._hands = Hands(context, on_delay=self._delayed)

    def run(self) -> Steps[BatchOutcome]:
        """Re-read the fleet until it says go on or stop, then do so."""
        until = self._context.current_utc_datetime + self._health.timeout
        while True:
            self._say(f"{batch_report.heading(self._upgrade)}: looking at the fleet")
            fleet = yield from self._read_fleet()
            if isinstance(fleet, ArmError):
                return batch_report.untouched(self._upgrade, str(fleet))
            now = self._context.current_utc_datetime
            match may_upgrade(self._upgrade, fleet, now):
                case Proceed() as proceed:
                    return (yield from self._carry_out(proceed, fleet))
                case Halt(reason, sick):
                    return batch_report.untouched(self._upgrade, reason, sick=sick)
                case Hold(reason, sick):
                    if now >= until:
                        return batch_report.untouched(self._upgrade, reason, sick=sick)
                    self._say(f"{batch_report.heading(self._upgrade)}: waiting, {reason}")
                    yield from self._hands.sleep(self._health.interval)

    def _carry_out(self, proceed: Proceed, fleet: Fleet) -> Steps[BatchOutcome]:
        if not proceed.instance_ids:
            return batch_report.nothing_left(self._upgrade, proceed)
        accepted = yield from self._start_upgrade(proceed.instance_ids)
        if isinstance(accepted, ArmError):
            return batch_report.untouched(self._upgrade, str(accepted))
        stable, timeout = batch_report.watch_times(self._upgrade)
        deadline = self._context.current_utc_datetime + timeout
        watch = Watch.begin(proceed.instance_ids, stable, deadline)
        if accepted.changed:
            # No upgrade is through at once: a look now would only cost calls.
            self._say(batch_report.watching(self._upgrade, watch), watch)
            yield from self._hands.sleep(self._health.interval)
        while True:
            watch = yield from self._look(watch, accepted, fleet)
            match judge(watch, self._context.current_utc_datetime):
                case Finished() as finished:
                    return batch_report.outcome(self._upgrade, proceed, watch, finished)
                case Broken(reason):
                    return batch_report.broken_off(self._upgrade, proceed, watch, reason)
                case Wait():
                    yield from self._hands.sleep(self._pause(watch))

    def _read_fleet(self) -> Steps[Fleet | ArmError]:
        task = ReadFleet(
            scale_set=self._upgrade.scale_set,
            health=self._health,
            protection_of=self._upgrade.instance_ids,
        )
        return (yield from self._hands.read_fleet(task))

    def _start_upgrade(self, instance_ids: list[str]) -> Steps[Accepted | ArmError]:
        task = StartUpgrade(
            scale_set=self._upgrade.scale_set,
            instance_ids=instance_ids,
            image=self._upgrade.model.image,
            health=self._health,
        )
        accepted = yield from self._hands.start_upgrade(task)
        if isinstance(accepted, Accepted):
            self._journal.write(
                EventKind.UPGRADE_SENT,
                f"Azure accepted the upgrade of {len(accepted.instance_ids)} instance(s)",
                instanceIds=accepted.instance_ids,
                operation=(accepted.operation or "").partition("?")[0],
            )
        return accepted

    def _look(self, watch: Watch, accepted: Accepted, fleet: Fleet) -> Steps[Watch]:
        """One more look. One that failed is no verdict on any instance."""
        ended = watch.operation and watch.operation.state is not OperationState.RUNNING
        task = ReadBatch(
            scale_set=self._upgrade.scale_set,
            instance_ids=watch.instance_ids,
            image=self._upgrade.model.image,
            health=self._health,
            reports_health=fleet.scale_set.reports_health,
            flexible=fleet.scale_set.flexible,
            operation=None if ended else accepted.operation,
            ended=watch.operation if ended else None,
        )
        reading = yield from self._hands.read_batch(task)
        now = self._context.current_utc_datetime
        if isinstance(reading, ArmError):
            self._delayed(reading, watch)
            return watch.unseen(reading)
        watch = watch.seen(reading, now)
        self._say(batch_report.watching(self._upgrade, watch), watch)
        return watch

    def _pause(self, watch: Watch) -> timedelta:
        """Until the next look: the interval, or what Azure asked for."""
        if watch.unread is None:
            return self._health.interval
        return max(self._health.interval, delay_after(watch.unread))

    def _delayed(self, error: ArmError, watch: Watch | None = None) -> None:
        message = batch_report.waiting_for_azure(self._upgrade, error, delay_after(error))
        self._say(message, watch)
        self._journal.write(EventKind.WAITING, message, error=error.to_json())

    def _say(self, message: str, watch: Watch | None = None) -> None:
        now = self._context.current_utc_datetime
        self._journal.publish(batch_report.status(self._upgrade, now, message, watch).to_json())
