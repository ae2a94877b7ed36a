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
UsedHealthSource = Literal["applicationHealth", "powerState"]


def source_used(source: HealthSource, *, reports_health: bool) -> UsedHealthSource:
    """Where health really comes from; `reports_health` is whether the scale set's model has a
    source. If it has none, `auto` leaves nothing but the power state.
    """
    if source == "auto":
        return "applicationHealth" if reports_health else "powerState"
    return source


def health_of(
    source: HealthSource,
    *,
    vm_health: str | None,
    power_state: str | None,
    provisioning: str,
) -> Health:
    """The health of one instance.

    `vm_health` is the code of vmHealth ("HealthState/healthy"), absent if the instance has no
    health probe or extension. Only with `powerState` does an instance that is running and
    provisioned count as healthy: `auto` never guesses.
    """
    if source != "powerState":
        return _application_health(vm_health)
    if (power_state or "").casefold() == "powerstate/running":
        return Health.HEALTHY if provisioning.casefold() == "succeeded" else Health.UNKNOWN
    return Health.UNHEALTHY if power_state else Health.UNKNOWN


def _application_health(code: str | None) -> Health:
    name = (code or "").rpartition("/")[2].casefold()
    return Health(name) if name in set(Health) else Health.UNKNOWN
