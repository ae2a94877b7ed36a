"""The engine: does what there is to do, in a fixed order, and waits until there is more.

One thread, one thing at a time: due timers, turns, entities, activities; only activities (and timer
functions) run side by side. This makes runs in skipped time reproducible.
"""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

from local.base import Clock, ManualClock
from local.host.engine.activities import Activities
from local.host.engine.entity_batches import EntityBatches
from local.host.engine.timers import Timers
from local.host.replay import moment_of
from local.host.store import Database, instances, tasks

log = logging.getLogger("local.host")

HEARTBEAT = 2.0  # real seconds: how often the virtual now is saved while nothing happens

type Step = Callable[[], bool]  # does one thing, or returns False


class Engine:
    """Drives the orchestrations of one app.

    With `skip`, a ManualClock jumps to the earliest armed timer when nothing is under way. To what
    has been put and is not seen yet, it always jumps, whoever moves it: that it is late takes time.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        turns: Step,
        entities: EntityBatches,
        activities: Activities,
        timers: Timers,
        *,
        skip: bool,
    ) -> None:
        self._db = db
        self._clock = clock
        self._turns = turns
        self._entities = entities
        self._activities = activities
        self._timers = timers
        self._manual = clock if isinstance(clock, ManualClock) else None
        self._skip = skip and self._manual is not None
        self._changed = threading.Condition()
        self._revision = 0  # grows with every change; the engine is idle once it has seen the last
        self._settled = -1
        self._holds = 0
        self._work_lock = threading.Lock()
        self._stopping = False
        self._crash: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        self._db.on_commit = self.wake
        self._activities.on_done = self.wake
        self._timers.on_done = self.wake
        if self._manual is not None:
            self._manual.on_jump(self.wake)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the turn under way; activities under way run again after a restart."""
        self._stopping = True
        self._activities.stop()
        self.wake()
        self._thread.join()

    def wake(self) -> None:
        """Something changed: look again."""
        with self._changed:
            self._revision += 1
            self._changed.notify_all()

    @contextmanager
    def hold(self) -> Generator[None]:
        """While an HTTP call of the app is under way, time is not skipped."""
        with self._changed:
            self._holds += 1
        try:
            yield
        finally:
            with self._changed:
                self._holds -= 1
            self.wake()

    @contextmanager
    def paused(self) -> Generator[None]:
        """Do nothing meanwhile but what is being done: for tests, to put things side by side."""
        with self._work_lock:
            yield
        self.wake()

    @contextmanager
    def skipping(self) -> Generator[None]:
        """Skip time meanwhile. Raises TypeError when the clock is not one that can be moved."""
        if self._manual is None:
            raise TypeError("only a ManualClock can skip time")
        before, self._skip = self._skip, True
        self.wake()
        try:
            yield
        finally:
            self._skip = before

    def wait_idle(self, timeout: float) -> None:
        """Wait until nothing is left to do before the next timer, at most `timeout` real seconds.

        In skipped time that is until no timer is armed either. Raises TimeoutError.
        """
        with self._changed:
            idle = self._changed.wait_for(self._is_idle, timeout)
        if self._crash is not None:
            raise RuntimeError("the local host's engine has stopped") from self._crash
        if not idle:
            raise TimeoutError(f"the host still had work to do after {timeout} seconds")

    def wait_until_over(self, instance: str, timeout: float) -> None:
        """Wait until the instance has ended, or `timeout` real seconds have passed."""

        def over() -> bool:
            found = instances.find(self._db, instance)
            return found is None or not found.live

        with self._changed:
            self._changed.wait_for(over, timeout)

    @property
    def crash(self) -> BaseException | None:
        """What it died of; None while it lives."""
        return self._crash

    @property
    def next_due(self) -> datetime | None:
        """When it does the next thing, if nothing else happens before."""
        later = (self._timers.next_due, self._entities.next_due)
        due = (tasks.next_due(self._db), self._next_arrival(), *later)
        found = min((each for each in due if each is not None), default=None)
        return None if found is None else moment_of(found)

    def _is_idle(self) -> bool:
        return self._crash is not None or (self._settled == self._revision and self._nothing_runs())

    def _nothing_runs(self) -> bool:
        return not (self._works or self._holds)

    @property
    def _works(self) -> bool:
        return bool(self._activities.running or self._timers.running)

    def _run(self) -> None:
        try:
            while not self._stopping:
                with self._work_lock:
                    revision = self._revision
                    worked = self._work()
                if not worked:
                    self._wait(revision)
        except BaseException as error:  # a dead engine must not look idle
            log.critical("the engine has stopped", exc_info=error)
            self._crash = error
            self.wake()

    def _work(self) -> bool:
        """Do the next thing; False when there is nothing to do now."""
        return (
            tasks.fire_due(self._db, self._db.now)
            or self._timers.run_due()
            or self._turns()
            or self._entities.run_next()
            or self._activities.start_next()
        )

    def _wait(self, seen: int) -> None:
        """Jump to what comes next, or wait for a change or for its time."""
        timer, arrival = tasks.next_due(self._db), self._next_arrival()
        with self._changed:
            if self._revision != seen:
                return
            moment = self._to_jump_to(timer, arrival)
            if self._manual is not None and moment is not None:
                self._manual.jump(moment_of(moment))
                return
            self._settled = seen
            self._changed.notify_all()
            later = (self._timers.next_due, self._entities.next_due)
            self._changed.wait(self._seconds_to_wait(timer, arrival, *later))
        self._db.save_now()

    def _next_arrival(self) -> str | None:
        due = (self._db.next_arrival(), self._activities.next_due)
        return min((each for each in due if each is not None), default=None)

    def _to_jump_to(self, timer: str | None, arrival: str | None) -> str | None:
        if self._works:
            return None
        if arrival is not None:
            return min(arrival, timer or arrival)
        return timer if self._skip and not self._holds else None

    def _seconds_to_wait(self, *due: str | None) -> float:
        moments = [moment_of(text) for text in due if text is not None]
        seconds = [self._clock.real_seconds_until(moment) for moment in moments]
        return min([HEARTBEAT, *(wait for wait in seconds if wait is not None)])
