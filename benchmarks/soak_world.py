"""What a soak stands on: the system with the app in a process of its own, and a list of promises.

The clock is moved by hand, fifteen seconds at a time, whenever nothing is left to do: hours pass in
seconds, and what a dead process costs in real time costs no time of the system's. Races are real:
HTTP calls run at once, and the process dies by SIGKILL.
"""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from story import NEW, PLATFORM, Json, System, playing

from local.host.app import Load
from local.host.store import AsAzure

STEP = timedelta(seconds=15)
LONGEST = timedelta(hours=3)
"""Of the system's time: what has not ended by then is broken."""
RESTLESS = 120.0
"""Real seconds after which the host, which still works, is taken to go round in circles."""
SHOWN = 3
"""How many broken promises of a kind are printed."""


@dataclass
class Promise:
    """How often a promise was kept, and what was seen where it was not."""

    kept: int = 0
    broken: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return f"{self.kept:>5} of {self.kept + len(self.broken):<5}"


class Promises:
    """What was promised, and what was seen."""

    def __init__(self) -> None:
        self._all: dict[str, Promise] = {}

    def check(self, promised: str, seen: str, *, holds: bool) -> None:
        """`seen` is shown when it does not hold."""
        promise = self._all.setdefault(promised, Promise())
        if holds:
            promise.kept += 1
        else:
            promise.broken.append(seen)

    def report(self) -> int:
        """Print a line for each promise; the number of those that were broken."""
        for text, promise in self._all.items():
            print(f"{promise}  {text}")
            for seen in promise.broken[:SHOWN]:
                print(f"{'':>16}seen: {seen}")
            if more := len(promise.broken[SHOWN:]):
                print(f"{'':>16}and {more} more")
        return sum(bool(promise.broken) for promise in self._all.values())


@contextmanager
def world(load: Load, as_azure: AsAzure | None = None) -> Generator[System]:
    """A system of its own, with the new image published; `as_azure` is what happens by chance."""
    with (
        TemporaryDirectory() as state,
        playing(Path(state), as_azure, load, timeout=120) as system,
    ):
        system.azure.delete("/_sim/event-subscriptions")  # events are delivered by the soak itself
        system.publish(**PLATFORM, version=NEW)
        yield system


def play(system: System, reached: Callable[[], bool], longest: timedelta = LONGEST) -> bool:
    """Let time pass until that is reached; False when it is not in that time, or when the host
    never comes to rest.
    """
    with suppress(TimeoutError):
        for _ in range(longest // STEP):
            system.host.wait_idle(RESTLESS)
            if reached():
                return True
            system.clock.advance(STEP)
    return False


def at_once[T](system: System, calls: Sequence[Callable[[], T]]) -> list[T]:
    """What they return, all called at the same moment; meanwhile time passes, ten times as fast as
    real time.
    """
    together = threading.Barrier(len(calls))

    def called(call: Callable[[], T]) -> T:
        together.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        futures = [threads.submit(called, call) for call in calls]
        while wait(futures, timeout=0.1).not_done:
            system.clock.advance(timedelta(seconds=1))
        return [future.result() for future in futures]


def asked(system: System, path: str) -> Json | None:
    """What a GET of the API answers; None when there is no such thing, or no answer."""
    answer = system.api.get(path)
    return answer.json() if answer.is_success else None


def listed(system: System, path: str) -> list[Json]:
    """The list that a GET of the API answers."""
    answer = system.api.get(path)
    return answer.json() if answer.is_success else []


def ended(system: System, path: str) -> bool:
    """Whether that rollout or fleet rollout has ended."""
    view = asked(system, path)
    return view is not None and view["finishedAt"] is not None


def short(answer: httpx.Response) -> str:
    """An answer in a line: of a problem, what it says."""
    said: Json = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return f"{answer.status_code} {said.get('detail', '')} {said.get('errors', '')}".rstrip()
