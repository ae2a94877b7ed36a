"""The ARM requests that were served."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

_KEPT = 100_000


@dataclass(frozen=True)
class Served:
    at: datetime
    method: str
    path: str
    status: int | None
    """None when the connection was dropped without an answer."""


class RequestLog:
    """The latest requests, oldest first; bounded, because a simulation may run for days."""

    def __init__(self) -> None:
        self._served: deque[Served] = deque(maxlen=_KEPT)

    def add(self, served: Served) -> None:
        self._served.append(served)

    def all(self) -> list[Served]:
        return list(self._served)

    def clear(self) -> None:
        self._served.clear()
