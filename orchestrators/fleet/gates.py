"""Asks the gates between two waves of a fleet rollout."""

from orchestrators.engine import Steps
from orchestrators.fleet.run import FleetRun
from orchestrators.gates import Keeper
from rollout.fleet import WaveSite


def pass_wave_gates(run: FleetRun, index: int) -> Steps[None]:
    """Returns when the gates after the wave of that index have passed; at once if they have before.
    Raises Concluded. Without gates there, nothing is done at all.
    """
    if index >= 0 and (gates := run.order.gates_of(index)):
        yield from Keeper(run, WaveSite(index), gates).passed()
