"""Durable entities: their state, their inbox, and one batch of operations at a time."""

import json
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from local.host.replay import history
from local.host.store import instances
from local.host.store.database import Database

type Request = dict[str, Any]  # id, op, input, signal, parent, generation


@dataclass(frozen=True, slots=True)
class Batch:
    """The operations that wait for one entity, and its state as JSON text."""

    entity: str
    state: str | None
    requests: tuple[Request, ...]
    last: int

    @property
    def name(self) -> str:
        return self.entity.split("@", 2)[1]

    @property
    def key(self) -> str:
        return self.entity.split("@", 2)[2]

    @property
    def trigger(self) -> str:
        """What the entity function is given. Inputs are encoded twice, as the extension does."""
        return json.dumps(
            {
                "self": {"name": self.name, "key": self.key},
                "exists": self.state is not None,
                "state": self.state,
                "batch": [
                    {"name": each["op"], "input": each["input"], "isSignal": each["signal"]}
                    for each in self.requests
                ],
            }
        )


def entity_id(name: str, key: str) -> str:
    """The id under which Durable schedules an entity."""
    return f"@{name.lower()}@{key}"


def send(db: Database, entity: str, request: Request) -> None:
    text = json.dumps(request)
    with db.transaction():
        db.write(
            "INSERT INTO entity_inbox (entity, request, due) VALUES (?, ?, max(?, ifnull("
            "(SELECT max(due) FROM entity_inbox WHERE entity = ?), '')))",
            entity,
            text,
            db.arrivals.of(entity, text),
            entity,
        )


def state_of(db: Database, entity: str) -> str | None:
    row = db.row("SELECT state FROM entity WHERE id = ?", entity)
    return None if row is None else row[0]


def next_batch(db: Database, resting: Container[str] = ()) -> Batch | None:
    """Everything that waits for the entity whose message is the oldest, of those not resting."""
    waiting = db.rows("SELECT entity FROM entity_inbox WHERE due <= ? ORDER BY due, n", db.now)
    entity = next((row[0] for row in waiting if row[0] not in resting), None)
    if entity is None:
        return None
    query = "SELECT n, request FROM entity_inbox WHERE entity = ? AND due <= ? ORDER BY n"
    rows = db.rows(query, entity, db.now)
    requests = tuple(json.loads(text) for _, text in rows)
    return Batch(entity, state_of(db, entity), requests, rows[-1][0])


def commit(db: Database, batch: Batch, answer: str, at: str) -> None:
    """Keep the new state, answer the callers, drop the batch: one transaction."""
    outcome: dict[str, Any] = json.loads(answer)
    with db.transaction():
        _keep(db, batch.entity, outcome["entityState"] if outcome["entityExists"] else None, at)
        for request, result in zip(batch.requests, outcome["results"], strict=True):
            _reply(db, request, result["result"], failed=result["isError"], at=at)
        _drop(db, batch)


def fail(db: Database, batch: Batch, message: str, at: str) -> None:
    """The function failed as a whole: the state stays, the callers are sent the reason."""
    with db.transaction():
        for request in batch.requests:
            _reply(db, request, json.dumps(message), failed=True, at=at)
        _drop(db, batch)


def _keep(db: Database, entity: str, state: str | None, at: str) -> None:
    if state is None:
        db.write("DELETE FROM entity WHERE id = ?", entity)
    else:
        db.write("INSERT OR REPLACE INTO entity VALUES (?, ?, ?)", entity, state, at)


def _reply(db: Database, request: Request, result: str, *, failed: bool, at: str) -> None:
    if request["signal"]:
        return
    reply = {"result": result} | ({"exceptionType": "System.Exception"} if failed else {})
    event = history.event_raised(at, request["id"], json.dumps(reply))
    instances.post(db, request["parent"], event, request["generation"])


def _drop(db: Database, batch: Batch) -> None:
    db.write("DELETE FROM entity_inbox WHERE entity = ? AND n <= ?", batch.entity, batch.last)


def all_of(db: Database, name: str | None) -> list[tuple[str, str, str]]:
    """Every entity (of that name): its id, its state as JSON text, when it was last changed."""
    prefix = "@" if name is None else f"@{name.lower()}@"
    rows = db.rows("SELECT id, state, updated FROM entity ORDER BY id")
    return [row for row in rows if row[0].startswith(prefix)]


def erase(db: Database, entity: str) -> int:
    """Delete an entity's state; returns how many there were (1 or 0). What waits for it stays."""
    return db.write("DELETE FROM entity WHERE id = ?", entity)
