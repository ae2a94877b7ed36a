"""Runs activities side by side, each at least once."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from azure.functions.meta import Datum

from local.base import Clock
from local.host.app import ACTIVITY, Catalog, Worker
from local.host.replay import history
from local.host.store import Database, Task, tasks

log = logging.getLogger("local.host")


class Activities:
    """The activities that are open, at most `at_once` of them running."""

    def __init__(
        self, db: Database, clock: Clock, catalog: Catalog, worker: Worker, at_once: int
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._worker = worker
        self._at_once = at_once
        self._lock = threading.Lock()
        self._stopped = False
        self.on_done: Callable[[], None] = lambda: None
        self.running: set[tuple[str, int, int]] = set()
        self.finished = 0

    def start_next(self) -> bool:
        """Start the next activity that waits, unless enough are running."""
        task = self._next()
        if task is None:
            return False
        function = self._catalog.find(ACTIVITY, task.name)
        if function is None:
            self._fail(task, LookupError(f"there is no activity function {task.name!r}"))
            return True
        self.running.add(task.key)
        future = self._worker.call(function, Datum(task.input, "string"))
        future.add_done_callback(lambda done: self._done(task, done))
        return True

    def stop(self) -> None:
        """Write nothing from now on: what is under way runs again after a restart."""
        with self._lock:
            self._stopped = True

    def _next(self) -> Task | None:
        if len(self.running) >= self._at_once:
            return None
        running = frozenset(self.running)
        waiting = tasks.waiting_activities(self._db, len(running) + 1)
        return next((task for task in waiting if task.key not in running), None)

    def _done(self, task: Task, done: Future[Datum | None]) -> None:
        """On the app's thread."""
        with self._lock:
            if not self._stopped and not done.cancelled():
                self._write(task, done)
        self.running.discard(task.key)
        self.on_done()

    def _write(self, task: Task, done: Future[Datum | None]) -> None:
        error = done.exception()
        if error is not None:
            self._fail(task, error)
            return
        value = done.result()
        self.finished += 1
        event = history.task_completed(self._now(), task.id, value.value if value else None)
        tasks.complete(self._db, *task.key, event)

    def _fail(self, task: Task, error: BaseException) -> None:
        log.warning("activity %s of %s failed", task.name, task.instance, exc_info=error)
        reason = f"Activity function '{task.name}' failed:  {type(error).__name__}: {error}"
        event = history.task_failed(self._now(), task.id, reason, str(error))
        tasks.complete(self._db, *task.key, event)

    def _now(self) -> str:
        return history.stamp(self._clock.now())
