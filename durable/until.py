"""Polls for some seconds: Durable carries out what it is asked a little later."""

import asyncio
from collections.abc import Awaitable, Callable

BETWEEN_LOOKS_SECONDS = 0.2
_FIRST_PAUSE_SECONDS = 0.02
"""Each of the first pauses is twice the one before: on an idle system it is there at once."""
LOOKS = 100
"""Together longer than three polling intervals of another worker (host.json,
maxQueuePollingInterval): a message may have to pass three of them.
"""


async def until[T](look: Callable[[], Awaitable[T | None]], looks: int = LOOKS) -> T | None:
    """The first result of `look` that is not None; None if that takes too long."""
    for number in range(looks):
        if number:
            await asyncio.sleep(_pause_before(number))
        found = await look()
        if found is not None:
            return found
    return None


def _pause_before(look: int) -> float:
    """In seconds."""
    doublings = min(look - 1, 10)
    return min(_FIRST_PAUSE_SECONDS * 2**doublings, BETWEEN_LOOKS_SECONDS)
