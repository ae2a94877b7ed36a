"""Reads the state directory: for tests and for people who debug."""

from local.host.replay import Event
from local.host.store import instances
from local.host.store.database import Database
from local.host.store.instances import Instance

OPEN_WORK = ("inbox", "task", "entity_inbox")


class Store:
    """Reads only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def instance(self, instance: str) -> Instance | None:
        return instances.find(self._db, instance)

    def instances(self) -> list[Instance]:
        return instances.all_of(self._db)

    def history(self, instance: str) -> list[Event]:
        """The events of the instance's current generation, oldest first."""
        return instances.history(self._db, instance)

    def open_work(self) -> dict[str, int]:
        """How many rows each table of open work holds."""
        counts = {
            table: self._db.row(f"SELECT count(*) FROM {table}")  # noqa: S608 - own table names
            for table in OPEN_WORK
        }
        return {table: row[0] for table, row in counts.items() if row is not None}
