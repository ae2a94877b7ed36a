"""Keeps what is in a simulated Azure in a state directory: killed at any moment and started again,
it goes on from its last change, whatever its clients have been answered.
"""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from local.arm.model import Azure, Contents
from local.base import Clock, StateUnreadable, open_state

FILE = "azure.db"
_FORMAT = 1
"""Of the contents: to be raised whenever those of an earlier version cannot be read any more."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, now TEXT NOT NULL,
    contents TEXT NOT NULL);
"""
_CONTENTS = TypeAdapter(Contents)
_MOMENT = TypeAdapter(datetime)


def written(contents: Contents) -> bytes:
    """As JSON. What was left to its default stays so: that is not the same as saying it."""
    return _CONTENTS.dump_json(contents, exclude_unset=True)


def read(text: str | bytes) -> Contents:
    """Raises pydantic.ValidationError."""
    return _CONTENTS.validate_json(text)


class Store:
    """The one connection; a context manager. Contents are written as a whole, in one transaction:
    some milliseconds for a hundred instances.

    Raises StateInUse when another process holds the directory, StateUnreadable when what is in it
    cannot be read.
    """

    def __init__(self, directory: Path) -> None:
        self._file = directory / FILE
        self._connection = open_state(self._file, _SCHEMA)
        try:
            self.now, self._contents = self._read()
        except BaseException:
            self.close()
            raise

    def azure(self, clock: Clock) -> Azure:
        """What was kept, or an empty one; it is kept from now on. `clock` must not be before `now`,
        the moment of the last change.
        """
        azure = Azure(clock, self._contents)
        azure.on_change = lambda: self._write(azure)
        return azure

    @property
    def is_new(self) -> bool:
        """Whether nothing had been kept."""
        return self._contents is None

    def close(self) -> None:
        self._connection.close()

    def _read(self) -> tuple[datetime | None, Contents | None]:
        try:
            row = self._connection.execute("SELECT format, now, contents FROM kept").fetchone()
            if row is None:
                return None, None
            if row[0] != _FORMAT:
                raise self._unreadable(f"it has format {row[0]}, and this version reads {_FORMAT}")
            return _MOMENT.validate_json(row[1]), read(row[2])
        except ValidationError as error:
            raise self._unreadable(f"{error.error_count()} of its values are none") from error
        except sqlite3.DatabaseError as error:
            raise self._unreadable(str(error)) from error

    def _unreadable(self, why: str) -> StateUnreadable:
        return StateUnreadable(
            f"{self._file} cannot be read ({why}): it is damaged, or of another version. Begin "
            "anew with --fresh (make local FRESH=1), or choose another directory with --state"
        )

    def _write(self, azure: Azure) -> None:
        """Called while the simulation is held still, so that one thread at a time gets here."""
        values = (
            _FORMAT,
            _MOMENT.dump_json(azure.clock.now()),
            written(azure.contents),
        )
        self._connection.execute("INSERT OR REPLACE INTO kept VALUES (1, ?, ?, ?)", values)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
