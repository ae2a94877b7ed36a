"""What a fleet rollout would do: a plan of each of its scale sets, in short."""

from rollout.image import ImageRequest
from rollout.plan import Plan
from rollout.problem import Problem
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value


class MemberPlan(Value):
    """What would happen to one scale set; `refusal` says why its rollout would not begin."""

    scale_set: ScaleSetIdField
    batches: int = 0
    instances: int = 0
    skipped: int = 0
    warnings: list[str] = []
    refusal: str | None = None

    @classmethod
    def of(cls, scale_set: ScaleSetIdField, plan: Plan | Problem) -> "MemberPlan":
        if isinstance(plan, Problem):
            told = [error.message for error in plan.errors]
            return cls(scale_set=scale_set, refusal="; ".join(told) or plan.detail)
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
    """The waves in order, and the image, pinned."""

    image: ImageRequest
    waves: list[WavePlan]
    instances: int
