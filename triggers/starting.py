"""Starting a rollout: everything that can refuse it, before Durable decides who was first."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from rollout.inspection import Inspection
from rollout.names import HOLD_SCALE_SET, holder_id
from rollout.order import RolloutOrder
from rollout.problem import Problem
from rollout.request import RolloutRequest
from rollout.view import RolloutView
from triggers.answers import Refused
from triggers.durable import Client, find_instance, start_once
from triggers.looking import looked_at
from triggers.views import find_rollout

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
    if not await _held_already(client, order):
        await inspected(inspect, request)
        await hold(client, order)
    return await _visible(client, order), HTTPStatus.ACCEPTED


async def hold(client: Client, order: RolloutOrder) -> None:
    """Start it, alone on its scale set. Raises Refused (409) while another one holds that."""
    holder = holder_id(order.request.scale_set)
    while not await start_once(client, HOLD_SCALE_SET, holder, order.to_json()):
        if await _held_already(client, order):
            break


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


async def _held_already(client: Client, order: RolloutOrder) -> bool:
    """Whether this same rollout holds the scale set already: the same start came twice at once.

    Raises Refused while another one holds it. One that has ended is about to let go: that is
    waited for.
    """
    rollout_id = ""
    for _ in range(_LOOKS):
        holder = await find_instance(client, holder_id(order.request.scale_set))
        if holder is None or not holder.active:
            return False
        if holder.input == order.to_json():
            return True
        rollout_id = str(holder.input["id"])
        view = await find_rollout(client, rollout_id)
        if view is None or not view.phase.ended:
            raise Refused(_held(order, rollout_id))
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    raise Refused(_held(order, rollout_id))


def _held(order: RolloutOrder, rollout_id: str) -> Problem:
    return Problem(
        status=409,
        title="A rollout is active on this scale set",
        detail=f"Rollout {rollout_id!r} is active on {order.request.scale_set}, and there is only "
        "ever one. Nothing was started: wait until it has ended, or abort it "
        f"(POST /api/rollouts/{rollout_id}/abort).",
        rollout_id=rollout_id,
    )


async def _visible(client: Client, order: RolloutOrder) -> RolloutView:
    """The rollout's view once it can be read: it is started by the holder's first turn."""
    for _ in range(_LOOKS):
        if view := await find_rollout(client, order.id):
            return view
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    return RolloutView.waiting(order.id, order.request)
