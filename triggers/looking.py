"""Looking at Azure from a door."""

import asyncio
from collections.abc import Callable

from rollout.problem import ArmFailure, Refused


async def looked_at[**P, T](look: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a look at Azure came to; it runs in a thread, because it waits for answers. Raises
    Refused when Azure did not let us look.
    """
    try:
        return await asyncio.to_thread(look, *args, **kwargs)
    except ArmFailure as failure:
        raise Refused(failure.error.as_problem()) from failure
