"""Waits some seconds until a verb was heard: so that what is said next finds it, and so that who is
told that a rollout will end may rely on it.
"""

from collections.abc import Awaitable, Callable

from durable.until import until
from rollout.base import Phase
from rollout.run import Command, ProgressView, Verb

SAID = 3
"""How often a verb is said if it has ended at that very moment, and an abort or a rollback that
nobody seems to have heard.
"""
_LOOKS = 25
"""With the pause between two looks, five seconds: in Azure a turn takes less."""


async def heard_within(
    before: ProgressView, command: Command, look: Callable[[], Awaitable[ProgressView | None]]
) -> bool:
    """Whether it was heard, or has nothing to wait for. Who says pause and then resume, or resume
    and then pause, is answered by what the view shows: a resume is refused while nothing is paused,
    and a pause that stands already is not sent. So each is answered when it has been heard; and an
    abort or a rollback too, because Durable drops what it has in its queue when a worker dies.
    """
    was_heard = _HEARD.get(command.verb)
    if was_heard is None:
        return True

    async def heard() -> bool | None:
        now = await look()
        if now is None or now.phase.ended:
            return not command.verb.ends or _is_over(command.verb, now)
        return True if was_heard(before, now) else _in_vain(now)

    return bool(await until(heard, _LOOKS))


def _is_over(verb: Verb, now: ProgressView | None) -> bool:
    """Whether it has ended as that verb wants it, and not before it was heard."""
    if now is None or Verb.RETRY in now.verbs:
        return False
    return verb is Verb.ABORT or now.phase is Phase.ROLLED_BACK or now.rollback_incomplete


def _in_vain(now: ProgressView) -> bool | None:
    """False if it has broken off: then nobody hears. (Who asks for a decision offers to skip.)"""
    return False if Verb.RETRY in now.verbs and Verb.SKIP not in now.verbs else None


def _paused(_: ProgressView, now: ProgressView) -> bool:
    return now.control.holding is not None


def _resumed(before: ProgressView, now: ProgressView) -> bool:
    waits = Verb.RESUME in now.verbs
    same = now.control.paused == before.control.paused
    return not (waits and same and now.updated_at == before.updated_at)


def _ending(verb: Verb) -> Callable[[ProgressView, ProgressView], bool]:
    return lambda _, now: now.stands(verb)


_HEARD: dict[Verb, Callable[[ProgressView, ProgressView], bool]] = {
    Verb.PAUSE: _paused,
    Verb.RESUME: _resumed,
    Verb.ABORT: _ending(Verb.ABORT),
    Verb.ROLLBACK: _ending(Verb.ROLLBACK),
}
