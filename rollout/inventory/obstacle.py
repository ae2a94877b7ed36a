"""What prevents any rollout of a scale set."""

from typing import NamedTuple

from rollout.base import Problem
from rollout.inventory.manager import Manager
from rollout.inventory.scale_set import ScaleSet


class Obstacle(NamedTuple):
    """Why a scale set, in its current state, must not be rolled."""

    title: str
    detail: str

    def as_problem(self) -> Problem:
        detail = f"{self.detail} Nothing was changed."
        return Problem(status=409, title=self.title, detail=detail)


def obstacle_of(scale_set: ScaleSet) -> Obstacle | None:
    """What prevents any rollout of this scale set; None if nothing does. What waiting does not mend
    comes first.
    """
    return lasting_obstacle_of(scale_set) or _operation(scale_set)


def lasting_obstacle_of(scale_set: ScaleSet) -> Obstacle | None:
    """What prevents a rollout until somebody changes the scale set."""
    return _upgrade_policy(scale_set) or _automatic_os_upgrades(scale_set) or _manager(scale_set)


def _upgrade_policy(scale_set: ScaleSet) -> Obstacle | None:
    policy = scale_set.upgrade_policy
    if scale_set.manual:
        return None
    return Obstacle(
        "Wrong upgrade policy",
        f"The upgrade policy of {scale_set.id} is {policy}: changing its model alone would "
        "let Azure take instances down, outside the rollout's control. Set "
        "upgradePolicy.mode to Manual first.",
    )


def _automatic_os_upgrades(scale_set: ScaleSet) -> Obstacle | None:
    if not scale_set.automatic_os_upgrades:
        return None
    return Obstacle(
        "Automatic OS upgrades are on",
        f"Azure itself upgrades the instances of scale set {scale_set.id.name} "
        "(upgradePolicy.automaticOSUpgradePolicy), and could do so in the middle of a rollout. "
        "Set enableAutomaticOSUpgrade to false first.",
    )


def _manager(scale_set: ScaleSet) -> Obstacle | None:
    if scale_set.managed_by is not Manager.AKS:
        return None
    return Obstacle(
        "Another service manages the scale set",
        f"Scale set {scale_set.id.name} is a node pool of {Manager.AKS} (its tags begin with "
        "aks-managed-), which does not know of changes made to it and undoes them. Upgrade the "
        "node pool instead: az aks nodepool upgrade --node-image-only.",
    )


def _operation(scale_set: ScaleSet) -> Obstacle | None:
    if not scale_set.moving:
        return None
    return Obstacle(
        "The scale set is being changed",
        f"{scale_set.id} is {scale_set.provisioning_state}: another operation runs on it. "
        "Wait until it has ended and start again; the activity log says whose it is.",
    )
