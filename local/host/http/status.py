"""How Durable's management API shows an instance and its history.

Source: Durable extension source (status response payload, history projection).
"""

import json
from typing import Any

from local.host.http.rows import Row
from local.host.replay import COMPLETIONS, Event, EventType, task_of

NAMES = {
    EventType.EXECUTION_STARTED: "ExecutionStarted",
    EventType.EXECUTION_COMPLETED: "ExecutionCompleted",
    EventType.EXECUTION_TERMINATED: "ExecutionTerminated",
    EventType.TASK_COMPLETED: "TaskCompleted",
    EventType.TASK_FAILED: "TaskFailed",
    EventType.CHILD_COMPLETED: "SubOrchestrationInstanceCompleted",
    EventType.CHILD_FAILED: "SubOrchestrationInstanceFailed",
    EventType.TIMER_CREATED: "TimerCreated",
    EventType.TIMER_FIRED: "TimerFired",
    EventType.EVENT_SENT: "EventSent",
    EventType.EVENT_RAISED: "EventRaised",
    EventType.EXECUTION_SUSPENDED: "ExecutionSuspended",
    EventType.EXECUTION_RESUMED: "ExecutionResumed",
}
FOLDED = frozenset({EventType.TASK_SCHEDULED, EventType.CHILD_CREATED})
UNSHOWN = ("EventId", "IsPlayed", "TaskScheduledId", "TimerId", "Version", "Leaves", "EventType")
OF_EXECUTION = ("OrchestrationInstance", "ParentInstance", "Tags")


def status_body(
    row: Row, *, show_input: bool, history: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The status of one instance, in the order the extension serialises it."""
    body: dict[str, Any] = {
        "name": row.name,
        "instanceId": row.id,
        "runtimeStatus": row.status,
        "input": parsed(row.input) if show_input else None,
        "customStatus": parsed(row.custom_status),
        "output": parsed(row.output),
        "createdTime": whole_seconds(row.created),
        "lastUpdatedTime": whole_seconds(row.updated),
        "version": row.version,
        "parentInstanceId": row.parent,
    }
    return body if history is None else body | {"historyEvents": history}


def history_body(
    history: list[Event], *, show_input: bool, show_output: bool
) -> list[dict[str, Any]]:
    """The history: scheduling events are folded into their completions, turns are left out."""
    scheduled = {event["EventId"]: event for event in history if event["EventType"] in FOLDED}
    hidden = {name for name, shown in (("Input", show_input), ("Result", show_output)) if not shown}
    return [
        {
            key: parsed(value) if key in {"Input", "Result"} else value
            for key, value in _shown(event, scheduled).items()
            if key not in hidden
        }
        for event in history
        if event["EventType"] in NAMES
    ]


def parsed(text: str | None) -> Any:
    """JSON text as JSON, anything else as the text it is."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def whole_seconds(stamp: str) -> str:
    return f"{stamp[:19]}Z"


def _shown(event: Event, scheduled: dict[int, Event]) -> dict[str, Any]:
    kind = EventType(event["EventType"])
    body: dict[str, Any] = {"EventType": NAMES[kind]}
    body |= {key: value for key, value in event.items() if key not in UNSHOWN}
    if kind in COMPLETIONS and kind is not EventType.TIMER_FIRED:
        body |= _scheduling(scheduled.get(task_of(event)))
    if kind is EventType.EXECUTION_STARTED:
        body["FunctionName"] = body.pop("Name")
        body = {key: value for key, value in body.items() if key not in OF_EXECUTION}
    return body


def _scheduling(event: Event | None) -> dict[str, Any]:
    if event is None:
        return {}
    return {
        "ScheduledTime": event["Timestamp"],
        "FunctionName": event["Name"],
        "Input": event["Input"],
    }
