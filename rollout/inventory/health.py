"""An instance's health, from what Azure reports."""

from enum import StrEnum
from typing import Literal


class Health(StrEnum):
    """Azure's application health states. Unknown and initializing are not unhealthy."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"
    INITIALIZING = "initializing"


HealthSource = Literal["auto", "applicationHealth", "powerState"]


def health_of(
    source: HealthSource,
    *,
    reports_health: bool,
    vm_health: str | None,
    power_state: str | None,
    provisioning: str,
) -> Health:
    """The health of one instance.

    `vm_health` is the code of vmHealth ("HealthState/healthy"), absent if the instance has no
    health probe or extension; `reports_health` is whether the scale set's model has one. Without
    one, an instance that is running and provisioned counts as healthy.
    """
    if source == "applicationHealth" or (source == "auto" and (reports_health or vm_health)):
        return _application_health(vm_health)
    if (power_state or "").casefold() == "powerstate/running":
        return Health.HEALTHY if provisioning.casefold() == "succeeded" else Health.UNKNOWN
    return Health.UNHEALTHY if power_state else Health.UNKNOWN


def _application_health(code: str | None) -> Health:
    name = (code or "").rpartition("/")[2].casefold()
    return Health(name) if name in set(Health) else Health.UNKNOWN
