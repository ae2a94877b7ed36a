"""What a fleet rollout would do: a short plan for each of its scale sets."""

from rollout.base import Problem, Value
from rollout.inventory import ImageRequest, ScaleSetIdField
from rollout.plan import Plan


class MemberPlan(Value):
    """What would happen to one scale set; `refusal` is why its rollout would be refused."""

    scale_set: ScaleSetIdField
    batches: int = 0
    instances: int = 0
    skipped: int = 0
    warnings: list[str] = []
    refusal: str | None = None

    @classmethod
    def of(cls, scale_set: ScaleSetIdField, plan: Plan | Problem) -> "MemberPlan":
        if isinstance(plan, Problem):
            errors = [error.message for error in plan.errors]
            return cls(scale_set=scale_set, refusal="; ".join(errors) or plan.detail)
        return cls(
            scale_set=scale_set,
            batches=len(plan.batches),
            instances=len(plan.instance_ids),
            skipped=len(plan.skipped),
            warnings=plan.warnings,
        )


class WavePlan(Value):
    """The scale sets of a wave, in the order in which they would begin."""

    name: str
    scale_sets: list[MemberPlan]


class FleetPlan(Value):
    """The waves in order, and the pinned image."""

    image: ImageRequest
    waves: list[WavePlan]
    instances: int
