"""Rolls back a rollout that has ended: a new orchestration, under the same id for users."""

from typing import Any

from durable.client import Client, entity_state, find_instance
from durable.lock import start_locked
from durable.until import until
from rollout.plan import was_given_up
from rollout.run import (
    RECORD_ENTITY,
    Command,
    RollbackRequest,
    RolloutOrder,
    RolloutView,
    rollback_id,
)


async def start_rollback(client: Client, view: RolloutView, command: Command) -> None:
    """Start the rollback. Raises Refused (409) while another rollout has the lock."""
    order = await rollback_order(client, view, command)
    if order is None:
        return
    await start_locked(client, order)
    await until(lambda: find_instance(client, rollback_id(view.id)))


async def rollback_order(
    client: Client, view: RolloutView, command: Command, wave: str | None = None
) -> RolloutOrder | None:
    """What that rollout's rollback is started with; None if nothing was moved. `wave` will be
    notified when it has ended.
    """
    instance = await find_instance(client, view.id)
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, view.id) or {}
    if instance is None or not record.get("baseline"):
        return None
    rollback = RollbackRequest(
        command=command,
        image=view.image,
        batch=view.batch,
        baseline=record["baseline"],
        rows=view.rows,
        given_up=[key for key, reason in record["reasons"].items() if was_given_up(reason)],
        started_at=view.started_at,
    )
    order = RolloutOrder.from_json(instance.input)
    return order.model_copy(update={"rollback": rollback, "wave": wave})


async def listening_id(client: Client, view: RolloutView) -> str:
    """The id of the orchestration that receives commands now."""
    rollback = rollback_id(view.id)
    return rollback if await find_instance(client, rollback) else view.id
