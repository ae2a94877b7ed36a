"""Whether a VM runs, from what Azure says of it."""

from enum import StrEnum


class Power(StrEnum):
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
        """Whether it does not run, or soon will not."""
        return self in _OFF


_OFF = {Power.STOPPING, Power.STOPPED, Power.DEALLOCATING, Power.DEALLOCATED}


def power_of(code: str | None) -> Power:
    """The power state in the code of an instance view; unknown when there is none."""
    name = (code or "").rpartition("/")[2].casefold()
    return Power(name) if name in set(Power) else Power.UNKNOWN
