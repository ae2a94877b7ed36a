"""The policies of a fleet rollout before it begins: what is wrong with them, and what the gates
between its waves say now.
"""

import asyncio

from durable.azure_reads import Inspect, RefusePolicy, TryGates, read_azure
from durable.fleet_plan import request_of
from durable.rollout_start import NO_TIME, NOT_ALLOWED
from rollout.base import Refused
from rollout.fleet import FleetOrder, questions_now, refused_policies
from rollout.gates import GateTrial


async def refuse_policies(refused: RefusePolicy, order: FleetOrder) -> None:
    """Raises Refused (400) if nothing may begin by one of its policies, whatever the scale set."""
    used = order.used_policies
    asked = [asyncio.to_thread(refused, policy) for policy in used.values()]
    problems = dict(zip(used, await asyncio.gather(*asked), strict=True))
    if problem := refused_policies(order, problems):
        raise Refused(problem)


async def tried_gates(
    inspect: Inspect, order: FleetOrder, try_gates: TryGates | None
) -> list[GateTrial]:
    """What the gates between its waves say now, each asked once; by Azure's time, which may be
    another one than the machine's in a simulation.
    """
    if not order.gates:
        return []
    if try_gates is None:
        return [GateTrial.untried(gate, NOT_ALLOWED) for gate in order.gates]
    first = next(member for members in order.members for member in members)
    found = await read_azure(inspect, request_of(order, first))
    if found.listing is None or found.listing.at is None:
        return [GateTrial.untried(gate, NO_TIME) for gate in order.gates]
    return await try_gates(questions_now(order, found.listing.at))
