"""The story of a rollout: inspect, plan, set the image, each batch, verify; or the way back."""

from typing import Any

from orchestrators.batches import upgrade
from orchestrators.checkpoint import heed_the_end, may_begin
from orchestrators.context import Context, Steps
from orchestrators.failure import act_on, halt_or_ask
from orchestrators.model_change import set_model
from orchestrators.repairs import Repairs
from orchestrators.rollback import roll_back
from orchestrators.run import Run, TurnBack
from orchestrators.stop import Stop
from rollout import ending
from rollout.back import Back
from rollout.control import approval_asked
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.fleet import Fleet
from rollout.gate import over_budget
from rollout.image import Image
from rollout.inspection import Inspection
from rollout.model import Model, foreign_change
from rollout.order import RolloutOrder
from rollout.phase import Phase
from rollout.plan import Batch, Plan, plan_batches
from rollout.problem import ArmError

MODEL_ATTEMPTS = 3
"""How often the image is set again after somebody changed the scale set in between (412)."""
ROUNDS = 5
"""How often instances that have come since are planned for, before we say that this never ends."""


def roll_out(context: Context) -> Steps[dict[str, Any]]:
    """The orchestration of one rollout: takes a RolloutOrder, returns its last view."""
    rollout = Rollout(Run(context, RolloutOrder.from_json(context.get_input())))
    return (yield from rollout.run())


class Rollout:
    """The way forward, and what becomes of it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._repairs = Repairs(run)

    def run(self) -> Steps[dict[str, Any]]:
        run = self._run
        if run.progress.order.back is None:
            run.say("Inspecting the scale set")
            request = run.request.to_json()
            run.journal.write(EventKind.STARTED, "The rollout has begun", request=request)
        run.list()
        phase, message = yield from self._outcome()
        yield from self._repairs.restore()
        run.end(phase, message)
        return run.view.to_json()

    def _outcome(self) -> Steps[tuple[Phase, str]]:
        """How it ended. Whatever happens, it ends with a reason."""
        try:
            return (yield from self._there_or_back())
        except Stop as stop:
            return stop.phase, stop.message
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is told as well
            reason = f"an unforeseen error: {error}"
            return Phase.FAILED, ending.halted(self._run.progress, reason)

    def _there_or_back(self) -> Steps[tuple[Phase, str]]:
        back = self._run.progress.order.back
        try:
            message = yield from (self._backward(back) if back else self._forward())
        except TurnBack as turn:
            message = yield from roll_back(self._run, turn.reason)
            return Phase.ROLLED_BACK, message
        else:
            return Phase.ROLLED_BACK if back else Phase.SUCCEEDED, message

    def _backward(self, back: Back) -> Steps[str]:
        """Only the way back, of a rollout that had ended before."""
        fleet = yield from self._run.read_fleet()
        yield from self._repairs.suspend(fleet.scale_set)
        return (yield from roll_back(self._run, f"Rollback requested {back.command.told}"))

    def _forward(self) -> Steps[str]:
        """Batch by batch, until every instance is verified: the sentence that says so."""
        run = self._run
        plan, model = yield from self._set_image()
        for _ in range(ROUNDS):
            for number, batch in enumerate(plan.batches):
                yield from self._pause_between_batches(first=number == 0)
                after_canary = number == 1 and plan.batches[0].canary
                yield from self._batch(batch, model, after_canary=after_canary)
            fleet = yield from self._verified(model)
            plan = self._plan(fleet, model.image, [])
            if not plan.batches:
                return ending.succeeded(run.progress)
        return run.halt(
            "instances keep appearing on another image: something scales with an old model"
        )

    def _set_image(self) -> Steps[tuple[Plan, Model]]:
        """Inspect, plan, set the image; again from the start when somebody was quicker."""
        run = self._run
        for _ in range(MODEL_ATTEMPTS):
            inspection = yield from self._inspect()
            fleet, target = inspection.unpacked, inspection.target or Image()
            plan = self._plan(fleet, target, inspection.warnings)
            yield from may_begin(run)
            if plan.batches:
                yield from self._repairs.suspend(fleet.scale_set)
            model = yield from set_model(run, fleet.scale_set, target)
            if model:
                return plan, model
        return run.halt(f"{run.request.scale_set} was changed by others again and again")

    def _inspect(self) -> Steps[Inspection]:
        run = self._run
        inspection = yield from run.hands.inspect(run.request)
        if isinstance(inspection, ArmError):
            run.halt(str(inspection))
        if inspection.refusal:
            told = [error.message for error in inspection.refusal.errors]
            run.halt("; ".join(told) or inspection.refusal.detail.rstrip("."))
        return inspection

    def _plan(self, fleet: Fleet, target: Image, warnings: list[str]) -> Plan:
        run = self._run
        rollable = run.progress.still_rollable(fleet)
        plan = plan_batches(run.request.policy, rollable, target).warned(warnings)
        run.progress = run.progress.planned(fleet, plan, target)
        run.journal.keep_baseline(run.progress.baseline_fleet(fleet).pack())
        run.journal.explain(run.progress.reasons)
        run.journal.write(
            EventKind.PLANNED,
            f"{len(plan.instance_ids)} instance(s) in {len(plan.batches)} batch(es); "
            f"{len(plan.skipped)} skipped",
            **plan.evidence(),
        )
        return plan

    def _batch(self, batch: Batch, model: Model, *, after_canary: bool) -> Steps[None]:
        run = self._run
        place = f"Batch {run.progress.batch + 1} of {run.progress.batches} ({batch.place})"
        approval = run.request.policy.approval
        yield from may_begin(run, approval_asked(approval, place, after_canary=after_canary))
        outcome = yield from upgrade(run, batch, model, run.deadline)
        while outcome.halt:
            yield from halt_or_ask(run, batch, outcome)
            outcome = yield from upgrade(run, batch, model, run.deadline)
        if failure := ending.failure_of(run.progress):
            heed_the_end(run)
            yield from act_on(run, failure, batch.place, model)
        heed_the_end(run)

    def _verified(self, model: Model) -> Steps[Fleet]:
        """A fresh look at everything: a success is what the instances themselves say."""
        run = self._run
        run.say("Verifying every instance")
        fleet = yield from run.read_fleet()
        sick = over_budget(run.request.policy, run.progress.excused, fleet)
        if reason := foreign_change(model, fleet.scale_set) or sick:
            run.halt(reason)
        return fleet

    def _pause_between_batches(self, *, first: bool) -> Steps[None]:
        run = self._run
        pause = run.request.policy.pause_between_batches
        if first or not pause:
            return
        run.say(f"Pausing for {spoken(pause)} before the next batch")
        until = run.now + pause
        while not run.progress.control.ending and run.now < until:
            yield from run.operator.sleep_until(until)
