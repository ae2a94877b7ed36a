"""Starts a fleet rollout: resolves its scale sets, and makes every check that can refuse it."""

import asyncio
from http import HTTPStatus

from durable.azure_reads import (
    AzureReads,
    Inspect,
    ScaleSetReads,
    TryGates,
    inspected,
    read_azure,
)
from durable.client import Client, started_as
from durable.fleet_gates import refuse_policies, tried_gates
from durable.fleet_lock import start_fleet_locked
from durable.fleet_plan import planned_fleet, refuse_unusable_image, request_of
from durable.fleets import find_fleet, find_order
from durable.line import refuse_if_stopped
from durable.lock import id_taken
from durable.record import read_record
from rollout.base import Caller, FieldError, Refused, differences, invalid
from rollout.fleet import (
    FleetOrder,
    FleetPlan,
    FleetRolloutRequest,
    FleetRolloutView,
    Wave,
    fleet_order,
    fleet_sent_back,
    in_subscription,
    member_errors,
    scale_sets_of,
)
from rollout.inventory import ImageRequest, ScaleSetSummary
from rollout.run import Command


async def start_fleet(
    client: Client,
    reads: AzureReads,
    request: FleetRolloutRequest,
    made_id: str,
    token: str,
    caller: Caller | None,
) -> tuple[FleetRolloutView, HTTPStatus]:
    """Start it; or find that the same one was started before, and has ended (200). Raises Refused:
    400 for scale sets that do not exist or cannot be rolled, 400 or 404 for an image that none can
    take, 409 for an id that is taken, scale sets that another active fleet rollout includes, a plan
    that is another by now, or while the line is stopped. `token` is different for each call,
    `caller` is who is signed in.
    """
    fleet_id = request.id or made_id
    request = in_subscription(request, reads.scale_sets.subscription())
    if await started_as(client, fleet_id):
        view = await _same(client, fleet_id, request)
        return view, HTTPStatus.OK if view.phase.ended else HTTPStatus.ACCEPTED
    await refuse_if_stopped(client)
    order = await _startable(reads, fleet_id, request)
    await _still_as_planned(client, reads.inspect, order)
    order = order.model_copy(update={"started_by": caller, "run": token})
    await start_fleet_locked(client, order, token)
    return await _same(client, fleet_id, request), HTTPStatus.ACCEPTED


async def _still_as_planned(client: Client, inspect: Inspect, order: FleetOrder) -> None:
    """Raises Refused if no scale set can take the image, or if the plan is another one by now. Only
    a start that names its plan has all scale sets planned again.
    """
    if order.request.plan is None:
        await refuse_unusable_image(inspect, order)
        return
    plan = await planned_fleet(client, inspect, order)
    if problem := plan.changed_since(order.request.plan):
        raise Refused(problem)


async def roll_back_fleet(
    client: Client, view: FleetRolloutView, command: Command, token: str
) -> None:
    """Roll back a fleet rollout that has ended: a new orchestration under the same id for users.
    Raises Refused (409) if another one has some of its scale sets.
    """
    order = await find_order(client, view.id)
    if order is None or view.started_at is None:
        return
    record = await read_record(client, view.id)
    sent_back = fleet_sent_back(order, view, record, view.started_at, command)
    await start_fleet_locked(client, sent_back, token)


async def resolved(reads: AzureReads, fleet_id: str, request: FleetRolloutRequest) -> FleetOrder:
    """The scale sets of each wave, and the pinned image. Raises Refused."""
    there = await _there(reads.scale_sets, request)
    chosen = [scale_sets_of(wave, there) for wave in request.waves]
    errors = member_errors(request, chosen, {scale_set.id.key: scale_set for scale_set in there})
    if errors:
        raise invalid(errors)
    capacities = {scale_set.id.key: scale_set.capacity for scale_set in there}
    order = fleet_order(fleet_id, request, chosen, capacities)
    if request.image.wants_latest:
        image = await _pinned(reads.inspect, order)
        order = order.model_copy(update={"request": request.model_copy(update={"image": image})})
    return await _dated(reads, order)


async def plan_fleet(
    client: Client, reads: AzureReads, request: FleetRolloutRequest, try_gates: TryGates | None
) -> FleetPlan:
    """What would happen to each scale set; changes nothing. Raises Refused. Without `try_gates` the
    gates between its waves are not asked.
    """
    request = in_subscription(request, reads.scale_sets.subscription())
    order = await _startable(reads, request.id or "plan", request)
    plan = await planned_fleet(client, reads.inspect, order)
    return plan.tried(await tried_gates(reads.inspect, order, try_gates))


async def _startable(reads: AzureReads, fleet_id: str, request: FleetRolloutRequest) -> FleetOrder:
    """Its order, if nothing is wrong with its policies. Raises Refused."""
    order = await resolved(reads, fleet_id, request)
    await refuse_policies(reads.policies.refused, order)
    return order.starting(await asyncio.to_thread(reads.policies.calendar))


async def _there(reads: ScaleSetReads, request: FleetRolloutRequest) -> list[ScaleSetSummary]:
    """Every scale set that the request may include: one list for each place it names."""
    named = [
        (scale_set.subscription.lower(), scale_set.resource_group.lower())
        for wave in request.waves
        for scale_set in wave.scale_sets or []
    ]
    selecting = [
        (_subscription(wave, number), wave.selector.resource_group)
        for number, wave in enumerate(request.waves)
        if wave.selector
    ]
    found: dict[str, ScaleSetSummary] = {}
    for place in dict.fromkeys([*named, *selecting]):
        found |= {scale_set.id.key: scale_set for scale_set in await _listed(reads, *place)}
    return list(found.values())


async def _listed(
    reads: ScaleSetReads, subscription: str, resource_group: str | None
) -> list[ScaleSetSummary]:
    """The scale sets of a place; a resource group that does not exist has none."""
    try:
        return await read_azure(reads.listed, subscription, resource_group)
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
    """`latest` means one version for all waves: what it means now for the first scale set."""
    first = next(member for members in order.members for member in members)
    target = (await inspected(inspect, request_of(order, first))).target
    asked = order.request.image
    if target is None or target.id:
        return ImageRequest(id=target.id if target else asked.id)
    return asked.model_copy(update={"version": target.version})


async def _dated(reads: AzureReads, order: FleetOrder) -> FleetOrder:
    """With the image's publication time, if a wave has a minimum image age."""
    wanting = [number for number, wave in enumerate(order.request.waves) if wave.minimum_image_age]
    if not wanting:
        return order
    image_id = order.request.image.id or ""
    published = await read_azure(reads.published_at, image_id)
    if published is None:
        message = "needs a version in a gallery: Azure reports no age of other images"
        path = f"waves[{wanting[0]}].minimumImageAge"
        raise invalid([FieldError(path=path, message=message)])
    return order.model_copy(update={"published_at": published})


async def _same(client: Client, fleet_id: str, request: FleetRolloutRequest) -> FleetRolloutView:
    """The fleet rollout of that id, if it was started with this request. Raises Refused (409)."""
    order, view = await find_order(client, fleet_id), await find_fleet(client, fleet_id)
    asked = request.model_copy(update={"id": None, "image": request.image})
    if order and view and _unpinned(order, request) == asked:
        return view
    before = _unpinned(order, request).to_json() if order else asked.to_json()
    raise Refused(id_taken(fleet_id, differences(before, asked.to_json())))


def _unpinned(order: FleetOrder, request: FleetRolloutRequest) -> FleetRolloutRequest:
    """The request it was started with; its `latest` has been pinned since."""
    image = request.image if request.image.wants_latest else order.request.image
    return order.request.model_copy(update={"id": None, "image": image})
