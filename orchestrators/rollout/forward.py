"""The way forward of a rollout: inspect, plan, set the image, each batch, verify."""

from dataclasses import replace

from orchestrators.engine import Steps, conclude, conclude_if_requested, may_begin, rest
from orchestrators.rollout.batches import note_useless, upgrade
from orchestrators.rollout.decision import ask
from orchestrators.rollout.entrance import held_up, is_let_go, let_go, let_in, may_enter
from orchestrators.rollout.gates import pass_gates
from orchestrators.rollout.interrupted import come_to_rest, outcome_of_interrupted
from orchestrators.rollout.line import await_line
from orchestrators.rollout.model_change import set_model
from orchestrators.rollout.putting_back import put_back_now
from orchestrators.rollout.repairs import RepairsSwitch
from orchestrators.rollout.run import RolloutRun
from orchestrators.rollout.verification import verify
from rollout.base import ArmError, EventKind, Proceed, spoken
from rollout.batch import BatchOrder, BatchOutcome, Model, foreign_change, foreign_image
from rollout.gates import GatePlace
from rollout.inventory import Image, Inventory
from rollout.plan import Batch, Plan, plan_batches
from rollout.run import (
    INSPECT,
    Agenda,
    Ask,
    End,
    Inspection,
    Resumption,
    Retry,
    RollBack,
    Unsettled,
    after_batch,
    approval_asked,
    start_asked,
)

MODEL_ATTEMPTS = 3
"""How often to retry setting the image after someone changed the scale set meanwhile (412)."""
ROUNDS = 5
"""How often to plan for newly appeared instances before giving up."""
CANARIES = 5
"""How many canaries in a row may go away."""


class WayForward:
    """What is left to do is in the agenda: another generation goes on from there."""

    def __init__(self, run: RolloutRun, repairs: RepairsSwitch) -> None:
        self._run = run
        self._repairs = repairs
        self._inspected = run.progress.order.inspected_now(run.now)

    @property
    def _agenda(self) -> Agenda:
        agenda = self._run.place.agenda
        if agenda is None:
            raise LookupError
        return agenda

    def _go(self, agenda: Agenda) -> None:
        self._run.place = self._run.place.forward(agenda)

    @property
    def _resume(self) -> Resumption | None:
        return self._run.progress.order.resume

    def to_the_end(self) -> Steps[None]:
        """Batch by batch, until every instance is verified. Raises Concluded."""
        run = self._run
        if run.place.agenda is None:
            yield from self._begin()
        elif not self._agenda.batches:
            yield from may_begin(run)  # the verification was held up
        while True:
            yield from self._rolled()
            inventory = yield from verify(run, self._agenda.model)
            plan = self._plan(inventory, self._agenda.model.image, [])
            if not plan.batches:
                if (yield from pass_gates(run, GatePlace.END)):
                    continue  # that may have taken hours: everything is verified again
                return
            if self._agenda.rounds == ROUNDS:
                run.halt(
                    "instances keep appearing on another image: something scales out with an old "
                    "model"
                )
            self._go(self._agenda.another_round(plan.batches))

    def _begin(self) -> Steps[None]:
        """Until there is a plan."""
        if not (self._resume and self._resume.under_way):
            yield from put_back_now(self._run)
        if last := self._resume and self._resume.last:
            outcome = yield from self._last_outcome(last)
            self._go(Agenda(batches=[last.batch], model=last.model, interrupted=True))
            yield from self._follow(last.batch, outcome)
            yield from let_go(self._run, last.batch)
            yield from self._after_interrupted()
        else:
            plan, model = yield from self._set_image()
            self._go(Agenda(batches=plan.batches, model=model))

    def _rolled(self) -> Steps[None]:
        """Every batch of the plan. A canary that went away, or was skipped, has proved nothing:
        another one takes its place.
        """
        run = self._run
        while self._agenda.batches:
            batch = self._agenda.batch
            if not is_let_go(run):
                yield from self._settled()
            yield from let_go(run, batch)
            if self._agenda.interrupted:
                yield from self._after_interrupted()
                continue
            if not batch.canary or run.progress.tally.any_done(batch.instance_ids):
                self._go(self._agenda.settled())
                continue
            note_useless(run, batch)
            if self._agenda.canaries == CANARIES:
                run.halt(
                    f"{CANARIES} canaries in a row went away or were skipped: nothing is proved"
                )
            inventory = yield from run.read_inventory()
            plan = self._plan(inventory, self._agenda.model.image, [])
            self._go(self._agenda.another_canary(plan.batches))

    def _settled(self) -> Steps[None]:
        """The next batch, and what follows it; or what is left of that."""
        unsettled, batch = self._agenda.unsettled, self._agenda.batch
        if unsettled is None:
            yield from self._pause_before_batch()
            rest(self._run)
            yield from self._follow(batch, (yield from self._upgraded(batch)))
        elif unsettled.asked_until:
            yield from ask(self._run, unsettled, self._agenda.model)
        else:
            outcome = yield from self._upgraded_again(unsettled)
            yield from self._follow(unsettled.batch, outcome)

    def _upgraded(self, batch: Batch) -> Steps[BatchOutcome]:
        run, agenda = self._run, self._agenda
        place = f"Batch {run.progress.batch + 1} of {run.progress.batches} ({batch.place})"
        approval = run.request.policy.approval
        asked = approval_asked(approval, place, after_canary=agenda.after_canary)
        yield from may_enter(run, None if agenda.cleared else asked)
        self._go(self._agenda.approved())
        yield from let_in(run, batch)
        return (yield from upgrade(run, batch, agenda.model, run.deadline, coming=agenda.coming))

    def _follow(self, batch: Batch, outcome: BatchOutcome) -> Steps[None]:
        """What follows a batch by the policy, until the next one may begin."""
        run = self._run
        while True:
            match after_batch(run.progress, batch, outcome):
                case Proceed():
                    return
                case Ask():
                    yield from put_back_now(run)
                    unsettled = Unsettled(batch=batch, asked_until=run.decide_by)
                    self._go(self._agenda.with_unsettled(unsettled))
                    yield from ask(run, unsettled, self._agenda.model)
                    return
                case Retry(instance_ids, pause, taken_up):
                    yield from put_back_now(run)
                    if pause:
                        run.progress = run.progress.apply(pause)
                    batch = batch.model_copy(update={"instance_ids": instance_ids})
                    unsettled = Unsettled(batch=batch, taken_up=taken_up)
                    self._go(self._agenda.with_unsettled(unsettled))
                    outcome = yield from self._upgraded_again(unsettled)
                case RollBack() | End() as conclusion:
                    conclude(conclusion)

    def _upgraded_again(self, unsettled: Unsettled) -> Steps[BatchOutcome]:
        run = self._run
        yield from may_enter(run)
        yield from let_in(run, unsettled.batch)
        run.progress = run.progress.one_more()
        return (
            yield from upgrade(
                run,
                unsettled.batch,
                self._agenda.model,
                run.deadline,
                taken_up=unsettled.taken_up,
            )
        )

    def _pause_before_batch(self) -> Steps[None]:
        run, agenda = self._run, self._agenda
        pause = run.request.policy.pause_between_batches
        if agenda.begins or not pause:
            return
        if agenda.pausing_until is None:
            run.report(f"Pausing for {spoken(pause)} before the next batch")
        until = agenda.pausing_until or run.now + pause
        self._go(agenda.pausing(until))
        while run.now < until:
            conclude_if_requested(run)
            rest(run)
            yield from run.events.sleep_until(until)

    def _set_image(self) -> Steps[tuple[Plan, Model]]:
        """Inspect, plan, set the image; start over if someone else's change came first."""
        run, attempts = self._run, 0
        again = self._resume is not None or run.handed is not None
        while attempts < MODEL_ATTEMPTS:
            yield from await_line(run)
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
                continue  # that, and the gates, may take hours: everything is read again
            yield from may_begin(run)
            if (yield from held_up(run, plan.batches)):
                continue
            scale_set = inventory.scale_set
            if plan.batches:
                scale_set = yield from self._repairs.suspend(scale_set)
            model = yield from set_model(run, scale_set, target)
            if model:
                return plan, model
            held = run.place.line or not isinstance(run.progress.control.before_step(), Proceed)
            attempts += not held
        return run.halt(f"{run.request.scale_set.name} kept being changed by others")

    def _approved_now(self, plan: Plan) -> Steps[bool]:
        """Whether the start was just approved, because it has to be."""
        run, resume = self._run, self._resume
        asked = start_asked(run.request.policy.approval, len(plan.instance_ids))
        if asked is None or run.place.start_approved or (resume and resume.approved):
            return False
        yield from may_begin(run, asked)
        run.place = run.place.approved()
        return True

    def _last_outcome(self, last: BatchOrder) -> Steps[BatchOutcome]:
        """Of the last batch of the orchestration that broke off."""
        if self._resume and self._resume.under_way:
            return (yield from outcome_of_interrupted(self._run, last))
        cells = self._run.progress.tally.cells
        return BatchOutcome(cells="".join(cells[instance_id] for instance_id in last.instance_ids))

    def _after_interrupted(self) -> Steps[None]:
        """Plan what is left."""
        run, model, canary = self._run, self._agenda.model, self._agenda.batch
        conclude_if_requested(run)
        inventory = yield from run.read_inventory()
        if reason := foreign_change(model, inventory.scale_set):
            run.halt(reason)
        yield from self._repairs.suspend(inventory.scale_set)
        proved = not canary.canary or run.progress.tally.any_done(canary.instance_ids)
        plan = self._plan(inventory, model.image, [], canary=not proved)
        unapproved = self._resume is not None and not self._resume.approved
        self._go(Agenda(batches=plan.batches, model=model, after_canary=unapproved))

    def _inspect(self) -> Steps[Inspection]:
        """A fresh look at everything."""
        return (yield from self._run.look(self._inspect_once, lambda seen: seen.unpacked))

    def _inspect_once(self) -> Steps[Inspection]:
        run = self._run
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
        run = self._run
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
