"""Starts a rollout: every check that can refuse it, before Durable decides which start wins."""

from http import HTTPStatus

from durable.azure_reads import Inspect, inspected
from durable.client import Client, find_instance
from durable.lock import has_lock, start_locked
from durable.rollouts import find_rollout
from durable.until import until
from rollout.base import Problem, Refused
from rollout.plan import RolloutRequest
from rollout.run import ROLL_OUT, RolloutOrder, RolloutView


async def start_rollout(
    client: Client, inspect: Inspect, request: RolloutRequest, made_id: str
) -> tuple[RolloutView, HTTPStatus]:
    """Start the rollout; or find that the same one was started before, and has ended (200).

    Raises Refused: 400, 404 or 409 if the rollout must not begin, 409 if another one has the scale
    set or the id. Then nothing was started, and nothing was changed.
    """
    order = RolloutOrder(id=request.id or made_id, request=request)
    if same := await _started_before(client, order):
        return same, HTTPStatus.OK if same.phase.ended else HTTPStatus.ACCEPTED
    if not await has_lock(client, order):
        await inspected(inspect, request)
        await start_locked(client, order)
    # It appears a little later: the first turn of the lock starts it.
    view = await until(lambda: find_rollout(client, order.id))
    return view or RolloutView.waiting(order.id, order.request), HTTPStatus.ACCEPTED


async def _started_before(client: Client, order: RolloutOrder) -> RolloutView | None:
    instance = await find_instance(client, order.id)
    if instance is None:
        return None
    if instance.name == ROLL_OUT and RolloutOrder.from_json(instance.input) == order:
        return await find_rollout(client, order.id)
    raise Refused(
        Problem(
            status=409,
            title="The id is taken",
            detail=f"A rollout with the id {order.id!r} was started with another request. "
            "Nothing was started: choose another id, or send the same request.",
            rollout_id=order.id,
        )
    )
