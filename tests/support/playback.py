"""Plays orchestrations in skipped time, without a host: hundreds of stories in a minute.

It keeps to what Durable promises: things complete in the order of time, payloads are JSON, an event
goes to the oldest open wait of its name. There is no replay; the local host's own tests have that.
"""

import heapq
import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from local.base.clock import ManualClock
from local.host.engine.failures import KILLED
from local.host.store import AsAzure

type Steps = Generator[Any, Any, Any]
type Orchestrator = Callable[[Any], Steps]
type Activity = Callable[[Any], Any]
type Fold = Callable[[Any, str | None, Any], Any]

STEPS = 20_000  # far more than any story needs: one that takes more would never end
POLLING = timedelta(seconds=10)
AGAIN = timedelta(minutes=5)


def travelled(value: Any) -> Any:
    """What arrives at the other end: JSON, and nothing else."""
    return json.loads(json.dumps(value))


class Task:
    """Something under way. `after` is called once it is complete."""

    def __init__(self) -> None:
        self.result: Any = None
        self.error: Exception | None = None
        self.complete = False
        self.after: Callable[[], None] = lambda: None

    @property
    def is_completed(self) -> bool:
        return self.complete

    def finish(self, result: Any = None, error: Exception | None = None) -> None:
        self.result, self.error, self.complete = result, error, True
        self.after()


class Timer(Task):
    cancelled = False

    def cancel(self) -> None:
        if self.complete:
            raise ValueError("Cannot cancel a completed task.")  # Durable's own words
        self.cancelled = True

    def fire(self) -> None:
        if not self.cancelled:
            self.finish()


class FirstOf(Task):
    """Complete with the first of these; its result is that task."""

    def __init__(self, children: list[Task]) -> None:
        super().__init__()
        self._children = children
        for child in children:
            child.after = self._look
        self._look()

    def _look(self) -> None:
        first = next((one for one in self._children if one.complete), None)
        if first is not None and not self.complete:
            self.finish(first)


class Playback:
    """The moments to come, and what happens then. `latency` is how long an activity takes to
    answer: what it does is done when it is called, so that the world moves on meanwhile. Of
    `as_azure`, hops are late, and activities run twice or die. `answering` is told of an activity
    whose answer will arrive.
    """

    def __init__(
        self,
        clock: ManualClock,
        orchestrators: Mapping[str, Orchestrator],
        activities: Mapping[str, Activity],
        latency: timedelta = timedelta(0),
        as_azure: AsAzure | None = None,
        answering: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.answering = answering
        self.clock = clock
        self.orchestrators = orchestrators
        self.activities = activities
        self.latency = latency
        self.runs: dict[str, Run] = {}
        self.signals: list[tuple[str, str, str, Any]] = []
        """Entity, key, operation and input of all signals, in order."""
        self._as_azure = as_azure or AsAzure()
        self._hops = itertools.count()
        self._order = itertools.count()
        self._ahead: list[tuple[datetime, int, Callable[[], None]]] = []

    def start(self, name: str, payload: Any, instance_id: str) -> "Run":
        """Start an orchestration. Raises ValueError while one of that id runs."""
        if (old := self.runs.get(instance_id)) and not old.done.complete:
            raise ValueError(f"there is an instance {instance_id} already")
        run = Run(self, self.orchestrators[name], instance_id, travelled(payload))
        self.runs[instance_id] = run
        self.later(run.begin)
        return run

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Do that at that moment, after all that was to be done then already."""
        heapq.heappush(self._ahead, (moment, next(self._order), action))

    def play(self, until: Callable[[], bool]) -> None:
        """Let time pass. Raises AssertionError when it never comes to that."""
        for _ in range(STEPS):
            if until():
                return
            assert self._ahead, "nothing is left to happen, and yet it has not ended"
            moment, _, action = heapq.heappop(self._ahead)
            self.clock.jump(max(moment, self.clock.now()))  # somebody may have moved it on
            action()
        raise AssertionError(f"it has not ended after {STEPS} steps")

    @property
    def late(self) -> bool:
        return self._as_azure.late > 0

    def later(self, action: Callable[[], None], moment: datetime | None = None) -> datetime:
        """Do that once the message has arrived that is put now, or at that moment: when it does."""
        arrives = max(self.clock.now(), moment or self.clock.now()) + self._hop()
        self.at(arrives, action)
        return arrives

    def call(self, name: str, payload: Any) -> Task:
        task = Task()
        if not self.late:
            self._perform(task, name, payload)
        else:
            self.later(lambda: self._perform(task, name, payload))
        return task

    def _perform(self, task: Task, name: str, payload: Any) -> None:
        chances, place = self._as_azure, (name, next(self._hops))
        dies = chances.happens(chances.killed, "killed", *place)
        error = Exception(f"Activity function '{name}' failed:  {KILLED}") if dies else None
        answer: Any = None
        if not dies or chances.draw("moment", *place) < 1 / 2:
            answer = travelled(self.activities[name](travelled(payload)))
        if not dies:
            self.answering(name)
        if chances.happens(chances.doubled, "twice", *place):
            again = AGAIN * chances.draw("later", *place)
            self.at(self.clock.now() + again, lambda: self.activities[name](travelled(payload)))
        answered = self.clock.now() + self.latency
        self.later(lambda: task.finish(None if error else answer, error), answered)

    def _hop(self) -> timedelta:
        if not self.late:
            return timedelta(0)
        share: float = self._as_azure.draw("hop", next(self._hops)) ** 3
        return POLLING * self._as_azure.late * share

    def state_of(self, entity: str, key: str, fold: Fold) -> Any:
        """What an entity has made of what it was told."""
        state: Any = None
        for name, of, operation, payload in self.signals:
            if (name.casefold(), of) == (entity.casefold(), key):
                state = fold(state, operation, payload)
        return state


class Run:
    """One orchestration on its way: the context its orchestrator sees."""

    def __init__(
        self, playback: Playback, orchestrator: Orchestrator, instance_id: str, payload: Any
    ) -> None:
        self.instance_id = instance_id
        self.version: str | None = None
        self.current_utc_datetime = playback.clock.now()
        self._status: Any = None
        self.done = Task()
        self._playback = playback
        self._orchestrator = orchestrator
        self._payload = payload
        self._next: list[Any] = []
        """The input of the next generation, if it goes on as new."""
        self._waits: dict[str, list[Task]] = defaultdict(list)
        self._timers: list[Timer] = []
        self._steps: Steps
        self._heard_at: datetime | None = None  # when the last event arrives: they stay in order

    @property
    def forgotten_timers(self) -> int:
        """Neither fired nor cancelled: in Azure, they would keep an ended instance running."""
        return sum(not one.complete and not one.cancelled for one in self._timers)

    def begin(self) -> None:
        """Its first turn, or that of a later generation: nothing is open."""
        self._waits = defaultdict(list)
        self._steps = self._orchestrator(self)
        self._advance(None)

    def hear(self, name: str, payload: Any) -> None:
        """An event, as JSON text: so the app's own client sends it. Who has ended does not hear."""
        if self._playback.late:
            self._heard_at = self._playback.later(
                lambda: self._heard(name, payload), self._heard_at
            )
        else:
            self._heard(name, payload)

    def _heard(self, name: str, payload: Any) -> None:
        if self.done.complete:
            return
        assert self._waits[name], f"nobody waits for {name}: in Azure it would come again and again"
        self._waits[name].pop(0).finish(json.dumps(payload))

    def get_input(self) -> Any:
        return travelled(self._payload)

    def call_activity(self, name: str, input_: Any) -> Task:
        return self._playback.call(name, input_)

    def call_sub_orchestrator(
        self, name: str, input_: Any, instance_id: str, version: str | None
    ) -> Task:
        assert version == self.version
        return self._playback.start(name, input_, instance_id).done

    def create_timer(self, fire_at: datetime) -> Timer:
        timer = Timer()
        self._timers.append(timer)
        self._playback.later(timer.fire, max(fire_at, self._playback.clock.now()))
        return timer

    def wait_for_external_event(self, name: str) -> Task:
        self._waits[name].append(task := Task())
        return task

    def task_any(self, activities: Iterable[Task]) -> Task:
        return FirstOf(list(activities))

    def continue_as_new(self, input_: Any) -> None:
        self._next = [travelled(input_)]

    def set_custom_status(self, status: Any) -> None:
        self._status = status

    @property
    def status(self) -> Any:
        """As it is when the turn is over."""
        return travelled(self._status() if callable(self._status) else self._status)

    def signal_entity(self, entityId: Any, operationName: str, operationInput: Any) -> Task:  # noqa: N803 - Durable's names
        told = (entityId.name, entityId.key, operationName, travelled(operationInput))
        self._playback.signals.append(told)
        return Task()

    def _advance(self, waited: Task | None) -> None:
        """One turn: until it waits for something that is not there yet."""
        self.current_utc_datetime = self._playback.clock.now()
        try:
            task = self._step(waited)
            while task.complete:
                task = self._step(task)
        except StopIteration as end:
            if not self._next:
                self.done.finish(travelled(end.value))
                return
            self._payload = self._next.pop()
            self.begin()
        except Exception as error:  # noqa: BLE001 - its caller hears of it
            self.done.finish(error=error)
        else:
            task.after = lambda: self._advance(task)

    def _step(self, waited: Task | None) -> Task:
        if waited is not None and waited.error is not None:
            return self._steps.throw(waited.error)
        return self._steps.send(waited.result if waited else None)
