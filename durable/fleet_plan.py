"""Plans a fleet rollout, and refuses an image that none of its scale sets can take."""

import asyncio
from itertools import batched

from durable.azure_reads import Inspect, inspected
from durable.client import Client
from durable.rollout_start import plan_rollout
from rollout.base import Problem, Refused
from rollout.fleet import (
    FleetMember,
    FleetOrder,
    FleetPlan,
    MemberPlan,
    WavePlan,
    about_the_image,
    unusable_image,
)
from rollout.plan import Plan, RolloutRequest

_PLANS_AT_ONCE = 8
_MOST_ASKED = 200
"""How many scale sets a start asks whether they can take the image, until one can."""


async def planned_fleet(client: Client, inspect: Inspect, order: FleetOrder) -> FleetPlan:
    """The plan of all its scale sets. Raises Refused if none can take the image."""
    gate = asyncio.Semaphore(_PLANS_AT_ONCE)

    async def planned(member: FleetMember) -> Plan | Problem:
        async with gate:
            return await _plan(client, inspect, order, member)

    waves = [await asyncio.gather(*map(planned, members)) for members in order.members]
    _refuse_if_all_are_about_the_image([plan for wave in waves for plan in wave])
    plans = [
        WavePlan.of(
            wave,
            [
                MemberPlan.of(member.scale_set, plan)
                for member, plan in zip(members, found, strict=True)
            ],
        )
        for wave, members, found in zip(order.request.waves, order.members, waves, strict=True)
    ]
    return FleetPlan.of(order.request.image, plans)


async def refuse_unusable_image(inspect: Inspect, order: FleetOrder) -> None:
    """Raises Refused if no scale set can take the image. One that can is enough, so usually only
    one is asked. Whatever else there is about a scale set may have changed when its turn comes.
    """
    members = [member for members in order.members for member in members]
    first, others = members[:1], members[1:_MOST_ASKED]
    problems: list[Problem] = []
    for some in [first, *batched(others, _PLANS_AT_ONCE, strict=False)]:
        asked = [_problem(inspect, order, member) for member in some]
        for problem in await asyncio.gather(*asked):
            if problem is None or not about_the_image(problem):
                return
            problems.append(problem)
    if len(problems) == len(members):
        raise Refused(unusable_image(problems))


async def _problem(inspect: Inspect, order: FleetOrder, member: FleetMember) -> Problem | None:
    try:
        await inspected(inspect, request_of(order, member))
    except Refused as refused:
        return refused.problem
    return None


async def _plan(
    client: Client, inspect: Inspect, order: FleetOrder, member: FleetMember
) -> Plan | Problem:
    try:
        return await plan_rollout(client, inspect, request_of(order, member), None)
    except Refused as refused:
        return refused.problem


def _refuse_if_all_are_about_the_image(plans: list[Plan | Problem]) -> None:
    problems = [plan for plan in plans if isinstance(plan, Problem) and about_the_image(plan)]
    if len(problems) == len(plans):
        raise Refused(unusable_image(problems))


def request_of(order: FleetOrder, member: FleetMember) -> RolloutRequest:
    """What the rollout of that scale set would be asked for."""
    return RolloutRequest(
        scale_set=member.scale_set,
        image=order.request.image,
        policy=order.policies[member.policy].of_one_scale_set,
    )
