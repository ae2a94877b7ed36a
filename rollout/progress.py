"""What has happened to whom: the state of a running rollout, and the view made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from rollout.amount import budget_of
from rollout.cell import IN_PROGRESS, LEFT_ALONE, Cell
from rollout.command import Command
from rollout.control import Control
from rollout.eta import estimate
from rollout.fleet import Fleet, Instance
from rollout.gate import GONE
from rollout.heat_map import HeatMap
from rollout.image import Image, ImageChange
from rollout.model import Model
from rollout.order import RolloutOrder
from rollout.phase import Phase, Verb
from rollout.plan import Batch, Plan
from rollout.upgrade import BatchOutcome, Upgrade
from rollout.view import Counts, RolloutView


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
    known: frozenset[str] = frozenset()
    """The instances that were there when the first plan was made, selected or not."""
    sick_elsewhere: tuple[str, ...] = ()
    cells: Mapping[str, Cell] = field(default_factory=dict[str, Cell])
    heat_map: HeatMap = field(default_factory=HeatMap)
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    batch: int = 0
    batches: int = 0
    batch_began: datetime | None = None
    batch_durations: tuple[timedelta, ...] = ()
    touched: Mapping[str, int] = field(default_factory=dict[str, int])
    """The number of the batch in which each instance was last sent to Azure."""
    finished_at: datetime | None = None
    control: Control = field(default_factory=Control)
    stuck: bool = False
    """Whether it waits for a decision about failed instances."""
    rolling_back: bool = False
    model_set: bool = False

    @classmethod
    def begun(cls, order: RolloutOrder, now: datetime) -> "Progress":
        """A rollout that begins now; the way back begins where the way there ended."""
        if order.back is None:
            return cls(order=order, started_at=now)
        back = order.back
        fleet = back.fleet
        heat_map = HeatMap.of(fleet.instances, order.request.policy.batch_by)
        return cls(
            order=order,
            started_at=back.started_at or now,
            image=back.image,
            baseline={one.instance_id: one for one in fleet.instances},
            cells=back.cells(heat_map),
            heat_map=heat_map,
            touched=back.touched(heat_map),
            batch=back.batch,
            batches=back.batch,
        )

    def saying(self, message: str) -> "Progress":
        phase = Phase.ROLLING_BACK if self.rolling_back else Phase.PROGRESSING
        return replace(self, phase=phase, message=message)

    def staying(self, phase: Phase, message: str, *, stuck: bool = False) -> "Progress":
        """Nothing begins until the operator says something."""
        return replace(self, phase=phase, message=message, stuck=stuck)

    def told(self, command: Command) -> "Progress":
        """With what the operator has said."""
        return replace(self, control=self.control.heard(command))

    def going_on(self) -> "Progress":
        """What was said once has been heeded."""
        return replace(self, control=self.control.used(), stuck=False)

    def turning_back(self) -> "Progress":
        """From here on it rolls back; what led to it has been heeded."""
        return replace(self, control=Control(), stuck=False, rolling_back=True, batch_began=None)

    @property
    def verbs(self) -> list[Verb]:
        """The verbs it takes now."""
        if not self.phase.ended:
            return self.control.verbs(self.phase, stuck=self.stuck)
        moved = (self.touched or self.model_set) and not self.rolling_back
        return [Verb.ROLLBACK] if moved else []

    @property
    def failed(self) -> list[str]:
        """The instances that have failed, in order."""
        return [one for one, cell in self.cells.items() if cell is Cell.FAILED]

    def expecting(self, batches: int) -> "Progress":
        """With so many batches to come."""
        return replace(self, batches=self.batch + batches)

    def one_more(self) -> "Progress":
        """With one batch more than was planned: a retry."""
        return replace(self, batches=self.batches + 1)

    def skipping(self, instance_ids: Iterable[str], reason: str) -> "Progress":
        """With these instances given up: they count no longer."""
        chosen = list(instance_ids)
        return replace(
            self,
            cells={**self.cells, **dict.fromkeys(chosen, Cell.SKIPPED)},
            reasons={**self.reasons, **dict.fromkeys(chosen, reason)},
        )

    def planned(self, fleet: Fleet, plan: Plan, target: Image) -> "Progress":
        """With what the plan is about. The first sets the baseline; a later one adds who came."""
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
            known=self.known or frozenset(there),
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

    def upgrade(self, batch: Batch, model: Model, not_after: datetime, *, again: bool) -> Upgrade:
        """What the batch that has just begun is told; `again` for one that is retried."""
        row = self.heat_map.row_of(batch.instance_ids[0])
        drawn = self.heat_map.drawn(self.cells)[row]
        policy = self.order.request.policy
        more: dict[str, Any] = {"again": again}
        if self.rolling_back:
            more = {"done": Cell.ROLLED_BACK}
        elif not again:
            budget = budget_of(policy.max_unhealthy_upgraded_instances, len(self.cells))
            more = {"upgraded": self.upgraded, "upgraded_budget": budget}
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
            baseline_unhealthy=self.excused,
            not_after=not_after,
            zone=batch.zone,
            update_domain=batch.update_domain,
            row=row,
            row_cells=drawn.cells,
            offsets=self.heat_map.offsets(row, batch.instance_ids),
            **more,
        )

    def after(self, batch: Batch, outcome: BatchOutcome, now: datetime) -> "Progress":
        """With what became of that batch."""
        durations = self.batch_durations
        if self.batch_began is not None:
            durations = (*durations, now - self.batch_began)
        cells = outcome.by_instance(batch.instance_ids)
        sent = [one for one, cell in cells.items() if cell in _SENT]
        return replace(
            self,
            cells={**self.cells, **cells},
            reasons={**self.reasons, **outcome.reasons},
            touched={**self.touched, **dict.fromkeys(sent, self.batch)},
            batch_began=None,
            batch_durations=durations,
        )

    def ended(self, phase: Phase, message: str, now: datetime) -> "Progress":
        return replace(
            self, phase=phase, message=message, finished_at=now, batch_began=None, stuck=False
        )

    def still_rollable(self, fleet: Fleet) -> Fleet:
        """The fleet without the instances that have failed: they are not tried again."""
        given_up = {*self.failed, *(one for one in self.touched if self.cells[one] in LEFT_ALONE)}
        left = [one for one in fleet.instances if one.instance_id not in given_up]
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
    def excused(self) -> list[str]:
        """Those whose health counts against no budget now: who was sick before, who was given up,
        and on the way back, which repairs it, all that was touched.
        """
        given_up = [one for one in self.touched if self.cells[one] in LEFT_ALONE]
        touched = self.touched if self.rolling_back else given_up
        return list(dict.fromkeys([*self.baseline_unhealthy, *touched]))

    @property
    def upgraded(self) -> list[str]:
        """The instances that were upgraded, well or badly, and whose health counts."""
        through = {one for one in self.touched if self.cells[one] in (Cell.DONE, Cell.FAILED)}
        return sorted(through.difference(self.excused))

    @property
    def counted_failures(self) -> list[str]:
        """The failed instances that count: not those that were unhealthy before."""
        before = set(self.baseline_unhealthy)
        return [one for one in self.failed if one not in before]

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
            notice=None if self.phase.ended else self.control.notice(self.phase),
            verbs=self.verbs,
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
        left = self.batches - self.batch + bool(self.batch_began)
        pause = self.order.request.policy.pause_between_batches
        end = estimate(self.batch_began or now, self.batch_durations, left, pause)
        return max(now, end) if end else None


_SENT = {Cell.DONE, Cell.FAILED, Cell.ROLLED_BACK, *IN_PROGRESS}


def _sick_outside(
    baseline: Mapping[str, Instance], there: Mapping[str, Instance]
) -> tuple[str, ...]:
    return tuple(key for key, one in there.items() if one.unhealthy and key not in baseline)
