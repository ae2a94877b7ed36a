"""Who has started a rollout or a fleet rollout, if a caller was signed in then."""

from durable.client import Client, started_as
from durable.fleets import find_order
from rollout.base import Caller
from rollout.run import ROLL_OUT, RolloutOrder


async def starter_of(client: Client, rollout_id: str) -> Caller | None:
    """None if nobody was signed in, or if an event has started it."""
    instance = await started_as(client, rollout_id)
    order = instance.started_with(ROLL_OUT, RolloutOrder) if instance else None
    return order.started_by if order else None


async def starter_of_fleet(client: Client, fleet_id: str) -> Caller | None:
    """The same for a fleet rollout."""
    order = await find_order(client, fleet_id)
    return order.started_by if order else None
