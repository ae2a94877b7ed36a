"""The engine: does what there is to do, in a fixed order, and waits until there is more.

One thread, one thing at a time: due timers, turns, entities, activities; only activities (and timer
functions) run side by side. This makes runs in skipped time reproducible.
"""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from local.base import Clock, ManualClock
from local.host.engine.activities import Activities
from local.host.engine.timers import Timers
from local.host.replay import moment_of, stamp
from local.host.store import Database, instances, tasks

log = logging.getLogger("local.host")

HEARTBEAT = 2.0  # real seconds: how often the virtual now is saved while nothing happens

type Step = Callable[[], bool]  # does one thing, or returns False


class Engine:
    """Drives the orchestrations of one app.

    With `skip`, a ManualClock jumps to the earliest armed timer when nothing is under way.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        turns: Step,
        entities: Step,
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
        self._skipping = clock if skip and isinstance(clock, ManualClock) else None
        self._changed = threading.Condition()
        self._revision = 0  # grows with every change; the engine is idle once it has seen the last
        self._settled = -1
        self._holds = 0
        self._stopping = False
        self._crash: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        self._db.on_commit = self.wake
        self._activities.on_done = self.wake
        self._timers.on_done = self.wake
        if isinstance(self._clock, ManualClock):
            self._clock.on_jump(self.wake)
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
    def skipping(self) -> Generator[None]:
        """Skip time meanwhile. Raises TypeError when the clock is not one that can be moved."""
        if not isinstance(self._clock, ManualClock):
            raise TypeError("only a ManualClock can skip time")
        before, self._skipping = self._skipping, self._clock
        self.wake()
        try:
            yield
        finally:
            self._skipping = before

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

    def _is_idle(self) -> bool:
        return self._crash is not None or (self._settled == self._revision and self._nothing_runs())

    def _nothing_runs(self) -> bool:
        return not (self._activities.running or self._timers.running or self._holds)

    def _run(self) -> None:
        try:
            while not self._stopping:
                revision = self._revision
                if not self._work():
                    self._wait(revision)
        except BaseException as error:  # a dead engine must not look idle
            log.critical("the engine has stopped", exc_info=error)
            self._crash = error
            self.wake()

    def _work(self) -> bool:
        """Do the next thing; False when there is nothing to do now."""
        return (
            tasks.fire_due(self._db, self._now())
            or self._timers.run_due()
            or self._turns()
            or self._entities()
            or self._activities.start_next()
        )

    def _wait(self, seen: int) -> None:
        """Jump to the next timer, or wait for a change or for its time."""
        due = tasks.next_due(self._db)
        with self._changed:
            if self._revision != seen:
                return
            if self._skipping is not None and due is not None and self._nothing_runs():
                self._skipping.jump(moment_of(due))
                return
            self._settled = seen
            self._changed.notify_all()
            self._changed.wait(self._seconds_to_wait(due, self._timers.next_due))
        self._db.save_now()

    def _seconds_to_wait(self, *due: str | None) -> float:
        moments = [moment_of(text) for text in due if text is not None]
        seconds = [self._clock.real_seconds_until(moment) for moment in moments]
        return min([HEARTBEAT, *(wait for wait in seconds if wait is not None)])

    def _now(self) -> str:
        return stamp(self._clock.now())
