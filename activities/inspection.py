"""Reads everything a rollout must know before it may begin."""

from activities.gates import gate_errors
from compute.images import find_image, fitted, rollback_warnings
from compute.scale_sets import read_inventory
from compute.waiting import waiting
from rollout.base import Problem, counted
from rollout.plan import RolloutRequest, pending_changes
from rollout.run import ImageFinding, Inspection, image_errors, refusal
from settings import read_calendar


@waiting()
def inspect(request: RolloutRequest) -> Inspection:
    """The inventory, the pinned target image, and why the rollout must not begin, if that is so.
    Only reads. Raises ArmFailure if Azure did not allow that.
    """
    calendar = request.policy.calendar.with_that_of(read_calendar())
    inventory = read_inventory(request.scale_set, request.policy.health.source)
    mismatch = image_errors(request.image, inventory.scale_set.image)
    found = ImageFinding() if mismatch else find_image(request.image, inventory.scale_set)
    finding = fitted(found, inventory)
    refused = refusal(request, inventory, finding) or _refused_gates(request)
    target = finding.image
    older = rollback_warnings(inventory, target) if target and not refused else []
    return Inspection(
        inventory=inventory.pack(),
        listing=inventory.listing,
        target=target,
        refusal=refused,
        warnings=[*finding.warnings, *older, *pending_changes(inventory)],
        calendar=calendar,
    )


def _refused_gates(request: RolloutRequest) -> Problem | None:
    errors = gate_errors(request.policy)
    if not errors:
        return None
    return Problem(
        status=400,
        title="A gate cannot be asked",
        detail=f"{counted(len(errors), 'error')} in the gates of the policy; nothing was changed.",
        errors=errors,
    )
