"""What turns of orchestrators, and puts of entities, cost: CPU, rows of history, bytes."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

import dateutil.parser
from azure.durable_functions import DurableEntityContext
from azure.durable_functions.orchestrator import Orchestrator

from orchestrators.quick_replay import HISTORY_EVENT


@dataclass(frozen=True)
class Turn:
    """One turn: of which orchestrator, over how long a history, and what it cost and showed."""

    name: str
    rows: int
    seconds: float
    status_bytes: int
    """Of its custom status, in UTF-16, as Durable counts it."""


@dataclass
class Watched:
    """All turns, and the sizes of the states that entities were given, in order."""

    turns: list[Turn] = field(default_factory=list[Turn])
    puts: list[int] = field(default_factory=list[int])

    def milliseconds(self, fewest: int, most: int, name: str = "") -> float:
        """The median of the turns over histories of that length."""
        found = [
            turn.seconds
            for turn in self.turns
            if fewest <= turn.rows <= most and name in {"", turn.name}
        ]
        return 1000 * median(found)

    @property
    def longest(self) -> int:
        return max(turn.rows for turn in self.turns)

    @property
    def largest_status(self) -> int:
        return max(turn.status_bytes for turn in self.turns)


@contextmanager
def watched() -> Generator[Watched]:
    """What happens in an app that is loaded in here, in this process."""
    found = Watched()
    create, put = Orchestrator.create, DurableEntityContext.set_state
    Orchestrator.create = staticmethod(  # pyright: ignore[reportAttributeAccessIssue]
        _watching(create, found.turns)
    )
    DurableEntityContext.set_state = _weighing(put, found.puts)
    try:
        yield found
    finally:
        Orchestrator.create, DurableEntityContext.set_state = create, put


@contextmanager
def times_read_by_the_sdk() -> Generator[None]:
    """Replay as it is without `orchestrators/quick_replay.py`'s reading of times."""
    module = import_module(HISTORY_EVENT)
    quick = vars(module)["dt_parse"]
    setattr(module, "dt_parse", dateutil.parser.parse)  # noqa: B010
    try:
        yield
    finally:
        setattr(module, "dt_parse", quick)  # noqa: B010


def _watching(create: Callable[[Any], Any], turns: list[Turn]) -> Callable[[Any], Any]:
    def created(orchestrator: Any) -> Any:
        handle = create(orchestrator)

        @wraps(handle)
        def turn(context: Any) -> str:
            body = getattr(context, "body", context)
            began = thread_time()
            answer = handle(context)
            took = thread_time() - began
            status = json.loads(answer).get("customStatus")
            size = 2 * len(json.dumps(status)) if status is not None else 0
            rows = body.count('"EventType"')
            turns.append(Turn(orchestrator.__name__, rows, took, size))
            return answer

        return turn

    return created


def _weighing(put: Callable[..., None], puts: list[int]) -> Callable[..., None]:
    def weighed(context: Any, state: Any) -> None:
        puts.append(len(json.dumps(state)))
        put(context, state)

    return weighed
