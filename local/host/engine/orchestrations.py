"""What clients may do with orchestrations: start, raise an event, suspend, resume, end, purge."""

import hashlib
import json
import re
from dataclasses import dataclass

from local.base import Clock
from local.host.replay import history, stamp
from local.host.store import Database, Instance, Status, instances, tasks

MAX_ID = 256
FORBIDDEN = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")


class NoSuchInstance(Exception):  # noqa: N818 - a condition, answered as 404
    """There is no instance with that id."""


class InstanceIsOver(Exception):  # noqa: N818 - a condition, answered as 410
    """The instance has ended already."""


class AlreadyExists(Exception):  # noqa: N818 - Durable's OrchestrationAlreadyExistsException
    """The id belongs to an instance that has not ended."""


class NotAllowed(Exception):  # noqa: N818 - Durable's InvalidOperationException
    """The instance's status does not allow it."""


@dataclass(frozen=True, slots=True)
class Parent:
    """The task of a parent that waits for a sub-orchestration."""

    instance: str
    generation: int
    task: int


class Orchestrations:
    """The operations of Durable's client; each is one transaction."""

    def __init__(self, db: Database, clock: Clock, default_version: str | None = None) -> None:
        self._db = db
        self._clock = clock
        self._default_version = default_version

    def start(
        self,
        name: str,
        payload: str | None,
        instance: str | None = None,
        version: str | None = None,
        parent: Parent | None = None,
    ) -> str:
        """Start an instance; input is JSON text. One that has ended is replaced.

        Raises AlreadyExists when the id is taken, ValueError when it is not a valid id.
        """
        with self._db.transaction():
            number = self._db.next_number()
            chosen = _new_id(name, number) if instance is None else _valid(instance)
            existing = instances.find(self._db, chosen)
            if existing is not None and existing.live:
                raise AlreadyExists(
                    f"An Orchestration instance with the status {existing.runtime_status} "
                    f"already exists: {chosen!r}. Wait for its end, or choose another id."
                )
            instances.erase(self._db, chosen)
            fresh = self._fresh(chosen, name, payload, number, version, parent)
            instances.insert(self._db, fresh)
        return chosen

    def raise_event(self, instance: str, name: str, payload: str) -> None:
        """Deliver an event, its payload as it was sent (JSON text).

        Raises NoSuchInstance or InstanceIsOver.
        """
        with self._db.transaction():
            self._live(instance)
            instances.post(self._db, instance, history.event_raised(self._now(), name, payload))

    def suspend(self, instance: str, reason: str) -> None:
        """Take no turns until resumed. Raises NoSuchInstance, InstanceIsOver or NotAllowed."""
        with self._db.transaction():
            if self._live(instance).suspended:
                raise NotAllowed("Cannot suspend orchestration instance in the Suspended state")
            self._suspend(instance, suspended=True)
            instances.post(self._db, instance, history.execution_suspended(self._now(), reason))

    def resume(self, instance: str, reason: str) -> None:
        """Resume with what was waiting. Raises NoSuchInstance, InstanceIsOver or NotAllowed."""
        with self._db.transaction():
            found = self._live(instance)
            if not found.suspended:
                raise NotAllowed(
                    f"Cannot resume orchestration instance in the {found.status} state"
                )
            self._suspend(instance, suspended=False)
            instances.post(self._db, instance, history.execution_resumed(self._now(), reason))

    def terminate(self, instance: str, reason: str) -> None:
        """End it now. Its children keep running, its parent sees a failure.

        Raises NoSuchInstance or InstanceIsOver.
        """
        now, output = self._now(), json.dumps(reason)
        with self._db.transaction():
            found = self._live(instance)
            events = [
                history.execution_terminated(now, reason),
                history.execution_completed(now, Status.TERMINATED, output),
            ]
            instances.append(self._db, instance, events)
            end(self._db, found, Status.TERMINATED, output, now)
            why = f"Sub-orchestration {instance!r} was terminated: {reason}"
            if found.parent_task is not None:
                notify_parent(
                    self._db, found, history.child_failed(now, found.parent_task, why, "")
                )

    def restart(self, instance: str, *, new_id: bool) -> str:
        """Start again with the same input; returns the id.

        Raises NoSuchInstance, or AlreadyExists when the same id still runs.
        """
        found = instances.find(self._db, instance)
        if found is None:
            raise NoSuchInstance(instance)
        return self.start(found.name, found.input, None if new_id else instance, found.version)

    def purge(self, instance: str) -> int:
        """Delete an instance that has ended; returns how many (0 or 1)."""
        with self._db.transaction():
            found = instances.find(self._db, instance)
            return 0 if found is None or found.live else instances.erase(self._db, instance)

    def _fresh(
        self,
        chosen: str,
        name: str,
        payload: str | None,
        generation: int,
        version: str | None,
        parent: Parent | None,
    ) -> Instance:
        now = self._now()
        return Instance(
            id=chosen,
            name=name,
            version=version or self._default_version,
            generation=generation,
            status=Status.PENDING,
            suspended=0,
            begun=0,
            input=payload,
            output=None,
            custom_status=None,
            created=now,
            updated=now,
            parent=parent and parent.instance,
            parent_generation=parent and parent.generation,
            parent_task=parent and parent.task,
        )

    def _live(self, instance: str) -> Instance:
        found = instances.find(self._db, instance)
        if found is None:
            raise NoSuchInstance(instance)
        if not found.live:
            raise InstanceIsOver(instance)
        return found

    def _suspend(self, instance: str, *, suspended: bool) -> None:
        self._db.write(
            "UPDATE instance SET suspended = ?, updated = ? WHERE id = ?",
            int(suspended),
            self._now(),
            instance,
        )

    def _now(self) -> str:
        return stamp(self._clock.now())


def end(db: Database, instance: Instance, status: Status, output: str | None, at: str) -> None:
    """Write an instance's end and drop what was open; late results then find nothing."""
    db.write(
        "UPDATE instance SET status = ?, output = ?, updated = ?, suspended = 0, begun = 1 "
        "WHERE id = ?",
        status,
        output,
        at,
        instance.id,
    )
    instances.clear(db, instance.id)


def notify_parent(db: Database, child: Instance, event: instances.Event) -> None:
    """Deliver a child's end, if that execution of the parent still waits for it."""
    if child.parent and child.parent_generation and child.parent_task is not None:
        tasks.complete(db, child.parent, child.parent_generation, child.parent_task, event)


def _new_id(name: str, number: int) -> str:
    return hashlib.sha256(f"{name}:{number}".encode()).hexdigest()[:32]


def _valid(instance: str) -> str:
    """Rule: Durable's documented limits on instance ids."""
    if len(instance) > MAX_ID or instance.startswith("@") or FORBIDDEN.search(instance):
        raise ValueError(
            f"Instance id {instance!r} is not valid: at most {MAX_ID} characters, none of / \\ # ? "
            "or control characters, and not starting with @."
        )
    return instance
