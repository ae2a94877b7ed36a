"""What prevents any rollout of a scale set."""

from typing import NamedTuple

from rollout.base import Problem
from rollout.inventory.scale_set import ScaleSet


class Obstacle(NamedTuple):
    """Why a scale set, in its current state, must not be rolled."""

    title: str
    detail: str

    def as_problem(self) -> Problem:
        detail = f"{self.detail} Nothing was changed."
        return Problem(status=409, title=self.title, detail=detail)


def obstacle_of(scale_set: ScaleSet) -> Obstacle | None:
    """What prevents any rollout of this scale set; None if nothing does."""
    policy = scale_set.upgrade_policy
    if policy.casefold() != "manual":
        return Obstacle(
            "Wrong upgrade policy",
            f"The upgrade policy of {scale_set.id} is {policy}: changing its model alone would "
            "let Azure take instances down, outside the rollout's control. Set "
            "upgradePolicy.mode to Manual first.",
        )
    if scale_set.moving:
        return Obstacle(
            "The scale set is being changed",
            f"{scale_set.id} is {scale_set.provisioning_state}: another operation runs on it. "
            "Wait until it has ended and start again; the activity log says whose it is.",
        )
    return None
