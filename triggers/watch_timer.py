"""What the timer does that looks after what has nobody above it."""

from durable import Client, ReadRules, is_anything_active, keep_couriers, keep_line, start_watch


async def watch_rollouts(news: ReadRules, client: Client) -> None:
    """An orchestration does the work: it has a clock, and goes on after a crash. News are looked
    after last, and even if nothing is active: what was not delivered outlives its rollout.
    """
    if await is_anything_active(client):
        await start_watch(client)
    await keep_line(client)
    await keep_couriers(client, news)
