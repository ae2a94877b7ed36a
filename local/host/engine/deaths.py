"""Where a worker dies: planned by a test, or drawn from a seed.

The process goes on: what counts is what the engine makes of a function that never answered.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from local.host.app import WorkerDied
from local.host.engine.failures import KILLED
from local.host.store import AsAzure


class Moment(StrEnum):
    """When in a function: before it has done anything, or when it had only to answer. Unheard, the
    host dies with it: an activity is delivered once more, and nobody knows that it ran.
    """

    BEFORE = "before"
    AFTER = "after"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Death:
    """One death: in the `nth` call, from now on, of that function (an activity, an orchestrator or
    an entity, by its name; "" is any) for that orchestration instance or entity ("" is any). Each
    turn is a call of an orchestrator. An activity that dies unheard is delivered `again` after so
    long: Azure Storage hides a message for five minutes.
    """

    function: str = ""
    instance: str = ""
    nth: int = 1
    moment: Moment = Moment.AFTER
    again: timedelta = timedelta(minutes=5)

    def fits(self, function: str, instance: str) -> bool:
        named = not self.function or self.function.lower() == function.lower()
        return named and self.instance in {"", instance}


class Deaths:
    """The deaths that are still to come. Used by the engine's thread and by tests."""

    def __init__(self, as_azure: AsAzure) -> None:
        self._as_azure = as_azure
        self._lock = threading.Lock()
        self._planned: list[tuple[Death, int]] = []  # with how many fitting calls there were
        self.happened: list[Death] = []

    def plan(self, death: Death) -> None:
        with self._lock:
            self._planned.append((death, 0))

    def forget(self) -> None:
        """None of the planned ones happens any more, and none has."""
        with self._lock:
            self._planned.clear()
            self.happened.clear()

    def call[T](self, function: str, instance: str, what: object, invoke: Callable[[], T]) -> T:
        """Invoke a function; `what` tells this call from others. Raises WorkerDied, or whatever it
        raises.
        """
        death = self.next(function, instance, what)
        if death and death.moment is Moment.BEFORE:
            raise WorkerDied(KILLED)
        answer = invoke()
        if death:
            raise WorkerDied(KILLED)
        return answer

    def next(self, function: str, instance: str, what: object) -> Death | None:
        """How the worker dies in this call, if it does."""
        with self._lock:
            death = self._due(function, instance) or self._drawn(function, instance, what)
            if death is not None:
                self.happened.append(death)
        return death

    def _due(self, function: str, instance: str) -> Death | None:
        self._planned = [
            (death, count + death.fits(function, instance)) for death, count in self._planned
        ]
        due = next((plan for plan in self._planned if plan[1] == plan[0].nth), None)
        if due is None:
            return None
        self._planned.remove(due)
        return due[0]

    def _drawn(self, function: str, instance: str, what: object) -> Death | None:
        place = (function, instance, what)
        if not self._as_azure.happens(self._as_azure.killed, "killed", *place):
            return None
        share = self._as_azure.draw("moment", *place)
        return Death(function, instance, moment=list(Moment)[int(share * len(Moment))])
