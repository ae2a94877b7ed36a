"""Starts the look at what has nobody above it."""

from durable.client import Client, start
from rollout.base import Value
from rollout.watch import WATCH, WATCH_ID


class _Nothing(Value):
    """The look needs no input."""


async def start_watch(client: Client) -> None:
    """Begin a look, unless one is under way."""
    await start(client, WATCH, WATCH_ID, _Nothing().to_json())
