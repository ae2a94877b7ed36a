"""Writes a turn: one transaction, or nothing when something else got there first."""

from collections.abc import Sequence

from local.host.engine.orchestrations import Orchestrations, Parent, end, notify_parent
from local.host.engine.turn import Continued, Ended, Turn, child_id, fire_at, request_of
from local.host.replay import Command, Kind, history
from local.host.store import Database, Instance, Message, Status, Task, entities, instances, tasks


def commit(
    db: Database,
    orchestrations: Orchestrations,
    instance: Instance,
    messages: Sequence[Message],
    turn: Turn,
    *,
    lingering: bool,
) -> bool:
    """Write the turn; False, and nothing written, when the instance changed since it was read.

    With `lingering`, cancelled timers stay armed.
    """
    at = turn.events[0]["Timestamp"]
    with db.transaction():
        if not instance.same_as(instances.stored(db, instance.id)):
            return False
        for message in messages:
            _consume(db, instance, message)
        instances.append(db, instance.id, turn.events)
        _update(db, instance, turn, at)
        for command in turn.commands:
            _schedule(db, orchestrations, instance, command, turn)
        if not lingering:
            tasks.disarm(db, instance.id, turn.open)
        match turn.end:
            case Ended():
                _end(db, instance, turn.end, at)
            case Continued():
                _renew(db, instance, turn.end)
            case None:
                pass
    return True


def _consume(db: Database, instance: Instance, message: Message) -> None:
    db.write("DELETE FROM inbox WHERE n = ?", message.n)
    task = message.event.get("TaskScheduledId", message.event.get("TimerId"))
    if task is not None:
        tasks.forget(db, instance.id, task)


def _update(db: Database, instance: Instance, turn: Turn, at: str) -> None:
    db.write(
        "UPDATE instance SET status = ?, begun = 1, updated = ?, suspended = min(suspended, 1), "
        "custom_status = ifnull(?, custom_status) WHERE id = ?",
        Status.RUNNING,
        at,
        turn.custom_status,
        instance.id,
    )


def _schedule(
    db: Database, orchestrations: Orchestrations, instance: Instance, command: Command, turn: Turn
) -> None:
    task = Task(instance.id, instance.generation, command.id, command.name, command.input)
    match command.kind:
        case Kind.ACTIVITY:
            tasks.insert(db, task, Kind.ACTIVITY)
        case Kind.TIMER:
            if command.id in turn.open:  # a cancelled one is never armed
                tasks.insert(db, task, Kind.TIMER, fire_at(command))
        case Kind.CHILD:
            tasks.insert(db, task, Kind.CHILD)
            _start_child(db, orchestrations, instance, command, turn)
        case Kind.CALL | Kind.SIGNAL:
            request = request_of(instance, command)
            entities.send(db, command.instance or "", request)


def _start_child(
    db: Database, orchestrations: Orchestrations, instance: Instance, command: Command, turn: Turn
) -> None:
    parent = Parent(instance.id, instance.generation, command.id)
    chosen = child_id(instance, command)
    try:
        orchestrations.start_child(command.name, command.input, chosen, command.version, parent)
    except ValueError as error:
        at = turn.events[0]["Timestamp"]
        refused = history.child_failed(
            at, command.id, f"Sub-orchestration not started: {error}", ""
        )
        tasks.complete(db, instance.id, instance.generation, command.id, refused)


def _end(db: Database, instance: Instance, ended: Ended, at: str) -> None:
    end(db, instance, ended.status, ended.output, at)
    if instance.parent_task is None:
        return
    if ended.status is Status.COMPLETED:
        event = history.child_completed(at, instance.parent_task, ended.output)
    else:
        event = history.child_failed(at, instance.parent_task, ended.reason, ended.details)
    notify_parent(db, instance, event)


def _renew(db: Database, instance: Instance, continued: Continued) -> None:
    """A new generation: events still in the inbox go with it, those in the history are lost."""
    db.write("DELETE FROM history WHERE instance = ?", instance.id)
    db.write("DELETE FROM inbox WHERE instance = ? AND generation IS NOT NULL", instance.id)
    db.write("DELETE FROM task WHERE instance = ?", instance.id)
    db.write(
        "UPDATE instance SET generation = ?, input = ?, begun = 0 WHERE id = ?",
        db.next_number(),
        continued.input,
        instance.id,
    )
