"""Which rollouts stand still, as the last look at what has nobody above it has found."""

from datetime import datetime

from durable.client import Client, index_lines
from rollout.run import STANDING_INDEX_KEY, ProgressFields
from rollout.watch import StandingStill


async def standing_still(client: Client) -> dict[str, datetime]:
    """The ids of the rollouts that stand still, and since when."""
    found = await index_lines(client, STANDING_INDEX_KEY)
    lines = [StandingStill.from_json(line) for line in found]
    return {line.id: line.since for line in lines}


async def with_standing[V: ProgressFields](client: Client, views: list[V]) -> list[V]:
    """The views or lines, with how long they have been standing still if they are."""
    if all(view.phase.ended for view in views):
        return views
    known = await standing_still(client)
    return [
        view.standing_still(known[view.id]) if view.id in known and not view.phase.ended else view
        for view in views
    ]
