"""Rolling back a rollout that has ended: a new orchestration, under the same id for people."""

import asyncio
from typing import Any

from hub.durable import Client, entity_state, find_instance
from hub.holding import hold
from rollout.back import Back
from rollout.command import Command
from rollout.names import rollback_id
from rollout.order import RolloutOrder
from rollout.record import RECORD_ENTITY
from rollout.skip import was_given_up
from rollout.view import RolloutView

_LOOKS, _BETWEEN_LOOKS_SECONDS = 100, 0.1


async def go_back(client: Client, view: RolloutView, command: Command) -> None:
    """Start the way back. Raises Refused (409) while another rollout holds the scale set."""
    order = await back_order(client, view, command)
    if order is None:
        return
    await hold(client, order)
    for _ in range(_LOOKS):
        if await find_instance(client, rollback_id(view.id)):
            return
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)


async def back_order(
    client: Client, view: RolloutView, command: Command, wave: str | None = None
) -> RolloutOrder | None:
    """What the way back of that rollout is started with; None when nothing was moved. `wave` is
    told when it has ended.
    """
    instance = await find_instance(client, view.id)
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, view.id) or {}
    if instance is None or not record.get("baseline"):
        return None
    back = Back(
        command=command,
        image=view.image,
        batch=view.batch,
        baseline=record["baseline"],
        rows=view.rows,
        given_up=[one for one, reason in record["reasons"].items() if was_given_up(reason)],
        started_at=view.started_at,
    )
    order = RolloutOrder.from_json(instance.input)
    return order.model_copy(update={"back": back, "wave": wave})


async def listening(client: Client, view: RolloutView) -> str:
    """The id of the orchestration that hears verbs now."""
    back = rollback_id(view.id)
    return back if await find_instance(client, back) else view.id
