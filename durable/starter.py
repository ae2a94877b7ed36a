"""Who has started a rollout or a fleet rollout, if a caller was signed in then."""

from durable.client import Client, find_instance
from durable.fleets import find_order
from rollout.base import Caller
from rollout.run import RolloutOrder


async def starter_of(client: Client, rollout_id: str) -> Caller | None:
    """None if nobody was signed in, or if an event has started it."""
    instance = await find_instance(client, rollout_id)
    return RolloutOrder.from_json(instance.input).started_by if instance else None


async def starter_of_fleet(client: Client, fleet_id: str) -> Caller | None:
    """The same for a fleet rollout."""
    order = await find_order(client, fleet_id)
    return order.started_by if order else None
