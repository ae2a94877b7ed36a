"""The state directory: one SQLite database, one writer, one process.

Killed at any moment, the host resumes from the last committed transaction. The database is its own
lock: a second host on the same directory is refused.
"""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from local.base import Clock, ScaledClock, open_state
from local.host.replay import moment_of, stamp
from local.host.store.as_azure import Arrivals

FILE = "host.db"
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS instance (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT, generation INTEGER NOT NULL,
    status TEXT NOT NULL, suspended INTEGER NOT NULL, begun INTEGER NOT NULL,
    input TEXT, output TEXT, custom_status TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    parent TEXT, parent_generation INTEGER, parent_task INTEGER, due TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS fresh ON instance (begun) WHERE begun = 0;
CREATE TABLE IF NOT EXISTS history (
    instance TEXT, seq INTEGER, event TEXT NOT NULL, PRIMARY KEY (instance, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, generation INTEGER,
    event TEXT NOT NULL, due TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS inbox_of ON inbox (instance, n);
CREATE TABLE IF NOT EXISTS task (
    instance TEXT, generation INTEGER, id INTEGER, kind TEXT NOT NULL, name TEXT NOT NULL,
    input TEXT, fire_at TEXT, done INTEGER NOT NULL, due TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (instance, generation, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pending ON task (kind, fire_at) WHERE done = 0;
CREATE TABLE IF NOT EXISTS entity (id TEXT PRIMARY KEY, state TEXT, updated TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entity_inbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, request TEXT NOT NULL,
    due TEXT NOT NULL DEFAULT '');
"""
SEEN_LATER = ("instance", "inbox", "task", "entity_inbox")
"""Tables whose rows a worker sees from the moment `due` on."""

type Row = tuple[Any, ...]


class Database:
    """The one connection. Every method may be called from any thread.

    `arrivals` says when a worker sees what is written. Raises StateInUse when another process holds
    the directory.
    """

    def __init__(self, directory: Path, clock: Clock, arrivals: Arrivals | None = None) -> None:
        self._clock = clock
        self.arrivals = arrivals or Arrivals(clock)
        self.on_commit: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._connection = _connect(directory)

    @property
    def now(self) -> str:
        return stamp(self._clock.now())

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing. Never await in it; a transaction within one is part of it."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._save_now()
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        self.on_commit()

    def rows(self, query: str, *values: Any) -> list[Row]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> Row | None:
        with self._lock:
            return self._connection.execute(query, values).fetchone()

    def write(self, statement: str, *values: Any) -> int:
        """Run one statement inside a transaction; returns how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def write_many(self, statement: str, rows: list[Row]) -> None:
        self._connection.executemany(statement, rows)

    def next_number(self) -> int:
        """A number that only grows, across restarts too; call it inside a transaction."""
        found = self.row("SELECT value FROM meta WHERE key = 'number'")
        number = 1 if found is None else found[0] + 1
        self.write("INSERT OR REPLACE INTO meta VALUES ('number', ?)", number)
        return number

    def save_now(self) -> None:
        """Save the virtual now, so that a restart never steps back in time."""
        with self._lock:
            self._save_now()

    def next_arrival(self) -> str | None:
        """When a worker sees something that none sees now, at the earliest."""
        if not self.arrivals.late:
            return None
        query = "SELECT min(due) FROM {} WHERE due > ?"
        found = [self.row(query.format(table), self.now) for table in SEEN_LATER]
        return min((row[0] for row in found if row and row[0]), default=None)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _save_now(self) -> None:
        self.write("INSERT OR REPLACE INTO meta VALUES ('now', ?)", self.now)


def resume_clock(state: Path, speed: float, not_before: datetime | None = None) -> ScaledClock:
    """A clock that starts where the last host on this directory stopped; or at that moment, or now,
    if that is later.

    Raises StateInUse when another process holds the directory, StateUnreadable when its database
    cannot be read, ValueError when speed is not > 0.
    """
    now = ScaledClock().now()
    moments = [now, not_before or now]
    if (state / FILE).exists():
        connection = _connect(state)
        saved = connection.execute("SELECT value FROM meta WHERE key = 'now'").fetchone()
        connection.close()
        moments += [moment_of(saved[0])] if saved else []
    return ScaledClock(speed, max(moments))


def _connect(directory: Path) -> sqlite3.Connection:
    connection = open_state(directory / FILE, SCHEMA)
    _complete(connection)
    return connection


def _complete(connection: sqlite3.Connection) -> None:
    """Add the column that a directory of an earlier version does not have."""
    for table in SEEN_LATER:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        if "due" not in {column[1] for column in columns}:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN due TEXT NOT NULL DEFAULT ''")
