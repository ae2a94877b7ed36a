"""What an instance's health is, from what Azure says of it."""

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
    power: str | None,
    provisioning: str,
) -> Health:
    """The health of one instance.

    `vm_health` is the code of vmHealth ("HealthState/healthy"), absent where the instance has no
    health probe or extension; `reports_health` says whether the scale set's model has one. Without
    one, an instance that runs and is provisioned counts as healthy.
    """
    if source == "applicationHealth" or (source == "auto" and (reports_health or vm_health)):
        return _application_health(vm_health)
    if (power or "").casefold() == "powerstate/running":
        return Health.HEALTHY if provisioning.casefold() == "succeeded" else Health.UNKNOWN
    return Health.UNHEALTHY if power else Health.UNKNOWN


def _application_health(code: str | None) -> Health:
    name = (code or "").rpartition("/")[2].casefold()
    return Health(name) if name in set(Health) else Health.UNKNOWN
