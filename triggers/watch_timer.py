"""What the timer does that looks after what has nobody above it."""

from durable import Client, is_anything_active, start_watch


async def watch_rollouts(client: Client) -> None:
    """An orchestration does the work: it has a clock, and goes on after a crash."""
    if await is_anything_active(client):
        await start_watch(client)
