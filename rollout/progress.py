"""What has happened to whom: the state of a running rollout, and the view made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rollout.cell import Cell
from rollout.eta import estimate
from rollout.fleet import Fleet, Instance
from rollout.gate import GONE
from rollout.heat_map import HeatMap
from rollout.image import Image, ImageChange
from rollout.model import Model
from rollout.phase import Phase
from rollout.plan import Batch, Plan
from rollout.request import RolloutRequest
from rollout.upgrade import BatchOutcome, Upgrade
from rollout.value import Value
from rollout.view import Counts, RolloutView


class RolloutOrder(Value):
    """A request with the id under which it runs."""

    id: str
    request: RolloutRequest


@dataclass(frozen=True)
class Progress:
    """A rollout up to now. `baseline` holds every instance as it was before it was touched:
    its real image is what a rollback would return it to, its health counts against no budget.
    `sick_elsewhere` are the instances outside of the selection that were unhealthy before.
    """

    order: RolloutOrder
    started_at: datetime
    phase: Phase = Phase.PENDING
    message: str = "Waiting to begin"
    image: ImageChange = field(default_factory=ImageChange)
    baseline: Mapping[str, Instance] = field(default_factory=dict[str, Instance])
    sick_elsewhere: tuple[str, ...] = ()
    cells: Mapping[str, Cell] = field(default_factory=dict[str, Cell])
    heat_map: HeatMap = field(default_factory=HeatMap)
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    batch: int = 0
    batches: int = 0
    batch_began: datetime | None = None
    batch_durations: tuple[timedelta, ...] = ()
    finished_at: datetime | None = None
    notice: str | None = None

    def noticing(self, notice: str) -> "Progress":
        """With something that is to be said beside every message from now on."""
        return replace(self, notice=notice)

    def saying(self, message: str) -> "Progress":
        return replace(self, phase=Phase.PROGRESSING, message=message)

    def planned(self, fleet: Fleet, plan: Plan, target: Image) -> "Progress":
        """With the instances the plan is about, and its batches after those already done.

        The first plan sets the baseline; a later one adds the instances that have come since.
        """
        there = {one.instance_id: one for one in fleet.instances}
        changes = self._changes(plan, there)
        baseline = {
            key: self.baseline.get(key, one).placed_like(one)
            for key, one in {**self.baseline, **there}.items()
            if key in self.baseline or key in changes
        }
        reasons = {**self.reasons, **{one: reason for one, (_, reason) in changes.items()}}
        return replace(
            self,
            sick_elsewhere=self.sick_elsewhere if self.baseline else _sick_outside(baseline, there),
            image=ImageChange(
                from_image=self.image.from_image or fleet.scale_set.image, to_image=target
            ),
            baseline=baseline,
            cells={**self.cells, **{one: cell for one, (cell, _) in changes.items()}},
            reasons={one: reason for one, reason in reasons.items() if reason},
            heat_map=HeatMap.of(baseline.values(), self.order.request.policy.batch_by),
            batches=self.batch + len(plan.batches),
        )

    def _changes(self, plan: Plan, there: Mapping[str, Instance]) -> dict[str, tuple[Cell, str]]:
        """What the plan makes of the instances it is about, with the reason if there is one."""
        moving = dict.fromkeys(plan.instance_ids, (Cell.PENDING, ""))
        skipped = {
            skip.instance_id: (Cell.SKIPPED, skip.reason)
            for skip in plan.skipped
            if self.cells.get(skip.instance_id, Cell.PENDING) is Cell.PENDING
        }
        left = [one for one, cell in self.cells.items() if cell is not Cell.FAILED]
        gone = dict.fromkeys((one for one in left if one not in there), (Cell.GONE, GONE))
        return {**gone, **skipped, **moving}

    def began(self, batch: Batch, now: datetime) -> "Progress":
        """With that batch under way."""
        message = f"Batch {self.batch + 1} of {self.batches}: {batch.place}"
        return replace(self.saying(message), batch=self.batch + 1, batch_began=now)

    def upgrade(self, batch: Batch, model: Model) -> Upgrade:
        """What the batch that has just begun is told."""
        row = self.heat_map.row_of(batch.instance_ids[0])
        drawn = self.heat_map.drawn(self.cells)[row]
        policy = self.order.request.policy
        return Upgrade(
            rollout_id=self.order.id,
            scale_set=self.order.request.scale_set,
            number=self.batch,
            batches=self.batches,
            place=batch.place,
            canary=batch.canary,
            instance_ids=batch.instance_ids,
            model=model,
            policy=policy,
            baseline_unhealthy=self.baseline_unhealthy,
            not_after=self.started_at + policy.deadline,
            zone=batch.zone,
            update_domain=batch.update_domain,
            row=row,
            row_cells=drawn.cells,
            offsets=self.heat_map.offsets(row, batch.instance_ids),
        )

    def after(self, batch: Batch, outcome: BatchOutcome, now: datetime) -> "Progress":
        """With what became of that batch."""
        durations = self.batch_durations
        if self.batch_began is not None:
            durations = (*durations, now - self.batch_began)
        return replace(
            self,
            cells={**self.cells, **outcome.by_instance(batch.instance_ids)},
            reasons={**self.reasons, **outcome.reasons},
            batch_began=None,
            batch_durations=durations,
        )

    def ended(self, phase: Phase, message: str, now: datetime) -> "Progress":
        return replace(
            self, phase=phase, message=message, notice=None, finished_at=now, batch_began=None
        )

    def still_rollable(self, fleet: Fleet) -> Fleet:
        """The fleet without the instances that have failed: they are not tried again."""
        failed = {one for one, cell in self.cells.items() if cell is Cell.FAILED}
        left = [one for one in fleet.instances if one.instance_id not in failed]
        return fleet.model_copy(update={"instances": left})

    def baseline_fleet(self, fleet: Fleet) -> Fleet:
        """The instances the rollout is about, as they were before it touched them."""
        return fleet.model_copy(update={"instances": list(self.baseline.values())})

    @property
    def baseline_unhealthy(self) -> list[str]:
        """The instances that were unhealthy before the rollout touched them, or before it began."""
        sick = [one.instance_id for one in self.baseline.values() if one.unhealthy]
        return [*sick, *self.sick_elsewhere]

    @property
    def counted_failures(self) -> list[str]:
        """The failed instances that count: not those that were unhealthy before."""
        before = set(self.baseline_unhealthy)
        return [
            one for one, cell in self.cells.items() if cell is Cell.FAILED and one not in before
        ]

    def view(self, now: datetime) -> RolloutView:
        """The rollout as people see it."""
        request = self.order.request
        rows = self.heat_map.drawn(self.cells)
        counts = Counts.of("".join(row.cells for row in rows))
        return RolloutView(
            id=self.order.id,
            scale_set=request.scale_set,
            image=self.image,
            phase=self.phase,
            message=self.message,
            notice=self.notice,
            batch=self.batch,
            batches=self.batches,
            counts=counts,
            percent=counts.percent if rows or self.phase is Phase.SUCCEEDED else 0,
            started_at=self.started_at,
            finished_at=self.finished_at,
            updated_at=now,
            eta=self._eta(now),
            reason=request.reason,
            by=request.by,
            policy=request.policy,
            rows=rows,
        )

    def _eta(self, now: datetime) -> datetime | None:
        if self.phase.ended:
            return None
        left = self.batches - self.batch + (1 if self.batch_began else 0)
        pause = self.order.request.policy.pause_between_batches
        end = estimate(self.batch_began or now, self.batch_durations, left, pause)
        return max(now, end) if end else None


def _sick_outside(
    baseline: Mapping[str, Instance], there: Mapping[str, Instance]
) -> tuple[str, ...]:
    return tuple(key for key, one in there.items() if one.unhealthy and key not in baseline)
