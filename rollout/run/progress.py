"""The state of a running rollout: what has happened, and the view made from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from rollout.base import Cell, Phase, budget_of
from rollout.batch import LEFT_BEHIND, BatchOrder, BatchOutcome, Model
from rollout.gates import gate_lines
from rollout.hooks import hook_lines
from rollout.inventory import (
    HeatMap,
    Image,
    ImageChange,
    Instance,
    Inventory,
    UsedHealthSource,
    source_used,
)
from rollout.plan import Batch, Plan
from rollout.run.baseline import Baseline
from rollout.run.counts import Counts
from rollout.run.earlier import Earlier
from rollout.run.eta import MOVING, estimate
from rollout.run.foresight import Foresight
from rollout.run.hooks_progress import HooksProgress
from rollout.run.order import RolloutOrder
from rollout.run.repairs import SuspendedRepairs
from rollout.run.tally import Tally
from rollout.run.verb import Verb
from rollout.run.view import RolloutView


@dataclass(frozen=True, kw_only=True)
class Progress(HooksProgress):
    """A rollout so far."""

    order: RolloutOrder
    image: ImageChange = field(default_factory=ImageChange)
    baseline: Baseline = field(default_factory=Baseline)
    tally: Tally = field(default_factory=Tally)
    heat_map: HeatMap = field(default_factory=HeatMap)
    foresight: Foresight = field(default_factory=Foresight)
    model_set: bool = False
    sent_back: frozenset[str] = frozenset()
    """The instances that this rollback has sent to Azure."""
    health_source: UsedHealthSource | None = None
    """Where the health of an instance really comes from; None until that is known."""
    repairs: SuspendedRepairs | None = None
    """The automatic instance repairs that it has suspended and not yet resumed."""

    @classmethod
    def begun(cls, order: RolloutOrder, now: datetime) -> "Progress":
        """The initial progress; a rollback, or a rollout that is taken up, begins where the earlier
        orchestration left it.
        """
        earlier = order.resume or order.rollback
        if earlier is None:
            asked = ImageChange(to_image=order.request.image.named)
            return cls(order=order, started_at=now, image=asked, control=order.control)
        fresh = cls(
            order=order,
            **(order.resume.standing if order.resume else {}),
            started_at=earlier.started_at or now,
            image=earlier.image,
            batch=earlier.batch,
            batches=earlier.batch,
            batch_began=now if earlier.under_way else None,
            model_set=earlier.model_set,
            repairs=earlier.repairs(now),
            owed=earlier.owed,
            sent_back=frozenset(order.resume.sent_back if order.resume else ()),
        )
        if (inventory := earlier.inventory) is None:
            return fresh
        reports = inventory.scale_set.reports_health
        source = source_used(order.request.policy.health.source, reports_health=reports)
        foresight = Foresight.taking_up(len(inventory.instances), now)
        left = fresh.left_by(earlier, inventory.instances)
        return replace(left, health_source=source, foresight=foresight)

    def left_by(self, earlier: Earlier, instances: Sequence[Instance]) -> Self:
        """With the instances as they were before everything, and what was done to them."""
        heat_map = HeatMap.of(instances, self.order.request.policy.batch_by)
        cells, touched = earlier.cells(heat_map), earlier.touched(heat_map)
        tally = Tally(cells=cells, reasons=earlier.reasons, touched=touched)
        return replace(self, baseline=earlier.before, tally=tally, heat_map=heat_map)

    def leaving(self, model: Image | None) -> "Progress":
        """With what the scale set's model really is at the end: a change of it may have come about
        although nobody could watch it.
        """
        target, before = self.image.to_image, self.image.from_image
        ours = model is not None and model.same(target) and not model.same(before)
        return replace(self, model_set=self.model_set or ours)

    @property
    def verbs(self) -> list[Verb]:
        """The verbs accepted now; none while it is about to end."""
        if self.concluding:
            return []
        if not self.phase.ended:
            held = not self.rolling_back and not self.order.held_by.empty
            glass = self.control.glass_verbs(self.phase) if held else []
            return [*self.control.verbs(self.phase, needs_decision=self.needs_decision), *glass]
        back = self.rolling_back and self.phase is Phase.ROLLED_BACK
        moved = (self.tally.touched or self.model_set) and not back
        again = [Verb.RETRY] if self.unforeseen else []
        return [*again, Verb.ROLLBACK] if moved or self.unforeseen else []

    def skipping(self, instance_ids: Iterable[str], reason: str) -> "Progress":
        """With these instances given up: they no longer count."""
        return replace(self, tally=self.tally.skipping(instance_ids, reason))

    def planned(self, inventory: Inventory, plan: Plan, target: Image) -> "Progress":
        """With the plan's instances. The first plan sets the baseline; a later one extends it."""
        there = {instance.instance_id: instance for instance in inventory.instances}
        tally = self.tally.planned(plan, there)
        baseline = self.baseline.joined_by(tally.cells, there)
        before = self.image.from_image or inventory.scale_set.image
        return replace(
            self,
            image=ImageChange(from_image=before, to_image=target),
            baseline=baseline,
            tally=tally,
            heat_map=self._drawn_from(baseline),
            batches=self.batch + len(plan.batches),
            health_source=plan.health_source,
        )

    def left_with(self, image: Image) -> "Progress":
        """With the model put back to that image."""
        return replace(self, image=self.image.model_copy(update={"from_image": image}))

    def joined_by(self, baseline: Baseline, came: Iterable[str]) -> "Progress":
        """With instances that have appeared since and were created from our model."""
        return replace(
            self,
            baseline=baseline,
            tally=self.tally.joined_by(self.batch + 1, came),
            heat_map=self._drawn_from(baseline),
        )

    def _drawn_from(self, baseline: Baseline) -> HeatMap:
        return HeatMap.of(baseline.instances.values(), self.order.request.policy.batch_by)

    def batch_started(self, batch: Batch, now: datetime) -> "Progress":
        """With that batch under way."""
        message = f"Batch {self.batch + 1} of {self.batches}: {batch.place}"
        return replace(self.doing(message), batch=self.batch + 1, batch_began=now, since=now)

    def batch_order(
        self,
        batch: Batch,
        model: Model,
        not_after: datetime,
        *,
        again: bool = False,
        taken_up: bool = False,
    ) -> BatchOrder:
        """What the batch that has just begun is started with; `again` for a retry, `taken_up` if
        its last orchestration broke off.
        """
        before = "".join(self.tally.cells[instance_id] for instance_id in batch.instance_ids)
        sent = Cell.UPGRADING.value * len(before)
        interval = self.order.request.policy.health.interval
        return BatchOrder(
            rollout_id=self.order.id,
            owner=self.order.instance_id,
            scale_set=self.order.request.scale_set,
            batch=batch.model_copy(update={"number": self.batch}),
            batches=self.batches,
            model=model,
            policy=self.order.request.policy,
            baseline_unhealthy=[*self.excluded_from_budget, *(self.tally.failed if again else [])],
            not_after=not_after,
            cells=sent if taken_up else before,
            positions=self.heat_map.positions(batch.instance_ids),
            again=again,
            taken_up=taken_up,
            done=Cell.ROLLED_BACK if self.rolling_back else Cell.DONE,
            begin_by=self.begin_by,
            set_aside=self._set_aside(again=again),
            **self._upgraded_before(again=again),
            **self.foresight.of(batch, self.batch_began, interval, sent_before=again or taken_up),
        )

    def _set_aside(self, *, again: bool) -> list[str]:
        """Who has failed, and is left as it is; nobody while failures are tried again."""
        forward = [*self.tally.failed, *self.tally.given_up]
        return [] if again else self.failed_back if self.rolling_back else forward

    def _upgraded_before(self, *, again: bool) -> dict[str, Any]:
        """Whose health may delay the batch: nobody's in a rollback or a retry."""
        if self.rolling_back or again:
            return {}
        policy = self.order.request.policy
        budget = budget_of(policy.max_unhealthy_upgraded_instances, len(self.tally.cells))
        return {"upgraded": self.upgraded, "upgraded_budget": budget}

    def batch_finished(self, batch: Batch, outcome: BatchOutcome, now: datetime) -> "Progress":
        """With the result of that batch."""
        took = now - self.batch_began if self.batch_began else None
        tally = self.tally.after(self.batch, batch.instance_ids, outcome)
        sent = [each for each in batch.instance_ids if tally.touched.get(each) == self.batch]
        return replace(
            self,
            tally=tally,
            sent_back=self.sent_back.union(sent if self.rolling_back else ()),
            batch_began=None,
            foresight=self.foresight.after(outcome, took, now),
        )

    def still_rollable(self, inventory: Inventory) -> Inventory:
        """The inventory without instances that have failed: they are not tried again."""
        stuck = [key for key, why in self.tally.reasons.items() if why in LEFT_BEHIND]
        given_up = {*self.tally.failed, *self.tally.given_up, *stuck}
        left = [each for each in inventory.instances if each.instance_id not in given_up]
        return inventory.model_copy(update={"instances": left})

    @property
    def excluded_from_budget(self) -> list[str]:
        """Instances whose health does not count now: those that were unhealthy before, those that
        were given up, and in a rollback, which repairs them, all touched ones that it has yet to
        send back.
        """
        touched = self.tally.touched if self.rolling_back else self.tally.given_up
        to_come = [each for each in touched if each not in self.sent_back]
        return list(dict.fromkeys([*self.baseline.unhealthy, *to_come]))

    @property
    def failed_back(self) -> list[str]:
        """The instances that have failed on the way back: they are set aside."""
        return [each for each in self.tally.failed if each in self.sent_back]

    @property
    def upgraded(self) -> list[str]:
        """The instances that were upgraded, successfully or not, and whose health counts."""
        through = {
            instance_id
            for instance_id in self.tally.touched
            if self.tally.cells[instance_id] in (Cell.DONE, Cell.FAILED)
        }
        return sorted(through.difference(self.excluded_from_budget))

    @property
    def counted_failures(self) -> list[str]:
        """The failed instances that count: not those that were unhealthy before."""
        before = set(self.baseline.unhealthy)
        return [instance_id for instance_id in self.tally.failed if instance_id not in before]

    def view(self, now: datetime) -> RolloutView:
        """The view that users see."""
        request = self.order.request
        rows = self.heat_map.drawn(self.tally.cells)
        counts = Counts.of("".join(row.cells for row in rows))
        return RolloutView(
            id=self.order.id,
            scale_set=request.scale_set,
            image=self.image,
            model_set=self.model_set and not self.rolling_back,
            counts=counts,
            percent=counts.percent if rows or self.phase is Phase.SUCCEEDED else 0,
            eta=self._eta(now),
            health_source=self.health_source,
            health_as_in=self.order.health_as_in,
            reason=request.reason,
            by=request.by,
            policy=request.policy,
            rows=rows,
            gates=gate_lines(request.policy.gates, self.gates),
            questions=self.questions.shown(now),
            hooks=hook_lines(request.policy.hooks, self.hooks),
            repairs=self.repairs,
            repairs_suspended=self.repairs is not None,
            version=self.order.version,
            **self.shown(now),
        )

    def _eta(self, now: datetime) -> datetime | None:
        if self.phase not in MOVING or self.concluding:
            return None
        left = self.batches - self.batch + bool(self.batch_began)
        pause = self.order.request.policy.pause_between_batches
        begins = max(now, self.opens_at or now)
        end = estimate(self.batch_began or begins, self.foresight.durations, left, pause)
        return max(now, end) if end else None
