"""Starting a fleet rollout: which scale sets it is about, and everything that can refuse it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from hub.durable import Client, find_instance, start_once
from hub.fleets import find_fleet, find_order, is_listed, list_fleets
from rollout.fleet_members import fleet_order, in_subscription, member_errors, selected
from rollout.fleet_order import FleetOrder, Member
from rollout.fleet_plan import FleetPlan, MemberPlan, WavePlan
from rollout.fleet_request import FleetRolloutRequest, Wave
from rollout.fleet_view import FleetRolloutView
from rollout.image import ImageRequest
from rollout.names import ROLL_OUT_FLEET
from rollout.plan import Plan
from rollout.problem import FieldError, Problem, Refused
from rollout.request import RolloutRequest
from rollout.scale_set_view import ScaleSetSummary
from triggers.answers import invalid
from triggers.looking import looked_at
from triggers.scale_sets import ScaleSets
from triggers.starting import Inspect, inspected

_LOOKS, _BETWEEN_LOOKS_SECONDS = 100, 0.1
_PLANS_AT_ONCE = 8


@dataclass(frozen=True)
class FleetLooks:
    """How to look at Azure before a fleet rollout: at one scale set, at those of a subscription,
    and when an image version was published (None when Azure does not say).
    """

    inspect: Inspect
    scale_sets: ScaleSets
    published_at: Callable[[str], datetime | None]


async def start_fleet(
    client: Client, looks: FleetLooks, request: FleetRolloutRequest, made_id: str
) -> tuple[FleetRolloutView, HTTPStatus]:
    """Start it; or find that the same one was started before, and has ended (200). Raises Refused:
    400 for scale sets that are not there or cannot be rolled, 409 for an id that is taken or scale
    sets that another fleet rollout is about.
    """
    fleet_id = request.id or made_id
    request = in_subscription(request, looks.scale_sets.subscription())
    if await find_instance(client, fleet_id):
        view = await _same(client, fleet_id, request)
        return view, HTTPStatus.OK if view.phase.ended else HTTPStatus.ACCEPTED
    order = await resolved(looks, fleet_id, request)
    await _refuse_overlap(client, order)
    if not await start_once(client, ROLL_OUT_FLEET, fleet_id, order.to_json()):
        return await _same(client, fleet_id, request), HTTPStatus.ACCEPTED
    return await _visible(client, order), HTTPStatus.ACCEPTED


async def resolved(looks: FleetLooks, fleet_id: str, request: FleetRolloutRequest) -> FleetOrder:
    """The scale sets of each wave, and the image pinned. Raises Refused."""
    there = await _there(looks.scale_sets, request)
    chosen = [selected(wave, there) for wave in request.waves]
    errors = member_errors(request, chosen, {one.id.key: one for one in there})
    if errors:
        raise invalid(errors)
    order = fleet_order(fleet_id, request, chosen)
    if request.image.wants_latest:
        image = await _pinned(looks.inspect, order)
        order = order.model_copy(update={"request": request.model_copy(update={"image": image})})
    return await _dated(looks, order)


async def plan_fleet(looks: FleetLooks, request: FleetRolloutRequest) -> FleetPlan:
    """What would happen to each scale set; changes nothing. Raises Refused."""
    request = in_subscription(request, looks.scale_sets.subscription())
    order = await resolved(looks, request.id or "plan", request)
    gate = asyncio.Semaphore(_PLANS_AT_ONCE)

    async def planned(member: Member) -> MemberPlan:
        async with gate:
            return MemberPlan.of(member.scale_set, await _plan(looks.inspect, order, member))

    waves = [
        WavePlan(name=wave.name, scale_sets=await asyncio.gather(*map(planned, members)))
        for wave, members in zip(order.request.waves, order.members, strict=True)
    ]
    instances = sum(one.instances for wave in waves for one in wave.scale_sets)
    return FleetPlan(image=order.request.image, waves=waves, instances=instances)


async def _plan(inspect: Inspect, order: FleetOrder, member: Member) -> Plan | Problem:
    policy = order.policies[member.policy]
    request = _request(order, member)
    try:
        return (await inspected(inspect, request)).plan(policy)
    except Refused as refused:
        return refused.problem


def _request(order: FleetOrder, member: Member) -> RolloutRequest:
    return RolloutRequest(
        scale_set=member.scale_set,
        image=order.request.image,
        policy=order.policies[member.policy],
    )


async def _there(look: ScaleSets, request: FleetRolloutRequest) -> list[ScaleSetSummary]:
    """Every scale set that the request can be about: a list of each place it names."""
    named = [
        (one.subscription.lower(), one.resource_group.lower())
        for wave in request.waves
        for one in wave.scale_sets or []
    ]
    selecting = [
        (_subscription(wave, number), wave.selector.resource_group)
        for number, wave in enumerate(request.waves)
        if wave.selector
    ]
    found: dict[str, ScaleSetSummary] = {}
    for place in dict.fromkeys([*named, *selecting]):
        found |= {one.id.key: one for one in await _listed(look, *place)}
    return list(found.values())


async def _listed(
    look: ScaleSets, subscription: str, resource_group: str | None
) -> list[ScaleSetSummary]:
    """Those of a place; a resource group that is not there has none."""
    try:
        return await looked_at(look.listed, subscription, resource_group)
    except Refused as refused:
        if refused.problem.status != HTTPStatus.NOT_FOUND:
            raise
        return []


def _subscription(wave: Wave, number: int) -> str:
    if wave.selector and wave.selector.subscription:
        return wave.selector.subscription.lower()
    message = "is required: name it, or set AZURE_SUBSCRIPTION_ID for the app"
    raise invalid([FieldError(path=f"waves[{number}].selector.subscription", message=message)])


async def _pinned(inspect: Inspect, order: FleetOrder) -> ImageRequest:
    """`latest` means one version for all waves: the one it means now for the first scale set."""
    first = next(member for members in order.members for member in members)
    target = (await inspected(inspect, _request(order, first))).target
    asked = order.request.image
    if target is None or target.id:
        return ImageRequest(id=target.id if target else asked.id)
    return asked.model_copy(update={"version": target.version})


async def _dated(looks: FleetLooks, order: FleetOrder) -> FleetOrder:
    """With when the image was published, where a wave wants it to be of some age."""
    wanting = [number for number, wave in enumerate(order.request.waves) if wave.minimum_image_age]
    if not wanting:
        return order
    image_id = order.request.image.id or ""
    published = await looked_at(looks.published_at, image_id)
    if published is None:
        message = "needs a version in a gallery: of other images, Azure says no age"
        path = f"waves[{wanting[0]}].minimumImageAge"
        raise invalid([FieldError(path=path, message=message)])
    return order.model_copy(update={"published_at": published})


async def _refuse_overlap(client: Client, order: FleetOrder) -> None:
    ours = {member.scale_set.key for members in order.members for member in members}
    for one in await list_fleets(client):
        other = None if one.phase.ended else await find_order(client, one.id)
        members = [member for wave in (other.members if other else []) for member in wave]
        both = next((member for member in members if member.scale_set.key in ours), None)
        if both:
            raise Refused(
                Problem(
                    status=HTTPStatus.CONFLICT,
                    title="A fleet rollout is active on some of these scale sets",
                    detail=f"Fleet rollout {one.id!r} is about {both.scale_set} too. Nothing was "
                    "started: wait until it has ended, or abort it "
                    f"(POST /api/fleet-rollouts/{one.id}/abort).",
                    rollout_id=one.id,
                )
            )


async def _same(client: Client, fleet_id: str, request: FleetRolloutRequest) -> FleetRolloutView:
    """The one of that id, if it was started with this request. Raises Refused (409)."""
    order, view = await find_order(client, fleet_id), await find_fleet(client, fleet_id)
    asked = request.model_copy(update={"id": None, "image": request.image})
    if order and view and _unpinned(order, request) == asked:
        return view
    raise Refused(
        Problem(
            status=HTTPStatus.CONFLICT,
            title="The id is taken",
            detail=f"Something with the id {fleet_id!r} was started with another request. Nothing "
            "was started: choose another id, or send the same request.",
            rollout_id=fleet_id,
        )
    )


def _unpinned(order: FleetOrder, request: FleetRolloutRequest) -> FleetRolloutRequest:
    """The request it was started with; `latest` was pinned then."""
    image = request.image if request.image.wants_latest else order.request.image
    return order.request.model_copy(update={"id": None, "image": image})


async def _visible(client: Client, order: FleetOrder) -> FleetRolloutView:
    """As it is when the list knows it too: who then starts another on its scale sets is refused."""
    for _ in range(_LOOKS):
        view = await find_fleet(client, order.id)
        if view and await is_listed(client, order.id):
            return view
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    return FleetRolloutView.waiting(order)
