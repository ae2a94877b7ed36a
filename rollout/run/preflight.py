"""May this rollout begin at all? Everything that can be checked before anything moves."""

from rollout.base import FieldError, Problem, Value, counted
from rollout.batch import full_outage
from rollout.inventory import (
    UNKNOWN_TRAITS,
    Image,
    ImageRequest,
    ImageTraits,
    Inventory,
    UsedHealthSource,
    obstacle_of,
    source_used,
)
from rollout.plan import Plan, Policy, RolloutRequest, plan_batches, selection_errors

_HEALTH_SOURCE = "policy.health.source"


class ImageFinding(Value):
    """The result of looking up the target image: the pinned image, or why there is none. `misfits`
    are why it cannot run on the scale set's virtual machines.
    """

    image: Image | None = None
    missing: str | None = None
    warnings: list[str] = []
    traits: ImageTraits = UNKNOWN_TRAITS
    misfits: list[str] = []


def refusal(request: RolloutRequest, inventory: Inventory, finding: ImageFinding) -> Problem | None:
    """Why the rollout must not begin, or None; nothing has been changed. First wrong fields (400),
    then an unusable image (404), too many approvals (400), the scale set's state or an outdated
    plan (409), and a full outage (400).
    """
    errors = [
        *image_errors(request.image, inventory.scale_set.image),
        *(FieldError(path="image", message=misfit) for misfit in finding.misfits),
        *selection_errors(request.policy, inventory),
        *_canary_errors(request.policy, inventory),
        *_health_errors(request.policy, inventory),
    ]
    if errors:
        return Problem(
            status=400,
            title="The request does not fit the scale set",
            detail=f"{counted(len(errors), 'error')} for {inventory.scale_set.id}; nothing was "
            "changed.",
            errors=errors,
        )
    if finding.missing:
        return Problem(
            status=404,
            title="The target image cannot be used",
            detail=f"{finding.missing} Nothing was changed.",
            errors=[FieldError(path="image", message=finding.missing)],
        )
    plan = plan_batches(request.policy, inventory, finding.image or Image())
    obstacle = obstacle_of(inventory.scale_set)
    return (
        (obstacle and obstacle.as_problem())
        or _changed_since_the_plan(request, plan)
        or _full_outage(request, inventory, plan)
    )


def _full_outage(request: RolloutRequest, inventory: Inventory, plan: Plan) -> Problem | None:
    """The only running instance: an outage must not be what reveals that it was the only one."""
    alone = inventory.running == 1 and full_outage(request.policy, plan.instance_ids, inventory)
    if not alone:
        return None
    return Problem(
        status=400,
        title="Nothing would serve during the rollout",
        detail=f"{inventory.scale_set.id}: {alone}. Nothing was changed.",
        errors=[FieldError(path="policy.allowFullOutage", message=f"must be true: {alone}")],
    )


def _changed_since_the_plan(request: RolloutRequest, plan: Plan) -> Problem | None:
    if request.plan is None or plan.fingerprint == request.plan:
        return None
    return Problem(
        status=409,
        title="The scale set has changed since the plan",
        detail=f"The plan of {request.scale_set} is now {plan.fingerprint}, not {request.plan}: "
        "instances came or went, were upgraded or protected, or the model was changed. Nothing was "
        "changed: read the new plan, and start with that.",
        errors=[FieldError(path="plan", message=f"is not the current plan ({plan.fingerprint})")],
    )


def _canary_errors(policy: Policy, inventory: Inventory) -> list[FieldError]:
    total = len(inventory.instances)
    if policy.canary is None or not total or policy.canary.instances <= total:
        return []
    message = f"is more than the {total} instance(s) of this scale set"
    return [FieldError(path="policy.canary.instances", message=message)]


def _health_errors(policy: Policy, inventory: Inventory) -> list[FieldError]:
    source = source_used("auto", reports_health=inventory.scale_set.reports_health)
    flaw = health_flaw(policy, source)
    return [FieldError(path=_HEALTH_SOURCE, message=flaw)] if flaw else []


def lacks_health_source(problem: Problem) -> bool:
    """Whether a rollout is refused because nobody reports the health of the instances."""
    return any(error.path == _HEALTH_SOURCE for error in problem.errors)


def health_flaw(policy: Policy, best: UsedHealthSource) -> str | None:
    """Why the policy's source of health must not be used for a scale set whose best source is that
    one; None if it may. Without a source, every image that boots would pass as healthy: whoever
    accepts that must say so.
    """
    if policy.health.source != "auto" or best == "applicationHealth":
        return None
    return (
        "is auto, but nobody reports the health of the instances: the scale set's model has "
        "neither the Application Health extension nor a load balancer health probe, so an image "
        "that boots but does not serve would pass as healthy. Add the extension; or say powerState "
        "to accept that; or applicationHealth if the instances report their health all the same"
    )


def image_errors(wanted: ImageRequest, current: Image | None) -> list[FieldError]:
    """Whether the image is of another kind than the model's, which Azure does not allow."""
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
