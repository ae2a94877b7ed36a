"""How long a call of Azure may wait in all for what passes soon."""

from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import get_ident

LONGEST_SECONDS = 10.0
"""Of all waits of one activity or one request to us: longer ones are for a durable timer."""


class WaitingTime:
    """Counts what was waited, by thread: threads beside the owner's wait at the same time."""

    def __init__(self) -> None:
        self._owner = get_ident()
        self._waited = defaultdict[int, float](float)

    def take(self, seconds: float) -> bool:
        """Whether there is still time to wait so long; then it is counted."""
        if seconds > LONGEST_SECONDS - self._so_far():
            return False
        self._waited[get_ident()] += seconds
        return True

    def _so_far(self) -> float:
        mine = get_ident()
        if mine != self._owner:
            return self._waited[self._owner] + self._waited[mine]
        beside = (each for thread, each in [*self._waited.items()] if thread != self._owner)
        return self._waited[self._owner] + max(beside, default=0)


_current: ContextVar[WaitingTime | None] = ContextVar("waiting", default=None)


@contextmanager
def waiting() -> Generator[None]:
    """Everything in this context waits for at most `LONGEST_SECONDS` in all; in another such
    context, it is that one's time. Also a decorator.
    """
    if _current.get():
        yield
        return
    token = _current.set(WaitingTime())
    try:
        yield
    finally:
        _current.reset(token)


def may_wait(seconds: float) -> bool:
    """Whether there is still time to wait so long; then it is counted as waited."""
    current = _current.get()
    return current is not None and current.take(seconds)


def shared() -> Callable[[], None]:
    """Called first on another thread, it lets that thread wait in the time of this one."""
    current = _current.get()
    return lambda: _current.set(current) and None
