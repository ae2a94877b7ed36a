"""Runs the app's timer triggers, by the host's own clock.

Runs that were due while the host was down are replaced by one, which is marked as past due.
Source: the timer extension stores the last run (useMonitor) and reads it at the start.
"""

import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from azure.functions.meta import Datum

from local.base import Clock
from local.host.app import TIMER, Catalog, Function, Worker
from local.host.engine.schedule import Schedule
from local.host.replay import moment_of, stamp
from local.host.store import Database

log = logging.getLogger("local.host")


class Timers:
    """The timer triggers of an app. Raises ScheduleError when one has no valid schedule.

    A clock that skips to durable timers does not skip to these: there would always be a next one.
    """

    def __init__(self, db: Database, clock: Clock, catalog: Catalog, worker: Worker) -> None:
        self._db = db
        self._clock = clock
        self._worker = worker
        self._schedules = {
            function.name: (function, Schedule(str(function.binding["schedule"])))
            for function in catalog.with_trigger(TIMER)
        }
        self._lock = threading.Lock()
        self.running = 0
        self._stopped = False
        self.on_done: Callable[[], None] = lambda: None
        self._next = {name: self._first(name) for name in self._schedules}
        with db.transaction():
            for name, at in self._next.items():
                db.write("INSERT OR REPLACE INTO meta VALUES (?, ?)", _key(name), at)

    @property
    def next_due(self) -> str | None:
        """When the next one is due."""
        return min(self._next.values(), default=None)

    def run_due(self) -> bool:
        """Start the functions whose time has come; False when there is none."""
        now = stamp(self._clock.now())
        due = [name for name, at in self._next.items() if at <= now]
        for name in due:
            function, schedule = self._schedules[name]
            following = stamp(schedule.after(moment_of(now)))
            past = stamp(schedule.after(moment_of(self._next[name]))) <= now
            self._next[name] = following
            with self._db.transaction():
                self._db.write("INSERT OR REPLACE INTO meta VALUES (?, ?)", _key(name), following)
            self.start(function, past_due=past)
        return bool(due)

    def start(self, function: Function, *, past_due: bool = False) -> None:
        """Run it now, whatever its schedule says, without waiting for it."""
        trigger: dict[str, object] = {"IsPastDue": past_due, "Schedule": {}, "ScheduleStatus": {}}
        self._count(1)
        future = self._worker.call(function, Datum(json.dumps(trigger), "json"))
        future.add_done_callback(lambda done: self._done(function, done))

    def stop(self) -> None:
        """Hold nothing against those under way: they lose the host that they ask."""
        self._stopped = True

    def _first(self, name: str) -> str:
        """As it was stored; a new function runs at its next scheduled time."""
        kept = self._db.row("SELECT value FROM meta WHERE key = ?", _key(name))
        return kept[0] if kept else stamp(self._schedules[name][1].after(self._clock.now()))

    def _done(self, function: Function, done: Future[Datum | None]) -> None:
        if not (done.cancelled() or self._stopped) and (error := done.exception()):
            log.error("timer function %s failed", function.name, exc_info=error)
        self._count(-1)
        self.on_done()

    def _count(self, change: int) -> None:
        with self._lock:
            self.running += change


def _key(name: str) -> str:
    return f"timer:{name}"
