"""Starting a rollout: everything that can refuse it, before Durable decides who was first."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from hub.durable import Client, find_instance
from hub.holding import held_already, hold
from hub.rollouts import find_rollout
from rollout.inspection import Inspection
from rollout.order import RolloutOrder
from rollout.problem import Problem, Refused
from rollout.request import RolloutRequest
from rollout.view import RolloutView
from triggers.looking import looked_at

type Inspect = Callable[[RolloutRequest], Inspection]

_LOOKS = 100
_BETWEEN_LOOKS_SECONDS = 0.1


async def start(
    client: Client, inspect: Inspect, request: RolloutRequest, made_id: str
) -> tuple[RolloutView, HTTPStatus]:
    """Start the rollout; or find that the same one was started before, and has ended (200).

    Raises Refused: 400, 404 or 409 when the rollout must not begin, 409 when another one holds the
    scale set or the id. Then nothing was started, and nothing was changed.
    """
    order = RolloutOrder(id=request.id or made_id, request=request)
    if same := await _started_before(client, order):
        return same, HTTPStatus.OK if same.phase.ended else HTTPStatus.ACCEPTED
    if not await held_already(client, order):
        await inspected(inspect, request)
        await hold(client, order)
    return await _visible(client, order), HTTPStatus.ACCEPTED


async def inspected(inspect: Inspect, request: RolloutRequest) -> Inspection:
    """What a look at the scale set came to. Raises Refused when the rollout must not begin."""
    inspection = await looked_at(inspect, request)
    if inspection.refusal:
        raise Refused(inspection.refusal)
    return inspection


async def _started_before(client: Client, order: RolloutOrder) -> RolloutView | None:
    instance = await find_instance(client, order.id)
    if instance is None:
        return None
    if instance.input != order.to_json():
        raise Refused(
            Problem(
                status=409,
                title="The id is taken",
                detail=f"A rollout with the id {order.id!r} was started with another request. "
                "Nothing was started: choose another id, or send the same request.",
                rollout_id=order.id,
            )
        )
    return await find_rollout(client, order.id)


async def _visible(client: Client, order: RolloutOrder) -> RolloutView:
    """The rollout's view once it can be read: it is started by the holder's first turn."""
    for _ in range(_LOOKS):
        if view := await find_rollout(client, order.id):
            return view
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    return RolloutView.waiting(order.id, order.request)
