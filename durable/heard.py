"""Waits some seconds until a pause or a resume was heard, so that what is said next finds it."""

from collections.abc import Awaitable, Callable

from durable.until import until
from rollout.run import Command, ProgressView, Verb

_LOOKS = 25
"""With the pause between two looks, five seconds: in Azure a turn takes less."""


async def heard_within(
    before: ProgressView, command: Command, look: Callable[[], Awaitable[ProgressView | None]]
) -> None:
    """Who says pause and then resume, or resume and then pause, is answered by what the view shows:
    a resume is refused while nothing is paused, and a pause that stands already is not sent. So
    each is answered when it has been heard.
    """
    was_heard = _HEARD.get(command.verb)
    if was_heard is None:
        return

    async def heard() -> bool | None:
        now = await look()
        return True if now is None or now.phase.ended or was_heard(before, now) else None

    await until(heard, _LOOKS)


def _paused(_: ProgressView, now: ProgressView) -> bool:
    return now.control.holding is not None


def _resumed(before: ProgressView, now: ProgressView) -> bool:
    waits = Verb.RESUME in now.verbs
    same = now.control.paused == before.control.paused
    return not (waits and same and now.updated_at == before.updated_at)


_HEARD: dict[Verb, Callable[[ProgressView, ProgressView], bool]] = {
    Verb.PAUSE: _paused,
    Verb.RESUME: _resumed,
}
