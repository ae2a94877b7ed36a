"""Rows of orchestration instances, their histories and their inboxes."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import orjson

from local.host.replay import Event, EventType, execution_id
from local.host.store.database import Database, Row


class Status(StrEnum):
    """Durable's runtime statuses, as far as a Python app meets them."""

    PENDING = "Pending"
    RUNNING = "Running"
    SUSPENDED = "Suspended"
    COMPLETED = "Completed"
    FAILED = "Failed"
    TERMINATED = "Terminated"


LIVE = frozenset({Status.PENDING, Status.RUNNING})
COLUMNS = (
    "id, name, version, generation, status, suspended, begun, input, output, custom_status, "
    "created, updated, parent, parent_generation, parent_task"
)


@dataclass(frozen=True, slots=True)
class Instance:
    """One orchestration instance. Input, output and custom status are JSON text.

    `generation` is its current execution's number: it grows with every continue-as-new and every
    reuse of the id, over all instances. `begun` says that the first turn was taken. `suspended` is
    1, or 2 when it may take one more turn.
    """

    id: str
    name: str
    version: str | None
    generation: int
    status: str
    suspended: int
    begun: int
    input: str | None
    output: str | None
    custom_status: str | None
    created: str
    updated: str
    parent: str | None
    parent_generation: int | None
    parent_task: int | None

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def runtime_status(self) -> str:
        return Status.SUSPENDED if self.live and self.suspended else self.status

    @property
    def execution(self) -> str:
        return execution_id(self.id, self.generation)

    def same_as(self, other: "Instance | None") -> bool:
        """Whether nothing has terminated, suspended, purged or replaced it meanwhile."""
        return other is not None and (self.generation, self.status, self.suspended) == (
            other.generation,
            other.status,
            other.suspended,
        )


@dataclass(frozen=True, slots=True)
class Message:
    """An event that waits for its turn."""

    n: int
    event: Event


SHOWN = "NOT (status = 'Pending' AND parent IS NOT NULL)"


def find(db: Database, instance: str) -> Instance | None:
    """As clients see it: a sub-orchestration is not there before it has taken its first turn.

    Source: DurableTask.AzureStorage, where only a client's start writes a row by itself.
    """
    query = f"SELECT {COLUMNS} FROM instance WHERE id = ? AND {SHOWN}"  # noqa: S608
    return _instance(db.row(query, instance))


def stored(db: Database, instance: str) -> Instance | None:
    """Also when clients do not see it yet."""
    return _instance(db.row(f"SELECT {COLUMNS} FROM instance WHERE id = ?", instance))  # noqa: S608


def all_of(db: Database) -> list[Instance]:
    """All instances that clients see, by id."""
    rows = db.rows(f"SELECT {COLUMNS} FROM instance WHERE {SHOWN} ORDER BY id")  # noqa: S608
    return [Instance(*row) for row in rows]


def _instance(row: Row | None) -> Instance | None:
    return None if row is None else Instance(*row)


def insert(db: Database, instance: Instance) -> None:
    columns = f"{COLUMNS}, due"
    due = db.arrivals.of("start", instance.id, instance.generation)
    values: Row = (*(getattr(instance, column) for column in COLUMNS.split(", ")), due)
    marks = ", ".join("?" * len(values))
    db.write(f"INSERT INTO instance ({columns}) VALUES ({marks})", *values)  # noqa: S608


def erase(db: Database, instance: str) -> int:
    """Delete an instance and all its data; returns how many there were (1 or 0)."""
    db.write("DELETE FROM history WHERE instance = ?", instance)
    clear(db, instance)
    return db.write("DELETE FROM instance WHERE id = ?", instance)


def clear(db: Database, instance: str) -> None:
    """Drop what is still open or waiting: late results find nothing to complete."""
    db.write("DELETE FROM inbox WHERE instance = ?", instance)
    db.write("DELETE FROM task WHERE instance = ?", instance)


FRESH = (
    "SELECT id, version FROM instance WHERE begun = 0 AND suspended != 1 AND due <= ? "
    "ORDER BY due, generation"
)
ENDS = f"json_extract(b.event, '$.EventType') = {int(EventType.EXECUTION_TERMINATED)}"
"""A termination: it is no event of a turn, even if it comes between two looks of the engine."""
ADDRESSED = (
    "SELECT i.id, i.version FROM inbox b JOIN instance i ON i.id = b.instance "  # noqa: S608
    f"WHERE i.begun = 1 AND i.suspended != 1 AND b.due <= ? AND NOT {ENDS} ORDER BY b.due, b.n"
)


def next_runnable(db: Database, accepts: Callable[[str | None], bool]) -> Instance | None:
    """The instance whose turn it is: new ones first, then in order of their oldest message.

    `accepts` says of which versions.
    """
    for query in (FRESH, ADDRESSED):
        for instance, version in db.rows(query, db.now):
            if accepts(version):
                return stored(db, instance)
    return None


def next_to_end(db: Database, accepts: Callable[[str | None], bool]) -> tuple[str, str] | None:
    """An instance that is to be terminated, suspended or not, and the reason."""
    query = (
        "SELECT i.id, i.version, b.event FROM inbox b JOIN instance i ON i.id = b.instance "  # noqa: S608
        f"WHERE b.due <= ? AND {ENDS} ORDER BY b.due, b.n"
    )
    ends = (row for row in db.rows(query, db.now) if accepts(row[1]))
    return next(((row[0], json.loads(row[2])["Input"]) for row in ends), None)


def post(db: Database, instance: str, event: Event, generation: int | None = None) -> bool:
    """Put an event into the inbox of a live instance; returns whether there was one.

    With a generation, only that execution gets it. What is put later is not seen earlier: an
    instance has one queue.
    """
    which = (event.get(name) for name in ("TaskScheduledId", "TimerId", "Name"))
    due = db.arrivals.of(instance, generation, event["EventType"], *which, event["Timestamp"])
    changed = db.write(
        "INSERT INTO inbox (instance, generation, event, due) SELECT id, ?, ?, "
        "max(?, ifnull((SELECT max(due) FROM inbox WHERE instance = id), '')) FROM instance "
        "WHERE id = ? AND status IN ('Pending', 'Running') AND generation = ifnull(?, generation)",
        generation,
        json.dumps(event),
        due,
        instance,
        generation,
    )
    return changed == 1


def messages(db: Database, instance: str) -> list[Message]:
    """What a worker sees of what waits for an instance, oldest first."""
    query = (
        "SELECT n, event FROM inbox b "  # noqa: S608
        f"WHERE instance = ? AND due <= ? AND NOT {ENDS} ORDER BY due, n"
    )
    return [Message(n, json.loads(event)) for n, event in db.rows(query, instance, db.now)]


def history(db: Database, instance: str) -> list[Event]:
    """The events of the current generation, oldest first."""
    return parsed(history_texts(db, instance))


def history_texts(db: Database, instance: str) -> list[str]:
    query = "SELECT event FROM history WHERE instance = ? ORDER BY seq"
    return [row[0] for row in db.rows(query, instance)]


def parsed(texts: list[str]) -> list[Event]:
    """The events, parsed in one go: a long history is read in every turn."""
    return orjson.loads(f"[{','.join(texts)}]")


def append(db: Database, instance: str, events: Iterable[Event]) -> None:
    """Add events to the history, marked as played: only the current turn's are not."""
    found = db.row("SELECT max(seq) FROM history WHERE instance = ?", instance)
    start = 0 if found is None or found[0] is None else found[0] + 1
    rows: list[Row] = [
        (instance, seq, json.dumps({**event, "IsPlayed": True}))
        for seq, event in enumerate(events, start)
    ]
    db.write_many("INSERT INTO history VALUES (?, ?, ?)", rows)
