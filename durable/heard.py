"""Waits some seconds until a resume was heard, so that what is said next finds it in the view."""

from collections.abc import Awaitable, Callable

from durable.until import until
from rollout.run import Command, ProgressView, Verb

_LOOKS = 25
"""With the pause between two looks, five seconds: in Azure a turn takes less."""


async def heard_within(
    before: ProgressView, command: Command, look: Callable[[], Awaitable[ProgressView | None]]
) -> None:
    """A pause that stands already is answered and not sent. If the view still shows the pause that
    this resume ends, the next one would be lost: so a resume is answered when it has been heard.
    """
    if command.verb is not Verb.RESUME:
        return

    async def heard() -> bool | None:
        now = await look()
        waits = now is not None and Verb.RESUME in now.verbs
        same = now is not None and now.control.paused == before.control.paused
        newer = now is not None and now.updated_at != before.updated_at
        return None if waits and same and not newer else True

    await until(heard, _LOOKS)
