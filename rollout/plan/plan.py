"""The plan: its batches in order, the skipped instances and why, and its cost."""

from datetime import datetime
from typing import Any

from rollout.base import Value
from rollout.gates import GateTrial
from rollout.hooks import Hook, PlannedHook, hook_warnings
from rollout.inventory import ImageChange, UsedHealthSource
from rollout.plan.audience import Audience
from rollout.plan.batch import Batch
from rollout.plan.cost import Cost
from rollout.plan.warning import as_in


class Skip(Value):
    """An instance that is left alone, and why."""

    instance_id: str
    reason: str


class Opening(Value):
    """When the first batch could begin, by windows and freezes, and what holds it up until then, in
    a sentence.
    """

    first_batch_at: datetime
    message: str


class Plan(Value):
    """The batches in the order in which they run, and their cost.

    `total` counts the selected instances. At the worst moment `worst_case_down` instances are down
    and `worst_case_capacity` are up, which is also given as a percentage of the whole scale set
    (rounded down); switched-off instances do not count as up. `fingerprint` stays the same as long
    as a rollout would do the same. `model_already_set` means that the model already has the target
    image, set by an earlier rollout or by someone else; the rollout continues from there.
    `health_source` is where the health of an instance really comes from; `health_as_in` is the
    earlier rollout whose policy accepted the power state, if that is why. `opening` is what windows
    and freezes mean for it, if there are any. `gates` are those of the policy, with what each said
    when it was tried; `hooks` are those of the policy, which a plan does not call.
    `news` is who will be told.
    """

    fingerprint: str
    image: ImageChange
    model_already_set: bool = False
    total: int
    batches: list[Batch]
    skipped: list[Skip]
    worst_case_down: int
    worst_case_capacity: int
    worst_case_capacity_percent: int
    cost: Cost
    health_source: UsedHealthSource = "applicationHealth"
    health_as_in: str | None = None
    opening: Opening | None = None
    warnings: list[str] = []
    gates: list[GateTrial] = []
    hooks: list[PlannedHook] = []
    news: list[Audience] = []

    @property
    def instance_ids(self) -> list[str]:
        """Every instance to be moved, in that order."""
        return [instance_id for batch in self.batches for instance_id in batch.instance_ids]

    def warned(self, warnings: list[str]) -> "Plan":
        """The plan with these warnings before its own."""
        return self.model_copy(update={"warnings": [*warnings, *self.warnings]})

    def tried(self, gates: list[GateTrial]) -> "Plan":
        """The plan with its gates. One that does not pass now is a warning, no more."""
        warnings = [gate.warning for gate in gates]
        plan = self.model_copy(update={"gates": gates})
        return plan.warned([warning for warning in warnings if warning])

    def calling(self, hooks: list[Hook]) -> "Plan":
        """The plan with what its hooks would be called for."""
        planned = [PlannedHook.of(hook, len(self.batches)) for hook in hooks]
        return self.model_copy(update={"hooks": planned}).warned(hook_warnings(hooks))

    def as_in(self, rollout_id: str | None) -> "Plan":
        """The plan of a rollout that goes by the power state because that earlier one did."""
        if rollout_id is None:
            return self
        return self.model_copy(update={"health_as_in": rollout_id}).warned([as_in(rollout_id)])

    def evidence(self) -> dict[str, Any]:
        """The plan for the event log: each reason appears once, with its instances."""
        reasons: dict[str, list[str]] = {}
        for skip in self.skipped:
            reasons.setdefault(skip.reason, []).append(skip.instance_id)
        left_out = {"gates", "hooks", "news"}
        shown = self.model_dump(mode="json", exclude_none=True, exclude=left_out)
        return {**shown, "skipped": reasons}
