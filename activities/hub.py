"""The activities that ask Durable: what other orchestrations are, and have left."""

from activities.shell import HubActivity
from hub.durable import Client, entity_state
from rollout.record import RECORD_ENTITY, LeftBehind, left_behind
from rollout.task import LookBack


async def look_back(client: Client, task: LookBack) -> LeftBehind:
    """What a rollout says in its record that it did and did not undo."""
    return left_behind(await entity_state(client, RECORD_ENTITY, task.rollout_id))


HUB_ACTIVITIES = (HubActivity("look_back", LookBack, look_back),)
