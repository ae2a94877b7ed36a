"""The orchestrations of many scale sets: a fleet rollout, and each of its waves."""

from orchestrators.fleet.fleet import roll_out_fleet
from orchestrators.fleet.wave import roll_out_wave

__all__ = [
    "roll_out_fleet",
    "roll_out_wave",
]
