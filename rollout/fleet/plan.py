"""What a fleet rollout would do: a short plan for each of its scale sets."""

from collections.abc import Sequence
from datetime import timedelta

from rollout.base import FieldError, Problem, Value, fingerprint_of
from rollout.fleet.request import Wave
from rollout.gates import GateTrial
from rollout.inventory import Image, ImageChange, ImageRequest, ScaleSetIdField
from rollout.plan import Audience, Plan

_NAMED = 3
"""How many reasons a refusal names."""


class MemberPlan(Value):
    """What would happen to one scale set; `refusal` is why its rollout would be refused. Its
    batches take between `shortest` and `longest`; at the worst moment `worst_case_down` instances
    are down, and so many percent of the scale set are up.
    """

    scale_set: ScaleSetIdField
    image: ImageChange = ImageChange()
    batches: int = 0
    instances: int = 0
    skipped: int = 0
    shortest: timedelta = timedelta(0)
    longest: timedelta = timedelta(0)
    worst_case_down: int = 0
    worst_case_capacity_percent: int = 100
    fingerprint: str | None = None
    warnings: list[str] = []
    refusal: str | None = None

    @classmethod
    def of(cls, scale_set: ScaleSetIdField, plan: Plan | Problem) -> "MemberPlan":
        if isinstance(plan, Problem):
            errors = [error.message for error in plan.errors]
            return cls(scale_set=scale_set, refusal="; ".join(errors) or plan.detail)
        return cls(
            scale_set=scale_set,
            image=plan.image,
            batches=len(plan.batches),
            instances=len(plan.instance_ids),
            skipped=len(plan.skipped),
            shortest=plan.cost.shortest,
            longest=plan.cost.longest,
            worst_case_down=plan.worst_case_down,
            worst_case_capacity_percent=plan.worst_case_capacity_percent,
            fingerprint=plan.fingerprint,
            warnings=plan.warnings,
        )


class WavePlan(Value):
    """The scale sets of a wave, in the order in which they would begin. With its bake, it takes
    between `shortest` and `longest`; that people have to approve it comes on top. At the worst
    moment so many instances of all its scale sets are down.
    """

    name: str
    scale_sets: list[MemberPlan]
    shortest: timedelta = timedelta(0)
    longest: timedelta = timedelta(0)
    worst_case_down: int = 0

    @classmethod
    def of(cls, wave: Wave, members: list[MemberPlan]) -> "WavePlan":
        at_once = wave.max_concurrent
        down = sorted((member.worst_case_down for member in members), reverse=True)
        return cls(
            name=wave.name,
            scale_sets=members,
            shortest=lasting([member.shortest for member in members], at_once) + wave.bake_after,
            longest=lasting([member.longest for member in members], at_once) + wave.bake_after,
            worst_case_down=sum(down[:at_once]),
        )


class FleetPlan(Value):
    """The waves in order, the pinned image, and those that it replaces. `fingerprint` stays the
    same as long as a fleet rollout would do the same. `gates` are those between its waves, with
    what each said when it was tried once. `news` is who will be told.
    """

    image: ImageRequest
    from_images: list[Image] = []
    waves: list[WavePlan]
    instances: int
    shortest: timedelta = timedelta(0)
    longest: timedelta = timedelta(0)
    worst_case_down: int = 0
    fingerprint: str = ""
    gates: list[GateTrial] = []
    news: list[Audience] = []

    @classmethod
    def of(cls, image: ImageRequest, waves: list[WavePlan]) -> "FleetPlan":
        members = [member for wave in waves for member in wave.scale_sets]
        before = {str(member.image.from_image): member.image.from_image for member in members}
        return cls(
            image=image,
            from_images=[each for each in before.values() if each],
            waves=waves,
            instances=sum(member.instances for member in members),
            shortest=sum((wave.shortest for wave in waves), timedelta(0)),
            longest=sum((wave.longest for wave in waves), timedelta(0)),
            worst_case_down=max((wave.worst_case_down for wave in waves), default=0),
            fingerprint=fingerprint_of([_identity(wave) for wave in waves]),
        )

    def tried(self, gates: list[GateTrial]) -> "FleetPlan":
        """The plan with the gates between its waves."""
        return self.model_copy(update={"gates": gates})

    def changed_since(self, fingerprint: str | None) -> Problem | None:
        """The refusal of a start that was made for another plan."""
        if fingerprint in {None, self.fingerprint}:
            return None
        message = f"is not the current plan ({self.fingerprint})"
        return Problem(
            status=409,
            title="The scale sets have changed since the plan",
            detail=f"The plan is now {self.fingerprint}, not {fingerprint}: scale sets or "
            "instances came or went, were upgraded or protected, or a model was changed. Nothing "
            "was started: read the new plan, and start with that.",
            errors=[FieldError(path="plan", message=message)],
        )


def _identity(wave: WavePlan) -> list[object]:
    return [wave.name, [[member.scale_set.key, member.fingerprint] for member in wave.scale_sets]]


def lasting(times: Sequence[timedelta], at_once: int) -> timedelta:
    """How long it takes if so many go on at once, each as soon as one before it has ended."""
    ends = [timedelta(0)] * max(1, min(at_once, len(times)))
    for time in times:
        earliest = ends.index(min(ends))
        ends[earliest] += time
    return max(ends)


def about_the_image(problem: Problem) -> bool:
    """Whether the image is why a rollout is refused: waiting mends nothing."""
    return bool(problem.errors) and all(error.path == "image" for error in problem.errors)


def unusable_image(problems: Sequence[Problem]) -> Problem:
    """The refusal if no scale set can take the image; `problems` say why, one for each."""
    reasons = dict.fromkeys(error.message for problem in problems for error in problem.errors)
    few = list(reasons)[:_NAMED]
    return Problem(
        status=min(problem.status for problem in problems),
        title="No scale set can take the image",
        detail=f"None of the {len(problems)} scale set(s) can take the image; nothing was "
        f"started. {' '.join(few)}",
        errors=[FieldError(path="image", message=message) for message in few],
    )
