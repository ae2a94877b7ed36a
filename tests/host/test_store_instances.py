"""What waits for an instance, as the engine reads it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.base import ManualClock
from local.host.replay import history
from local.host.store import Database, Instance, Status, instances


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path, ManualClock())) as found:
        yield found


def running(db: Database) -> str:
    """The id of an instance that has begun and waits for something."""
    now = db.now
    instance = Instance(
        id="it",
        name="waits",
        version=None,
        generation=1,
        status=Status.RUNNING,
        suspended=0,
        begun=1,
        input=None,
        output=None,
        custom_status=None,
        created=now,
        updated=now,
        parent=None,
        parent_generation=None,
        parent_task=None,
    )
    with db.transaction():
        instances.insert(db, instance)
    return instance.id


def anybody(version: str | None) -> bool:
    del version
    return True


def test_a_termination_is_never_taken_for_an_event_of_a_turn(db: Database) -> None:
    """It may arrive after the engine has looked for terminations, before it looks for turns."""
    instance = running(db)
    with db.transaction():
        instances.post(db, instance, history.execution_terminated(db.now, "enough"))
    assert instances.next_runnable(db, anybody) is None
    assert instances.messages(db, instance) == []
    assert instances.next_to_end(db, anybody) == (instance, "enough")


def test_an_event_beside_a_termination_has_its_turn(db: Database) -> None:
    instance = running(db)
    with db.transaction():
        instances.post(db, instance, history.event_raised(db.now, "go", "1"))
        instances.post(db, instance, history.execution_terminated(db.now, "enough"))
    found = instances.next_runnable(db, anybody)
    assert found is not None
    assert [message.event["Name"] for message in instances.messages(db, instance)] == ["go"]
