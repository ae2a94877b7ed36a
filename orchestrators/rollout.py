"""The story of a rollout: inspect, plan, set the image, each batch, verify."""

from typing import Any, NoReturn

from orchestrators.context import Context, Steps
from orchestrators.hands import Hands, delay_after
from orchestrators.journal import Journal
from orchestrators.operator import Operator
from rollout import ending
from rollout.batch_report import said_of
from rollout.command import Command
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.fleet import Fleet
from rollout.gate import over_budget
from rollout.image import Image
from rollout.inspection import Inspection
from rollout.model import Broken, Model, NotYet, foreign_change, model_of
from rollout.names import UPGRADE_BATCH, batch_id
from rollout.phase import Phase
from rollout.plan import Batch, Plan, plan_batches
from rollout.problem import ArmError, ArmErrorKind
from rollout.progress import Progress, RolloutOrder
from rollout.record import Summary
from rollout.task import ReadFleet, ReadModel, SetImage
from rollout.upgrade import BatchOutcome

MODEL_ATTEMPTS = 3
"""How often the image is set again after somebody changed the scale set in between (412)."""
ROUNDS = 5
"""How often instances that have come since are planned for, before we say that this never ends."""


class Stop(Exception):  # noqa: N818
    """Ends the rollout early, in this phase and with this message."""

    def __init__(self, phase: Phase, message: str) -> None:
        super().__init__(message)
        self.phase = phase
        self.message = message


def roll_out(context: Context) -> Steps[dict[str, Any]]:
    """The orchestration of one rollout: takes a RolloutOrder, returns its last view."""
    rollout = Rollout(context, RolloutOrder.from_json(context.get_input()))
    return (yield from rollout.run())


class Rollout:
    """One rollout on its way. Everything that is known of it is in `progress`."""

    def __init__(self, context: Context, order: RolloutOrder) -> None:
        self._context = context
        self._request = order.request
        self._journal = Journal(context, order.id)
        self._operator = Operator(context, self._abort_requested)
        self._hands = Hands(context, self._operator.wait, self._delayed)
        self.progress = Progress(order=order, started_at=context.current_utc_datetime)

    def run(self) -> Steps[dict[str, Any]]:
        self._say("Inspecting the scale set")
        self._list()
        self._journal.write(
            EventKind.STARTED, "The rollout has begun", request=self._request.to_json()
        )
        try:
            yield from self._story()
        except Stop as stop:
            self._end(stop.phase, stop.message)
        except Exception as error:  # noqa: BLE001 - whatever happens, it ends with a reason
            self._end(Phase.FAILED, ending.halted(self.progress, f"an unforeseen error: {error}"))
        return self.progress.view(self._context.current_utc_datetime).to_json()

    def _story(self) -> Steps[None]:
        plan, model = yield from self._set_image()
        for _ in range(ROUNDS):
            for number, batch in enumerate(plan.batches):
                yield from self._pause_between_batches(first=number == 0)
                yield from self._upgrade(batch, model)
            fleet = yield from self._verified(model)
            plan = self._plan(fleet, model.image, [])
            if not plan.batches:
                return self._end(Phase.SUCCEEDED, ending.succeeded(self.progress))
        self._halt("instances keep appearing on another image: something scales with an old model")

    def _set_image(self) -> Steps[tuple[Plan, Model]]:
        """Inspect, plan, set the image; again from the start when somebody was quicker."""
        for _ in range(MODEL_ATTEMPTS):
            inspection = yield from self._inspect()
            fleet, target = inspection.unpacked, inspection.target or Image()
            plan = self._plan(fleet, target, inspection.warnings)
            self._stop_if_aborted()
            self._say(f"Setting the image of the model to {target}")
            scale_set = fleet.scale_set
            task = SetImage(scale_set=scale_set.id, image=target, etag=scale_set.etag)
            accepted = yield from self._hands.set_image(task)
            if isinstance(accepted, ArmError):
                if accepted.kind is ArmErrorKind.STALE:
                    continue
                self._halt(str(accepted))
            model = yield from self._await_model(target, accepted.operation)
            text = f"names {target} now" if accepted.changed else f"named {target} already"
            self._journal.write(EventKind.MODEL_SET, f"The model {text}", **model.to_json())
            return plan, model
        return self._halt(f"{self._request.scale_set} was changed by others again and again")

    def _inspect(self) -> Steps[Inspection]:
        inspection = yield from self._hands.inspect(self._request)
        if isinstance(inspection, ArmError):
            self._halt(str(inspection))
        if inspection.refusal:
            told = [error.message for error in inspection.refusal.errors]
            self._halt("; ".join(told) or inspection.refusal.detail.rstrip("."))
        return inspection

    def _await_model(self, target: Image, operation: str | None) -> Steps[Model]:
        """Until Azure has really changed the model. A change that takes longer than a batch may
        take is given up.
        """
        health = self._request.policy.health
        until = self._context.current_utc_datetime + health.timeout
        task = ReadModel(scale_set=self._request.scale_set, operation=operation)
        while self._context.current_utc_datetime <= until:
            reading = yield from self._hands.read_model(task)
            if isinstance(reading, ArmError):
                self._halt(str(reading))
            match model_of(reading, target):
                case Model() as model:
                    return model
                case Broken(reason):
                    self._halt(reason)
                case NotYet():
                    yield from self._hands.sleep(health.interval)
        return self._halt(f"the model was still being changed after {spoken(health.timeout)}")

    def _plan(self, fleet: Fleet, target: Image, warnings: list[str]) -> Plan:
        rollable = self.progress.still_rollable(fleet)
        plan = plan_batches(self._request.policy, rollable, target).warned(warnings)
        self.progress = self.progress.planned(fleet, plan, target)
        self._journal.keep_baseline(self.progress.baseline_fleet(fleet).pack())
        self._journal.explain(self.progress.reasons)
        self._journal.write(
            EventKind.PLANNED,
            f"{len(plan.instance_ids)} instance(s) in {len(plan.batches)} batch(es); "
            f"{len(plan.skipped)} skipped",
            **plan.evidence(),
        )
        return plan

    def _upgrade(self, batch: Batch, model: Model) -> Steps[None]:
        """One batch, as a sub-orchestration, so that no history grows without bound."""
        self._stop_if_aborted()
        self.progress = self.progress.began(batch, self._context.current_utc_datetime)
        self._publish()
        numbered = batch.model_copy(update={"number": self.progress.batch})
        self._journal.write(EventKind.BATCH_STARTED, self.progress.message, **numbered.to_json())
        upgrade = self.progress.upgrade(batch, model)
        child = self._context.call_sub_orchestrator(
            UPGRADE_BATCH, upgrade.to_json(), batch_id(self.progress.order.id, upgrade.number)
        )
        outcome = BatchOutcome.from_json((yield from self._operator.wait(child)))
        self.progress = self.progress.after(batch, outcome, self._context.current_utc_datetime)
        self._publish()
        if outcome.reasons:
            self._journal.explain(self.progress.reasons)
        told = f"{self.progress.message}: {said_of(outcome)}"
        evidence = {"number": upgrade.number, **outcome.to_json()}
        self._journal.write(EventKind.BATCH_FINISHED, told, **evidence)
        if outcome.halt:
            self._halt(f"batch {self.progress.batch} ({batch.place}) did not begin: {outcome.halt}")
        if failure := ending.batch_failure(self.progress, batch.place):
            raise Stop(Phase.FAILED, failure)
        self._stop_if_aborted()

    def _verified(self, model: Model) -> Steps[Fleet]:
        """A fresh look at everything: a success is what the instances themselves say."""
        self._say("Verifying every instance")
        task = ReadFleet(scale_set=self._request.scale_set, health=self._request.policy.health)
        fleet = yield from self._hands.read_fleet(task)
        if isinstance(fleet, ArmError):
            self._halt(f"the result could not be verified: {fleet}")
        sick = over_budget(self._request.policy, self.progress.baseline_unhealthy, fleet)
        if reason := foreign_change(model, fleet.scale_set) or sick:
            self._halt(reason)
        return fleet

    def _pause_between_batches(self, *, first: bool) -> Steps[None]:
        pause = self._request.policy.pause_between_batches
        if first or not pause:
            return
        self._say(f"Pausing for {spoken(pause)} before the next batch")
        yield from self._operator.sleep(pause)

    def _stop_if_aborted(self) -> None:
        if self._operator.abort:
            raise Stop(Phase.ABORTED, ending.aborted(self.progress, self._operator.abort.told))

    def _abort_requested(self, command: Command) -> None:
        notice = f"Abort requested {command.told}: what is under way settles, nothing more begins"
        self._journal.write(EventKind.ABORT_REQUESTED, notice, **command.to_json())
        self.progress = self.progress.noticing(notice)
        self._publish()

    def _halt(self, reason: str) -> NoReturn:
        raise Stop(Phase.FAILED, ending.halted(self.progress, reason))

    def _delayed(self, error: ArmError) -> None:
        message = f"Waiting for Azure: {error}. Trying again in {spoken(delay_after(error))}"
        self._say(message)
        self._journal.write(EventKind.WAITING, message, error=error.to_json())

    def _say(self, message: str) -> None:
        self.progress = self.progress.saying(message)
        self._publish()

    def _publish(self) -> None:
        self._journal.publish(self.progress.view(self._context.current_utc_datetime).status())

    def _list(self) -> None:
        view = self.progress.view(self._context.current_utc_datetime)
        self._journal.list_as(Summary.of(view))

    def _end(self, phase: Phase, message: str) -> None:
        self.progress = self.progress.ended(phase, message, self._context.current_utc_datetime)
        self._publish()
        counts = self.progress.view(self._context.current_utc_datetime).counts
        self._journal.write(EventKind.FINISHED, message, phase=phase, counts=counts.to_json())
        self._list()
