"""Azure's own rolling upgrade: what rollingUpgrades/latest answers."""

from collections import Counter
from datetime import datetime

from local.arm.base import Json, instant
from local.arm.model import Deployment, ScaleSet

_POLICY = {
    "maxBatchInstancePercent": 20,
    "maxUnhealthyInstancePercent": 20,
    "maxUnhealthyUpgradedInstancePercent": 20,
    "pauseTimeBetweenBatches": "PT0S",
    "maxSurge": False,
    "rollbackFailedInstancesOnPolicyBreach": False,
}


def rolling_upgrade_body(scale_set: ScaleSet, now: datetime) -> Json | None:
    """As in the recorded exchange rollingUpgrades-latest; None when there never was one.

    Here it always runs to the end, and is then Completed, however many instances failed.
    """
    latest = scale_set.rolling_upgrade
    if not latest:
        return None
    start = min(deployment.start for deployment in latest)
    counts = Counter(_state(deployment, now) for deployment in latest)
    running = counts["inProgress"] or counts["pending"]
    names = ("successful", "failed", "inProgress", "pending")
    return {
        "type": "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades",
        "location": scale_set.spec.location,
        "properties": {
            "policy": _POLICY,
            "runningStatus": {
                "lastAction": "Start",
                "lastActionTime": instant(start),
                "code": "RollingForward" if running else "Completed",
                "startTime": instant(start),
            },
            "progress": {f"{name}InstanceCount": counts[name] for name in names},
        },
    }


def _state(deployment: Deployment, now: datetime) -> str:
    if now < deployment.start:
        return "pending"
    if now < deployment.ready:
        return "inProgress"
    return "failed" if deployment.fails else "successful"
