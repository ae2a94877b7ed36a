"""May this rollout begin at all? Everything that can be known before anything moves."""

from typing import NamedTuple

from rollout.control import MOST_VERBS_HEARD
from rollout.fleet import Fleet, ScaleSet
from rollout.gate import full_outage
from rollout.image import Image, ImageRequest
from rollout.plan import Plan, plan_batches
from rollout.problem import FieldError, Problem
from rollout.request import Policy, RolloutRequest
from rollout.selection import selection_errors
from rollout.value import Value


class ImageFinding(Value):
    """What looking up the target image came to: the pinned image, or why there is none."""

    image: Image | None = None
    missing: str | None = None
    warnings: list[str] = []


def refusal(request: RolloutRequest, fleet: Fleet, finding: ImageFinding) -> Problem | None:
    """Why the rollout must not begin, or None. Wrong fields come first (400), then an image that
    is not there (404), then the state of the scale set (409); nothing has been changed.
    """
    errors = [
        *image_errors(request.image, fleet.scale_set.image),
        *selection_errors(request.policy, fleet),
        *_canary_errors(request.policy, fleet),
    ]
    if errors:
        return Problem(
            status=400,
            title="The request does not fit the scale set",
            detail=f"{len(errors)} error(s) for {fleet.scale_set.id}; nothing was changed.",
            errors=errors,
        )
    if finding.missing:
        return Problem(
            status=404,
            title="The target image cannot be used",
            detail=f"{finding.missing} Nothing was changed.",
            errors=[FieldError(path="image", message=finding.missing)],
        )
    plan = plan_batches(request.policy, fleet, finding.image or Image())
    if too_many := _too_many_approvals(request.policy, plan):
        return too_many
    obstacle = obstacle_of(fleet.scale_set)
    return (
        (obstacle and obstacle.as_problem())
        or _moved_since_the_plan(request, plan)
        or _full_outage(request, fleet, plan)
    )


def _full_outage(request: RolloutRequest, fleet: Fleet, plan: Plan) -> Problem | None:
    """The only instance that runs: nobody is to find out by the outage that it was the only one."""
    alone = fleet.running == 1 and full_outage(request.policy, plan.instance_ids, fleet)
    if not alone:
        return None
    return Problem(
        status=400,
        title="Nothing would serve during the rollout",
        detail=f"{fleet.scale_set.id}: {alone}. Nothing was changed.",
        errors=[FieldError(path="policy.allowFullOutage", message=f"must be true: {alone}")],
    )


def _moved_since_the_plan(request: RolloutRequest, plan: Plan) -> Problem | None:
    if request.plan is None or plan.fingerprint == request.plan:
        return None
    return Problem(
        status=409,
        title="The fleet has moved since the plan",
        detail=f"The plan of {request.scale_set} is now {plan.fingerprint}, not {request.plan}: "
        "instances came or went, were upgraded or protected, or the model was changed. Nothing was "
        "changed: read the new plan, and start with that.",
        errors=[FieldError(path="plan", message=f"is not the plan of now ({plan.fingerprint})")],
    )


def _canary_errors(policy: Policy, fleet: Fleet) -> list[FieldError]:
    total = len(fleet.instances)
    if policy.canary is None or not total or policy.canary.instances <= total:
        return []
    message = f"is more than the {total} instance(s) of this scale set"
    return [FieldError(path="policy.canary.instances", message=message)]


def _too_many_approvals(policy: Policy, plan: Plan) -> Problem | None:
    """More than a rollout could hear: it would wait for one that nobody can give."""
    most = MOST_VERBS_HEARD // 2
    if policy.approval != "everyBatch" or len(plan.batches) <= most:
        return None
    message = (
        f"everyBatch would ask {len(plan.batches)} times, and a rollout hears at most {most} "
        "approvals: use canary, or a larger maxBatchInstances"
    )
    return Problem(
        status=400,
        title="More approvals than a rollout can hear",
        detail="Nothing was changed.",
        errors=[FieldError(path="policy.approval", message=message)],
    )


def image_errors(wanted: ImageRequest, current: Image | None) -> list[FieldError]:
    """Whether the image is of another kind than that of the model, which Azure does not allow."""
    if current is None:
        return [FieldError(path="image", message="the scale set's model names no image to replace")]
    if wanted.kind is current.kind:
        return []
    return [
        FieldError(
            path="image",
            message=f"is a {wanted.kind} image, but the scale set runs a {current.kind} image "
            f"({current}), and Azure does not let a scale set change from one kind to another: "
            f"give a {current.kind} image",
        )
    ]


class Obstacle(NamedTuple):
    """Why a scale set, as it is now, must not be rolled."""

    title: str
    detail: str

    def as_problem(self) -> Problem:
        detail = f"{self.detail} Nothing was changed."
        return Problem(status=409, title=self.title, detail=detail)


def obstacle_of(scale_set: ScaleSet) -> Obstacle | None:
    """What is in the way of any rollout of this scale set; None when nothing is."""
    policy = scale_set.upgrade_policy
    if policy.casefold() != "manual":
        return Obstacle(
            "Wrong upgrade policy",
            f"The upgrade policy of {scale_set.id} is {policy}: changing its model alone would "
            "take instances down, out of our control. Set upgradePolicy.mode to Manual first.",
        )
    if scale_set.moving:
        return Obstacle(
            "The scale set is being changed",
            f"{scale_set.id} is {scale_set.provisioning_state}: another operation runs on it. "
            "Wait until it has ended and start again; the activity log says whose it is.",
        )
    return None
