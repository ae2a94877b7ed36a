"""The story of a rollout: inspect, plan, set the image, each batch, verify; or the rollback."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orchestrators.engine import Context, Steps, Story, conclude, conclude_if_requested, may_begin
from orchestrators.rollout.batches import upgrade
from orchestrators.rollout.decision import ask
from orchestrators.rollout.finish import finish
from orchestrators.rollout.interrupted import come_to_rest, outcome_of_interrupted
from orchestrators.rollout.model_change import set_model
from orchestrators.rollout.repairs import RepairsSwitch
from orchestrators.rollout.rollback import roll_back, stop_if_failed, turned_back
from orchestrators.rollout.run import RolloutRun
from orchestrators.rollout.stray import rollout_refused
from orchestrators.rollout.verification import verify
from rollout.base import ArmError, EventKind, Proceed, spoken
from rollout.batch import (
    BatchOrder,
    BatchOutcome,
    Model,
    foreign_change,
    foreign_image,
)
from rollout.inventory import Image, Inventory
from rollout.plan import Batch, Plan, plan_batches
from rollout.run import (
    INSPECT,
    Ask,
    Conclusion,
    End,
    Inspection,
    Retry,
    RollBack,
    RolloutOrder,
    after_batch,
    approval_asked,
    failures,
    start_asked,
)

MODEL_ATTEMPTS = 3
"""How often to retry setting the image after someone changed the scale set meanwhile (412)."""
ROUNDS = 5
"""How often to plan for newly appeared instances before giving up."""
CANARIES = 5
"""How many canaries in a row may go away."""


def roll_out(context: Context) -> Steps[dict[str, Any]]:
    """The orchestrator of one rollout: takes a RolloutOrder, returns its last view."""
    run = RolloutRun(context, RolloutOrder.from_json(context.get_input()))
    if not (yield from rollout_refused(run)):
        story = RolloutStory(run)
        run.start()
        end = yield from story.conclusion()
        yield from finish(run, story.repairs, end)
    return run.view.to_json()


class RolloutStory(Story[RolloutRun]):
    """The way forward and the rollback of one rollout."""

    def __init__(self, run: RolloutRun) -> None:
        self.run = run
        earlier = run.progress.order.earlier
        self.repairs = run.repairs = RepairsSwitch(run)
        self._under_way = earlier.last if earlier and earlier.under_way else None
        self._unapproved = False
        self._inspected = run.progress.order.inspected_now(run.now)
        self._start_approved = bool(
            run.progress.order.resume and run.progress.order.resume.approved
        )

    @property
    def rollback(self) -> RollBack | None:
        order = self.run.progress.order
        if order.resume and order.resume.rolling_back:
            return RollBack(order.resume.rolling_back)
        return RollBack.wanted(order.rollback.command) if order.rollback else None

    def backward(self, rollback: RollBack) -> Steps[str]:
        if self._under_way:
            outcome = yield from outcome_of_interrupted(self.run, self._under_way)
            stop_if_failed(self.run, self._under_way.batch, outcome)
        if self.rollback or self.repairs.resting:
            inventory = yield from self.run.read_inventory()
            yield from self.repairs.suspend(inventory.scale_set)
        return (yield from roll_back(self.run, rollback.reason))

    def forward(self) -> Steps[str]:
        """Batch by batch, until every instance is verified. What there is to say is read later."""
        run, resume = self.run, self.run.progress.order.resume
        last = resume.last if resume else None
        plan, model = yield from (self._taken_up(last) if last else self._set_image())
        self._unapproved = resume is not None and last is not None and not resume.approved
        for _ in range(ROUNDS):
            yield from self._rolled(plan, model)
            inventory = yield from verify(run, model)
            plan = self._plan(inventory, model.image, [])
            if not plan.batches:
                return ""
        return run.halt(
            "instances keep appearing on another image: something scales out with an old model"
        )

    def _rolled(self, plan: Plan, model: Model) -> Steps[None]:
        """Every batch of the plan. A canary that went away, or was skipped, has proved nothing:
        another one takes its place.
        """
        for _ in range(CANARIES):
            if (yield from self._proved_by(plan, model)):
                return
            inventory = yield from self.run.read_inventory()
            plan = self._plan(inventory, model.image, [])
        self.run.halt(f"{CANARIES} canaries in a row went away or were skipped: nothing is proved")

    def _proved_by(self, plan: Plan, model: Model) -> Steps[bool]:
        """Whether the plan's canary, if it has one, was healthy to the end; then all of the plan
        has been carried out.
        """
        run = self.run
        for number, batch in enumerate(plan.batches):
            yield from self._pause_between_batches(first=number == 0)
            after_canary = self._unapproved or (number == 1 and plan.batches[0].canary)
            rest = plan.batches[number + 1 :]
            yield from self._batch(batch, model, rest, after_canary=after_canary)
            self._unapproved = False
            if batch.canary and not run.progress.tally.any_done(batch.instance_ids):
                reasons = failures(batch.instance_ids, run.progress.tally.reasons)
                message = f"The canary has proved nothing, another one takes its place: {reasons}"
                run.report(message)
                run.recorder.write(EventKind.LEFT_OUT, message, instanceIds=batch.instance_ids)
                return False
        return True

    def _set_image(self) -> Steps[tuple[Plan, Model]]:
        """Inspect, plan, set the image; start over if someone else's change came first."""
        run, attempts = self.run, 0
        again = run.progress.order.resume is not None
        while attempts < MODEL_ATTEMPTS:
            if again:
                yield from come_to_rest(run)  # it may be our own change of the model
            again = True
            inspection = yield from self._inspect()
            inventory, target = inspection.unpacked, inspection.target or Image()
            if foreign := foreign_image(run.progress.image, inventory.scale_set, target):
                run.halt(foreign)
            plan = self._plan(inventory, target, inspection.warnings)
            foresight = run.progress.foresight.before(plan, inventory, run.now)
            run.progress = replace(run.progress, foresight=foresight)
            if (yield from self._approved_now(plan)):
                continue  # that may have taken hours: everything is read again
            yield from may_begin(run)
            scale_set = inventory.scale_set
            if plan.batches:
                scale_set = yield from self.repairs.suspend(scale_set)
            model = yield from set_model(run, scale_set, target)
            if model:
                return plan, model
            attempts += isinstance(run.progress.control.before_step(), Proceed)
        return run.halt(f"{run.request.scale_set.name} kept being changed by others")

    def _approved_now(self, plan: Plan) -> Steps[bool]:
        """Whether the start was just approved, because it has to be."""
        run = self.run
        asked = start_asked(run.request.policy.approval, len(plan.instance_ids))
        if asked is None or self._start_approved:
            return False
        yield from may_begin(run, asked)
        self._start_approved = True
        return True

    def turned(self, end: End) -> Steps[Conclusion]:
        return (yield from turned_back(self.run, end))

    def _taken_up(self, last: BatchOrder) -> Steps[tuple[Plan, Model]]:
        """After the last batch of the orchestration that broke off: plan what is left."""
        run = self.run
        outcome = yield from self._last_outcome(last)
        yield from self._follow(last.batch, last.model, outcome)
        conclude_if_requested(run)
        inventory = yield from run.read_inventory()
        if reason := foreign_change(last.model, inventory.scale_set):
            run.halt(reason)
        yield from self.repairs.suspend(inventory.scale_set)
        proved = not last.batch.canary or run.progress.tally.any_done(last.instance_ids)
        return self._plan(inventory, last.model.image, [], canary=not proved), last.model

    def _last_outcome(self, last: BatchOrder) -> Steps[BatchOutcome]:
        if self._under_way:
            self._under_way = None
            return (yield from outcome_of_interrupted(self.run, last))
        cells = self.run.progress.tally.cells
        return BatchOutcome(cells="".join(cells[instance_id] for instance_id in last.instance_ids))

    def _inspect(self) -> Steps[Inspection]:
        """A fresh look at everything."""
        return (yield from self.run.look(self._inspect_once, lambda seen: seen.unpacked))

    def _inspect_once(self) -> Steps[Inspection]:
        run = self.run
        inspection, self._inspected = self._inspected, None
        inspection = inspection or (yield from run.activities.call(INSPECT, run.request))
        if isinstance(inspection, ArmError):
            run.halt(str(inspection))
        if inspection.refusal:
            errors = [error.message for error in inspection.refusal.errors]
            run.halt("; ".join(errors) or inspection.refusal.detail.rstrip("."))
        run.note_listed(inspection.listing)
        return inspection

    def _plan(
        self, inventory: Inventory, target: Image, warnings: list[str], *, canary: bool = True
    ) -> Plan:
        run = self.run
        policy = run.request.policy if canary else run.request.policy.without_canary()
        plan = plan_batches(policy, run.progress.still_rollable(inventory), target)
        plan = plan.warned(warnings).as_in(run.progress.order.health_as_in)
        run.progress = run.progress.planned(inventory, plan, target)
        run.recorder.keep_baseline(run.progress.baseline.pack(inventory))
        run.recorder.explain(run.progress.tally.reasons)
        run.recorder.write(
            EventKind.PLANNED,
            f"{len(plan.instance_ids)} instance(s) in {len(plan.batches)} batch(es); "
            f"{len(plan.skipped)} skipped",
            **plan.evidence(),
        )
        run.publish()
        return plan

    def _batch(
        self, batch: Batch, model: Model, rest: Sequence[Batch], *, after_canary: bool
    ) -> Steps[None]:
        run = self.run
        place = f"Batch {run.progress.batch + 1} of {run.progress.batches} ({batch.place})"
        approval = run.request.policy.approval
        yield from may_begin(run, approval_asked(approval, place, after_canary=after_canary))
        outcome = yield from upgrade(run, batch, model, run.deadline, rest=rest)
        yield from self._follow(batch, model, outcome)

    def _follow(self, batch: Batch, model: Model, outcome: BatchOutcome) -> Steps[None]:
        """What follows a batch by the policy, until the next one may begin."""
        run = self.run
        while True:
            match after_batch(run.progress, batch, outcome):
                case Proceed():
                    return
                case Ask(failure):
                    yield from ask(run, batch, model, failure)
                    return
                case Retry(instance_ids, pause, taken_up):
                    if pause:
                        run.progress = run.progress.apply(pause)
                    yield from may_begin(run)
                    run.progress = run.progress.one_more()
                    batch = batch.model_copy(update={"instance_ids": instance_ids})
                    outcome = yield from upgrade(run, batch, model, run.deadline, taken_up=taken_up)
                case RollBack() | End() as conclusion:
                    conclude(conclusion)

    def _pause_between_batches(self, *, first: bool) -> Steps[None]:
        run = self.run
        pause = run.request.policy.pause_between_batches
        if first or not pause:
            return
        run.report(f"Pausing for {spoken(pause)} before the next batch")
        until = run.now + pause
        while run.now < until:
            conclude_if_requested(run)
            yield from run.events.sleep_until(until)
