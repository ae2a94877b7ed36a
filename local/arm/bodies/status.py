"""InstanceViewStatus objects, as recorded."""

from datetime import datetime

from local.arm.base import Json, instant
from local.arm.model import Health, Power, Provisioning

_PROVISIONING = {
    Provisioning.SUCCEEDED: ("succeeded", "Provisioning succeeded"),
    Provisioning.UPDATING: ("updating", "Updating"),
    Provisioning.CREATING: ("creating", "Creating"),
    Provisioning.DELETING: ("deleting", "Deleting"),
}
_HEALTH_LEVELS = {Health.HEALTHY: "Info", Health.UNHEALTHY: "Warning"}
FAILURE = "VMExtensionProvisioningError"


def provisioning_status(state: str, since: datetime) -> Json:
    """A state without a time is one that has not ended yet."""
    if state == Provisioning.FAILED:
        code = f"ProvisioningState/failed/{FAILURE}"
        return status(code, "Provisioning failed", "Error") | {"time": instant(since)}
    name, shown = _PROVISIONING[Provisioning(state)]
    ended = {"time": instant(since)} if state == Provisioning.SUCCEEDED else {}
    return status(f"ProvisioningState/{name}", shown) | ended


def power_status(power: Power) -> Json:
    return status(f"PowerState/{power}", f"VM {power}")


def health_status(health: Health, since: datetime) -> Json:
    """What vmHealth says of a VM whose model has a health probe or extension."""
    level = _HEALTH_LEVELS.get(health, "Info")
    shown = f"The VM is reporting itself as {health}"
    return {"status": status(f"HealthState/{health}", shown, level) | {"time": instant(since)}}


def status(code: str, shown: str, level: str = "Info") -> Json:
    return {"code": code, "level": level, "displayStatus": shown}
