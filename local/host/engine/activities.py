"""Runs activities side by side, each at least once."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

from azure.functions.meta import Datum

from local.host.app import ACTIVITY, Catalog, Function, Worker, WorkerDied
from local.host.engine.deaths import Death, Moment
from local.host.engine.failures import KILLED, of_activity
from local.host.engine.rules import Rules
from local.host.replay import history, moment_of, stamp
from local.host.store import Database, Task, tasks

log = logging.getLogger("local.host")

LATEST = timedelta(minutes=5)  # a message that was taken and not deleted is seen again after that


class Activities:
    """The activities that are open, at most `at_once` of them running.

    One whose worker dies has failed, as in Azure; what it has done until then stays done. One
    that dies with the host, unheard, is run again.
    """

    def __init__(
        self,
        db: Database,
        catalog: Catalog,
        worker: Worker,
        rules: Rules,
        at_once: int,
    ) -> None:
        self._db = db
        self._catalog = catalog
        self._worker = worker
        self._as_azure = rules.as_azure
        self._deaths = rules.deaths
        self._at_once = at_once
        self._lock = threading.Lock()
        self._stopped = False
        self._again: list[tuple[str, Task]] = []  # what is delivered a second time, and when
        self._unheard: set[tuple[str, int, int]] = set()  # of these, those that nobody knows of
        self.on_done: Callable[[], None] = lambda: None
        self.running: list[tuple[str, int, int]] = []  # twice, where both deliveries run
        self.finished = 0

    @property
    def next_due(self) -> str | None:
        """When the next activity is delivered a second time."""
        return min((due for due, _ in self._again), default=None)

    def start_next(self) -> bool:
        """Start the next activity that waits, unless enough are running."""
        if len(self.running) >= self._at_once:
            return False
        task, second = self._second(), True
        if task is None:
            task, second = self._next(), False
        if task is None:
            return False
        function = self._catalog.find(ACTIVITY, task.name)
        if function is None:
            self._fail(task, LookupError(f"there is no activity function {task.name!r}"))
            return True
        self.running.append(task.key)
        self._start(function, task, second=second)
        return True

    def stop(self) -> None:
        """Write nothing from now on: what is under way runs again after a restart."""
        with self._lock:
            self._stopped = True

    def _second(self) -> Task | None:
        """One that is delivered again."""
        due = min(self._again, default=None)
        if due is None or due[0] > self._db.now:
            return None
        self._again.remove(due)
        self._unheard.discard(due[1].key)
        return due[1]

    def _next(self) -> Task | None:
        taken = {*self.running, *self._unheard}
        waiting = tasks.waiting_activities(self._db, len(taken) + 1)
        found = next((task for task in waiting if task.key not in taken), None)
        if found is not None and self._as_azure.happens(self._as_azure.doubled, "twice", found.key):
            later = max(
                0.0, self._as_azure.draw("later", found.key) * 2 - 1
            )  # half of them at once
            due = stamp(moment_of(self._db.now) + LATEST * later)
            self._again.append((due, found))
        return found

    def _start(self, function: Function, task: Task, *, second: bool) -> None:
        dies = self._deaths.next(function.called, task.instance, (*task.key[1:], second))
        if dies and dies.moment is Moment.BEFORE:
            future: Future[Datum | None] = Future()
            future.set_exception(WorkerDied(KILLED))
        else:
            future = self._worker.call(function, Datum(task.input, "string"))
        future.add_done_callback(lambda done: self._done(task, done, dies))

    def _done(self, task: Task, done: Future[Datum | None], dies: Death | None) -> None:
        """On the app's thread. It `dies` before it can answer, or does not."""
        with self._lock:
            if dies and dies.moment is Moment.UNHEARD:
                self._deliver_again(task, dies.again)
            elif not self._stopped and not done.cancelled():
                self._write(task, done, lost=bool(dies))
        self.running.remove(task.key)
        self.on_done()

    def _deliver_again(self, task: Task, after: timedelta) -> None:
        self._unheard.add(task.key)
        self._again.append((stamp(moment_of(self._db.now) + after), task))

    def _write(self, task: Task, done: Future[Datum | None], *, lost: bool) -> None:
        error = WorkerDied(KILLED) if lost else done.exception()
        if error is not None:
            self._fail(task, error)
            return
        value = done.result()
        self.finished += 1
        event = history.task_completed(self._db.now, task.id, value.value if value else None)
        tasks.complete(self._db, *task.key, event)

    def _fail(self, task: Task, error: BaseException) -> None:
        log.warning("activity %s of %s failed", task.name, task.instance, exc_info=error)
        event = history.task_failed(self._db.now, task.id, *of_activity(task.name, error))
        tasks.complete(self._db, *task.key, event)
