"""Rows of open tasks: activities to run, timers to fire, sub-orchestrations to wait for.

A task is completed once: the row is marked done and the message posted in one transaction, and only
if the row was there and not done. So nothing enters a history twice, and nothing enters late.
"""

from dataclasses import dataclass

from local.host.replay import Event, Kind, history
from local.host.store import instances
from local.host.store.as_azure import AT_ONCE
from local.host.store.database import Database


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """An open task; `input` is JSON text."""

    instance: str
    generation: int
    id: int
    name: str
    input: str | None

    @property
    def key(self) -> tuple[str, int, int]:
        return (self.instance, self.generation, self.id)


def insert(db: Database, task: Task, kind: Kind, fire_at: str | None = None) -> None:
    due = db.arrivals.of("activity", *task.key) if kind is Kind.ACTIVITY else AT_ONCE
    db.write(
        "INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
        *task.key,
        kind,
        task.name,
        task.input,
        fire_at,
        due,
    )


def complete(db: Database, instance: str, generation: int, task: int, event: Event) -> bool:
    """Post the completion unless it was posted before or nobody waits for it any more."""
    with db.transaction():
        changed = db.write(
            "UPDATE task SET done = 1 WHERE instance = ? AND generation = ? AND id = ? "
            "AND done = 0",
            instance,
            generation,
            task,
        )
        return changed == 1 and instances.post(db, instance, event, generation)


def forget(db: Database, instance: str, task: int) -> None:
    db.write("DELETE FROM task WHERE instance = ? AND id = ?", instance, task)


def disarm(db: Database, instance: str, still_open: frozenset[int]) -> None:
    """Drop armed timers that the orchestrator has cancelled."""
    query = "SELECT id FROM task WHERE instance = ? AND kind = 'timer' AND done = 0"
    for (task,) in db.rows(query, instance):
        if task not in still_open:
            forget(db, instance, task)


ARMED = (
    "FROM task t JOIN instance i ON i.id = t.instance "
    "WHERE t.kind = 'timer' AND t.done = 0 AND i.suspended != 1"
)


def fire_due(db: Database, now: str) -> bool:
    """Fire the timers that are due, in order; a suspended instance's wait until it is resumed."""
    query = (
        f"SELECT t.instance, t.generation, t.id, t.fire_at {ARMED} AND t.fire_at <= ? "
        "ORDER BY t.fire_at, t.instance, t.id"
    )
    due = db.rows(query, now)
    if not due:
        return False
    with db.transaction():
        for instance, generation, task, fire_at in due:
            complete(db, instance, generation, task, history.timer_fired(now, task, fire_at))
    return True


def next_due(db: Database) -> str | None:
    """When the earliest armed timer of an instance that is not suspended fires."""
    row = db.row(f"SELECT min(t.fire_at) {ARMED}")
    return None if row is None else row[0]


def waiting_activities(db: Database, limit: int) -> list[Task]:
    """Activities not completed yet, running ones among them; after a crash all run again."""
    query = (
        "SELECT instance, generation, id, name, input FROM task "
        "WHERE kind = 'activity' AND done = 0 AND due <= ? ORDER BY due, generation, id LIMIT ?"
    )
    return [Task(*row) for row in db.rows(query, db.now, limit)]
