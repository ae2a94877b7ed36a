"""Reads everything a rollout must know before it may begin."""

from compute.images import find_image
from compute.rollback_images import rollback_warnings
from compute.scale_sets import read_fleet
from rollout.inspection import Inspection
from rollout.preflight import ImageFinding, image_errors, refusal
from rollout.request import RolloutRequest


def inspect(request: RolloutRequest) -> Inspection:
    """The fleet, the pinned target image, and why the rollout must not begin, if it must not.

    Reads only. Raises ArmFailure when Azure did not let it read.
    """
    fleet = read_fleet(request.scale_set, request.policy.health.source)
    mismatch = image_errors(request.image, fleet.scale_set.image)
    finding = ImageFinding() if mismatch else find_image(request.image, fleet.scale_set)
    refused = refusal(request, fleet, finding)
    target = finding.image
    older = rollback_warnings(fleet, target) if target and not refused else []
    return Inspection(
        fleet=fleet.pack(),
        target=target,
        refusal=refused,
        warnings=[*finding.warnings, *older],
    )
