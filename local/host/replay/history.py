"""History events, as the Durable extension writes them and the SDK replays them.

Shapes: the Durable extension's trigger JSON, observed with azure-functions-durable 1.7.0.
"""

import hashlib
import re
import uuid
from datetime import datetime
from enum import IntEnum
from typing import Any

type Event = dict[str, Any]


class EventType(IntEnum):
    """The numbers of DurableTask's own event types."""

    EXECUTION_STARTED = 0
    EXECUTION_COMPLETED = 1
    EXECUTION_TERMINATED = 3
    TASK_SCHEDULED = 4
    TASK_COMPLETED = 5
    TASK_FAILED = 6
    CHILD_CREATED = 7
    CHILD_COMPLETED = 8
    CHILD_FAILED = 9
    TIMER_CREATED = 10
    TIMER_FIRED = 11
    ORCHESTRATOR_STARTED = 12
    ORCHESTRATOR_COMPLETED = 13
    EVENT_SENT = 14
    EVENT_RAISED = 15
    EXECUTION_SUSPENDED = 19
    EXECUTION_RESUMED = 20


SUCCEEDED = frozenset({EventType.TASK_COMPLETED, EventType.CHILD_COMPLETED, EventType.TIMER_FIRED})
FAILED = frozenset({EventType.TASK_FAILED, EventType.CHILD_FAILED})
COMPLETIONS = SUCCEEDED | FAILED


_TO_MICROSECONDS = len("2026-01-01T00:00:00.000000")


def stamp(moment: datetime) -> str:
    """A UTC moment as text that sorts as time does: seven digits and `Z`, as .NET writes them."""
    return f"{moment.isoformat(timespec='microseconds')[:_TO_MICROSECONDS]}0Z"


def moment_of(text: str) -> datetime:
    """The moment a stamp stands for."""
    return datetime.fromisoformat(text)


def execution_id(instance: str, generation: int) -> str:
    """What distinguishes two runs of one instance id: 32 hexadecimal digits."""
    return hashlib.sha256(f"{generation}:{instance}".encode()).hexdigest()[:32]


def request_id(execution: str, task: int) -> str:
    """The id under which an entity answers the call with that task id."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{execution}:{task}"))


REQUEST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def task_of(event: Event) -> int:
    """The task id that a completion event completes."""
    if event["EventType"] == EventType.TIMER_FIRED:
        return event["TimerId"]
    return event["TaskScheduledId"]


def _event(kind: EventType, at: str, event_id: int = -1, **fields: Any) -> Event:
    return {
        "EventType": int(kind),
        "EventId": event_id,
        "IsPlayed": False,
        "Timestamp": at,
        **fields,
    }


def orchestrator_started(at: str) -> Event:
    return _event(EventType.ORCHESTRATOR_STARTED, at)


def orchestrator_completed(at: str, leaves: int) -> Event:
    """Closes a turn; `Leaves` is how many leaf actions the answer held (the guard needs it)."""
    return _event(EventType.ORCHESTRATOR_COMPLETED, at, Leaves=leaves)


def execution_started(
    at: str,
    name: str,
    version: str | None,
    payload: str | None,
    instance: str,
    generation: int,
    parent: str | None,
) -> Event:
    owner = None if parent is None else {"OrchestrationInstance": {"InstanceId": parent}}
    return _event(
        EventType.EXECUTION_STARTED,
        at,
        Name=name,
        Version=version,
        Input=payload,
        OrchestrationInstance={
            "InstanceId": instance,
            "ExecutionId": execution_id(instance, generation),
        },
        ParentInstance=owner,
        Tags=None,
    )


def execution_completed(at: str, status: str, result: str | None) -> Event:
    return _event(EventType.EXECUTION_COMPLETED, at, OrchestrationStatus=status, Result=result)


def execution_terminated(at: str, reason: str) -> Event:
    return _event(EventType.EXECUTION_TERMINATED, at, Input=reason)


def execution_suspended(at: str, reason: str) -> Event:
    return _event(EventType.EXECUTION_SUSPENDED, at, Reason=reason)


def execution_resumed(at: str, reason: str) -> Event:
    return _event(EventType.EXECUTION_RESUMED, at, Reason=reason)


def is_external(event: Event) -> bool:
    """Whether it is an event from outside, not an entity's answer (those are named by a GUID)."""
    return event["EventType"] == EventType.EVENT_RAISED and not REQUEST.fullmatch(event["Name"])


def task_scheduled(at: str, task: int, name: str, payload: str | None) -> Event:
    return _event(EventType.TASK_SCHEDULED, at, task, Name=name, Version="", Input=payload)


def task_completed(at: str, task: int, result: str | None) -> Event:
    return _event(EventType.TASK_COMPLETED, at, TaskScheduledId=task, Result=result)


def task_failed(at: str, task: int, reason: str, details: str) -> Event:
    return _event(EventType.TASK_FAILED, at, TaskScheduledId=task, Reason=reason, Details=details)


def child_created(
    at: str, task: int, name: str, version: str | None, instance: str, payload: str | None
) -> Event:
    return _event(
        EventType.CHILD_CREATED,
        at,
        task,
        Name=name,
        Version=version or "",
        InstanceId=instance,
        Input=payload,
    )


def child_completed(at: str, task: int, result: str | None) -> Event:
    return _event(EventType.CHILD_COMPLETED, at, TaskScheduledId=task, Result=result)


def child_failed(at: str, task: int, reason: str, details: str) -> Event:
    return _event(EventType.CHILD_FAILED, at, TaskScheduledId=task, Reason=reason, Details=details)


def timer_created(at: str, task: int, fire_at: str) -> Event:
    return _event(EventType.TIMER_CREATED, at, task, FireAt=fire_at)


def timer_fired(at: str, task: int, fire_at: str) -> Event:
    return _event(EventType.TIMER_FIRED, at, TimerId=task, FireAt=fire_at)


def event_sent(at: str, task: int, entity: str, request: str) -> Event:
    return _event(EventType.EVENT_SENT, at, task, InstanceId=entity, Name="op", Input=request)


def event_raised(at: str, name: str, payload: str) -> Event:
    return _event(EventType.EVENT_RAISED, at, Name=name, Input=payload)
