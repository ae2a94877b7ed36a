"""Polls for a few seconds: Durable carries out what it is asked a little later."""

import asyncio
from collections.abc import Awaitable, Callable

LOOKS = 100
_BETWEEN_LOOKS_SECONDS = 0.1


async def until[T](look: Callable[[], Awaitable[T | None]]) -> T | None:
    """The first result of `look` that is not None; None if that takes too long."""
    for _ in range(LOOKS):
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    return None
