"""The files in which a part of the local system keeps its state: SQLite databases, each with one
process that uses it. The database is its own lock. Killed at any moment, a process leaves what it
committed last.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

_PARTS = ("", "-wal", "-shm")


class StateInUse(Exception):  # noqa: N818 - a condition, shown to the person at the keyboard
    """Another process holds the state directory."""


class StateUnreadable(Exception):  # noqa: N818 - the same
    """The state directory holds a database that is damaged, or of another program or version."""


def open_state(file: Path, schema: str) -> sqlite3.Connection:
    """The database, with the tables of that schema; it is held until it is closed.

    Raises StateInUse when another process holds it, StateUnreadable when it cannot be read.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # held until closed or killed
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing
        connection.executescript(schema)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        connection.close()
        raise StateInUse(
            f"the state directory {file.parent} is in use ({error}): stop what runs on it, "
            "or choose another with --state"
        ) from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StateUnreadable(
            f"{file} cannot be read ({error}): it is damaged, or not this program's. Move it "
            "away, begin anew with --fresh (make local FRESH=1), or choose another directory with "
            "--state"
        ) from error
    return connection


def forget_state(file: Path) -> None:
    """Delete the database, readable or not. Raises StateInUse when another process holds it."""
    if not file.exists():
        return
    with suppress(StateUnreadable):
        open_state(file, "").close()
    for part in _PARTS:
        file.with_name(f"{file.name}{part}").unlink(missing_ok=True)
