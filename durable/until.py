"""Polls for some seconds: Durable carries out what it is asked a little later."""

import asyncio
from collections.abc import Awaitable, Callable

LOOKS = 100
BETWEEN_LOOKS_SECONDS = 0.2
"""Together longer than three polling intervals of another worker (host.json,
maxQueuePollingInterval): a message may have to pass three of them.
"""


async def until[T](look: Callable[[], Awaitable[T | None]], looks: int = LOOKS) -> T | None:
    """The first result of `look` that is not None; None if that takes too long."""
    for number in range(looks):
        if number:
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
        found = await look()
        if found is not None:
            return found
    return None
