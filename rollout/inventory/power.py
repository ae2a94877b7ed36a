"""Whether a VM is running, from what Azure reports."""

from enum import StrEnum


class PowerState(StrEnum):
    """Azure's power states (the codes are "PowerState/running" and so on)."""

    RUNNING = "running"
    STARTING = "starting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DEALLOCATING = "deallocating"
    DEALLOCATED = "deallocated"
    UNKNOWN = "unknown"

    @property
    def off(self) -> bool:
        """Whether it is not running, or soon will not be."""
        return self in _OFF


_OFF = {PowerState.STOPPING, PowerState.STOPPED, PowerState.DEALLOCATING, PowerState.DEALLOCATED}


def power_state_of(code: str | None) -> PowerState:
    """The power state in an instance view's code; unknown if there is none."""
    name = (code or "").rpartition("/")[2].casefold()
    return PowerState(name) if name in set(PowerState) else PowerState.UNKNOWN
