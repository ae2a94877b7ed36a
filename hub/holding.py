"""Holding a scale set for a rollout: of any number of simultaneous starts exactly one wins."""

import asyncio

from hub.durable import Client, find_instance, start_once
from hub.rollouts import find_rollout, list_rollouts
from rollout.names import HOLD_SCALE_SET, holder_id
from rollout.order import RolloutOrder
from rollout.problem import Problem, Refused

_LOOKS = 100
_BETWEEN_LOOKS_SECONDS = 0.1


async def hold(client: Client, order: RolloutOrder) -> None:
    """Start it, alone on its scale set. Raises Refused (409) while another one holds that."""
    holder = holder_id(order.request.scale_set)
    while not await start_once(client, HOLD_SCALE_SET, holder, order.to_json()):
        if await held_already(client, order):
            break


async def hold_at_once(client: Client, order: RolloutOrder) -> str | None:
    """Start it, alone on its scale set; or the id of the rollout that has the scale set. Asks once
    and waits for nobody.
    """
    holder = holder_id(order.request.scale_set)
    if await start_once(client, HOLD_SCALE_SET, holder, order.to_json()):
        return None
    instance = await find_instance(client, holder)
    if instance is None or instance.input == order.to_json():
        return None
    return str(instance.input["id"])


async def held_already(client: Client, order: RolloutOrder) -> bool:
    """Whether this same rollout holds the scale set already: the same start came twice at once.

    Raises Refused while another one holds it. One that has ended is about to let go: that is
    waited for.
    """
    rollout_id = ""
    for _ in range(_LOOKS):
        holder = await find_instance(client, holder_id(order.request.scale_set))
        if holder is None or not holder.active:
            await _refuse_while_one_goes_on(client, order)
            return False
        if holder.input == order.to_json():
            return True
        rollout_id = str(holder.input["id"])
        view = await find_rollout(client, rollout_id)
        if view is None or not view.phase.ended:
            raise Refused(_held(order, rollout_id))
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    raise Refused(_held(order, rollout_id))


async def _refuse_while_one_goes_on(client: Client, order: RolloutOrder) -> None:
    """A rollout goes on when somebody terminates its holder through Durable."""
    for one in await list_rollouts(client):
        if one.scale_set.key == order.request.scale_set.key and not one.phase.ended:
            raise Refused(_held(order, one.id))


def _held(order: RolloutOrder, rollout_id: str) -> Problem:
    return Problem(
        status=409,
        title="A rollout is active on this scale set",
        detail=f"Rollout {rollout_id!r} is active on {order.request.scale_set}, and there is only "
        "ever one. Nothing was started: wait until it has ended, or abort it "
        f"(POST /api/rollouts/{rollout_id}/abort).",
        rollout_id=rollout_id,
    )
