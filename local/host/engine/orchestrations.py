"""What clients may do with orchestrations: start, raise an event, suspend, resume, end, purge."""

import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from local.host.replay import history
from local.host.store import AsAzure, Database, Instance, Status, instances, tasks

log = logging.getLogger("local.host")

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

    def __init__(
        self, db: Database, as_azure: AsAzure | None = None, default_version: str | None = None
    ) -> None:
        self._db = db
        self._as_azure = as_azure or AsAzure()
        self._default_version = default_version

    def start(
        self,
        name: str,
        payload: str | None,
        instance: str | None = None,
        version: str | None = None,
    ) -> str:
        """Start an instance; input is JSON text. One that has ended is replaced.

        In Azure, starts of one id that race all succeed, and the first one's instance runs: where
        that is played, the answer is the id although nothing was started. Raises AlreadyExists when
        the id is taken, ValueError when it is not a valid id.
        """
        with self._db.transaction():
            number = self._db.next_number()
            chosen = _new_id(name, number) if instance is None else _valid(instance)
            existing = instances.stored(self._db, chosen)
            if existing is None or not existing.live:
                self._begin(chosen, name, payload, number, version, None)
            elif not self._raced(existing, number):
                raise AlreadyExists(
                    f"An Orchestration instance with the status {existing.runtime_status} "
                    f"already exists: {chosen!r}. Wait for its end, or choose another id."
                )
        return chosen

    def start_child(
        self, name: str, payload: str | None, instance: str, version: str | None, parent: Parent
    ) -> None:
        """Start a sub-orchestration. A running instance of that id is replaced, as it is in Azure:
        whoever waits for it waits for ever.

        Raises ValueError when the id is not valid, or the parent's own.
        """
        if _valid(instance) == parent.instance:
            raise ValueError(f"a sub-orchestration cannot have the id of its parent: {instance!r}")
        with self._db.transaction():
            existing = instances.stored(self._db, instance)
            if existing is not None and existing.live:
                log.warning(
                    "%s starts a sub-orchestration with the id of a running instance, %s: as in "
                    "Azure, that one is gone, and %s waits for ever.",
                    parent.instance,
                    instance,
                    existing.parent or "whoever waits for it",
                )
            number = self._db.next_number()
            self._begin(instance, name, payload, number, version, parent)

    def _begin(
        self,
        chosen: str,
        name: str,
        payload: str | None,
        number: int,
        version: str | None,
        parent: Parent | None,
    ) -> None:
        instances.erase(self._db, chosen)
        instances.insert(self._db, self._fresh(chosen, name, payload, number, version, parent))

    def _raced(self, existing: Instance, number: int) -> bool:
        """Whether a start is answered as if it had won, although this one is there already."""
        if existing.status != Status.PENDING:
            return False
        hidden = existing.parent is not None  # no row says yet that it is there
        return hidden or self._as_azure.happens(self._as_azure.raced, existing.id, number)

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
            found = self._live(instance)
            if found.suspended:
                raise NotAllowed("Cannot suspend orchestration instance in the Suspended state")
            place = ("overrun", instance, found.generation, self._now())
            late = self._as_azure.happens(self._as_azure.overrun, *place)
            self._suspend(instance, 2 if late else 1)
            instances.post(self._db, instance, history.execution_suspended(self._now(), reason))

    def resume(self, instance: str, reason: str) -> None:
        """Resume with what was waiting. Raises NoSuchInstance, InstanceIsOver or NotAllowed."""
        with self._db.transaction():
            found = self._live(instance)
            if not found.suspended:
                raise NotAllowed(
                    f"Cannot resume orchestration instance in the {found.status} state"
                )
            self._suspend(instance, 0)
            instances.post(self._db, instance, history.execution_resumed(self._now(), reason))

    def terminate(self, instance: str, reason: str) -> None:
        """Have it ended: it goes on until the message has arrived. Its children keep running, its
        parent sees a failure.

        Raises NoSuchInstance or InstanceIsOver.
        """
        with self._db.transaction():
            self._live(instance)
            instances.post(self._db, instance, history.execution_terminated(self._now(), reason))

    def end_next(self, accepts: Callable[[str | None], bool]) -> bool:
        """End the next instance that was terminated, of a version that is accepted."""
        found = instances.next_to_end(self._db, accepts)
        if found is None:
            return False
        instance, reason = found
        with self._db.transaction():
            self._terminated(instances.stored(self._db, instance), reason, self._now())
        return True

    def _terminated(self, found: Instance | None, reason: str, now: str) -> None:
        if found is None or not found.live:
            return
        output = json.dumps(reason)
        events = [
            history.execution_terminated(now, reason),
            history.execution_completed(now, Status.TERMINATED, output),
        ]
        instances.append(self._db, found.id, events)
        end(self._db, found, Status.TERMINATED, output, now)
        if found.parent_task is not None:
            why = f"Sub-orchestration {found.id!r} was terminated: {reason}"
            event = history.child_failed(now, found.parent_task, why, "")
            notify_parent(self._db, found, event)

    def restart(self, instance: str, *, new_id: bool) -> str:
        """Start again with the same input; returns the id.

        Raises NoSuchInstance, or AlreadyExists when the same id still runs.
        """
        found = instances.find(self._db, instance)
        if found is None:
            raise NoSuchInstance(instance)
        return self.start(found.name, found.input, None if new_id else instance, found.version)

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

    def _suspend(self, instance: str, suspended: int) -> None:
        self._db.write(
            "UPDATE instance SET suspended = ?, updated = ? WHERE id = ?",
            suspended,
            self._now(),
            instance,
        )

    def _now(self) -> str:
        return self._db.now


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
