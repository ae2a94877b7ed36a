"""Inspects a scale set; who reports no health is rolled as an earlier rollout has accepted it."""

from typing import NamedTuple

from durable.azure_reads import Inspect, inspected
from durable.client import Client, started_as
from durable.rollouts import listed_rollouts
from rollout.base import Refused
from rollout.inventory import ScaleSetId
from rollout.plan import Plan, RolloutRequest
from rollout.run import ROLL_OUT, Inspection, RolloutOrder, lacks_health_source


class Admitted(NamedTuple):
    """A rollout may begin. `as_in` is the earlier rollout whose policy accepted the power state, if
    it may begin for that reason only.
    """

    request: RolloutRequest
    inspection: Inspection
    as_in: str | None = None

    @property
    def plan(self) -> Plan:
        return self.inspection.plan(self.request.policy).as_in(self.as_in)


async def inspected_as_before(
    client: Client, inspect: Inspect, request: RolloutRequest
) -> Admitted:
    """The result of inspecting the scale set. Raises Refused if the rollout must not begin."""
    try:
        return Admitted(request, await inspected(inspect, request))
    except Refused as refused:
        if not lacks_health_source(refused.problem):
            raise
        as_in = await _power_state_accepted_in(client, request.scale_set)
        if as_in is None:
            raise
    request = request.going_by("powerState")
    return Admitted(request, await inspected(inspect, request), as_in)


async def _power_state_accepted_in(client: Client, scale_set: ScaleSetId) -> str | None:
    """The rollout whose policy said so, if the last one of the scale set went by it. Only the last
    one counts: since an older one somebody may have thought better of it.
    """
    for line in await listed_rollouts(client):
        instance = await started_as(client, line.id) if line.scale_set == scale_set else None
        if instance and (order := instance.started_with(ROLL_OUT, RolloutOrder)):
            return order.accepted_power_state
    return None
