"""What hooks, callbacks and news send: boxes that take it, for people and tests to look at."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import orjson
from pydantic import Field

from local.arm.base import Declared

_KEPT = 1000
_MOST_OF_A_BODY = 64 * 1024


@dataclass(frozen=True)
class Answered:
    """What was said at the address in a question, and what came of it."""

    at: datetime
    answer: Mapping[str, Any]
    status: int | None
    """None if nobody was there."""
    body: str


@dataclass(frozen=True)
class Received:
    """One call, as it came."""

    at: datetime
    box: str
    query: str
    headers: Mapping[str, str]
    body: str
    status: int
    """What it was answered."""
    answers: list[Answered] = field(default_factory=list[Answered])
    """If it is a question: all that was said at its address, by whomever."""

    @property
    def json(self) -> Any:
        """What the body says; None if it is no JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def callback(self) -> str | None:
        """The address in a question, at which it is answered; None if it is none."""
        match self.json:
            case {"callback": str() as address}:
                return address
            case _:
                return None

    @classmethod
    def text_of(cls, raw_body: bytes) -> str:
        return raw_body[:_MOST_OF_A_BODY].decode("utf-8", "replace")


class BoxAnswer(Declared):
    """What a box answers from now on: `count` times, or until something else is said."""

    status: int = Field(default=200, ge=200, le=599)
    body: Any = None
    """JSON; a text is sent as it is."""
    headers: dict[str, str] = Field(default_factory=dict[str, str])
    delay: float = Field(default=0, ge=0, le=600)
    """Seconds of the machine's own clock: who calls waits by it, however fast Azure's time is."""
    count: int | None = Field(default=None, ge=1)
    answer: dict[str, Any] | None = None
    """What is sent to the address in the field `callback` of what came; nothing without it."""
    after: float = Field(default=0, ge=0, le=86_400)
    """Seconds of Azure's time until then; 0 is before the call itself is answered."""


class Boxes:
    """The latest of what came, oldest first. A box is there as soon as somebody names it; like the
    log of requests, it begins empty at each start.
    """

    def __init__(self) -> None:
        self._received: deque[Received] = deque(maxlen=_KEPT)
        self._answers: dict[str, BoxAnswer] = {}
        self._lock = Lock()

    def add(self, received: Received) -> None:
        self._received.append(received)

    def all(self, box: str = "") -> list[Received]:
        """Of one box, or of every one."""
        return [each for each in [*self._received] if box in {"", each.box}]

    def question(self, callback: str) -> Received | None:
        """The latest question with that address; None if none came."""
        found = (each for each in reversed([*self._received]) if each.callback == callback)
        return next(found, None)

    def clear(self) -> None:
        """Forget what came, and what was to be answered."""
        with self._lock:
            self._received.clear()
            self._answers.clear()

    def set_answer(self, box: str, answer: BoxAnswer) -> None:
        with self._lock:
            self._answers[box] = answer

    @property
    def answers(self) -> dict[str, BoxAnswer]:
        """What was said, by box."""
        return {box: answer for box, answer in [*self._answers.items()] if answer != BoxAnswer()}

    def forget_answer(self, box: str) -> bool:
        """Whether there was one."""
        with self._lock:
            return self._answers.pop(box, None) is not None

    def next_answer(self, box: str) -> BoxAnswer:
        """The answer to one call."""
        with self._lock:
            answer = self._answers.get(box, BoxAnswer())
            if answer.count is not None:
                left = answer.model_copy(update={"count": answer.count - 1})
                self._answers[box] = left if left.count else BoxAnswer()
            return answer
