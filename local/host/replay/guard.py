"""Compares the task ids the SDK gives with those the Durable extension gives.

Where they differ, a result reaches the wrong task or none at all. On Azure that is silent, or a
hang (azure-functions-durable-python issue 603, closed as won't fix for 1.x); here it is a failure
that says what to change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.host.replay.actions import WITHOUT_ID, Action, ActionType, Retry
from local.host.replay.commands import PAUSE_NAME, Command, Kind
from local.host.replay.history import COMPLETIONS, FAILED, Event, EventType, task_of

RULE = (
    "azure-functions-durable 1.x and the Durable extension number tasks differently here, so on "
    "Azure results would reach the wrong task, or none. Yield call_activity_with_retry and "
    "call_sub_orchestrator_with_retry directly and with nothing else open, never inside task_any "
    "or task_all (or retry in the orchestrator, with try/except and a timer); let activities that "
    "are fanned out return errors instead of raising them; build task_any and task_all in the "
    "very yield that waits for them."
)

type Label = tuple[Kind, str, str | None, str | None]

PAUSE: Label = (Kind.TIMER, PAUSE_NAME, None, None)
KINDS = {
    ActionType.CALL_ACTIVITY: Kind.ACTIVITY,
    ActionType.CALL_ACTIVITY_WITH_RETRY: Kind.ACTIVITY,
    ActionType.CALL_CHILD: Kind.CHILD,
    ActionType.CALL_CHILD_WITH_RETRY: Kind.CHILD,
    ActionType.CREATE_TIMER: Kind.TIMER,
    ActionType.CALL_ENTITY: Kind.CALL,
    ActionType.SIGNAL_ENTITY: Kind.SIGNAL,
}


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A try of a retried call, or the pause after one; `left` counts the tries still to come."""

    label: Label
    left: int
    pause: bool = False


def divergence(
    history: Sequence[Event],
    leaves: Sequence[Action],
    scheduled: Sequence[Command],
    task_ids: int | None = None,
) -> str | None:
    """What is wrong when the two number tasks differently, else None.

    `task_ids` is how many the SDK says it has given: fewer than its actions stand for, when a task
    that was yielded alone is listed again by a task_any or task_all built before.

    Needs `Leaves` on every OrchestratorCompleted event. The SDK goes on after each event of a turn,
    so in a turn of several events nothing says after which of them the actions came: where one of
    them has a hidden task, the comparison ends there.
    """
    given, whole = _sdk_ids(history, leaves)
    if whole and task_ids is not None and task_ids != len(given):
        return (
            f"the SDK counts {task_ids} tasks, but its actions make the Durable extension "
            f"schedule {len(given)}: one is listed twice, and would run twice. {RULE}"
        )
    for task, (ours, command) in enumerate(zip(given, scheduled, strict=False)):
        if ours != _label(command):
            return (
                f"task id {task} is {_words(ours)} to the SDK but {_words(_label(command))} to "
                f"the Durable extension. {RULE}"
            )
    return None


def _sdk_ids(history: Sequence[Event], leaves: Sequence[Action]) -> tuple[list[Label], bool]:
    """The SDK's tasks by id, as far as they can be told, and whether these are all: in each turn
    hidden ones first, then what user code yielded.
    """
    given: list[Label] = []
    attempts: dict[int, _Attempt] = {}
    seen = 0
    for events, count in _turns(history, len(leaves)):
        hidden = [attempt for event in events if (attempt := _hidden(attempts, event))]
        if hidden and len(events) > 1:
            return given, False
        for attempt in hidden:
            attempts[len(given)] = attempt
            given.append(PAUSE if attempt.pause else attempt.label)
        for leaf in leaves[seen:count]:
            if leaf.type in WITHOUT_ID:
                continue
            if leaf.retry != Retry(0, 1):
                attempts[len(given)] = _Attempt(_leaf_label(leaf), leaf.retry.attempts - 1)
            given.append(_leaf_label(leaf))
        seen = count
    return given, True


def _turns(history: Sequence[Event], leaves: int) -> Iterator[tuple[list[Event], int]]:
    """What came in each turn, and how many leaves the answer held after it."""
    events: list[Event] = []
    for event in history:
        if event["EventType"] in COMPLETIONS or event["EventType"] == EventType.EVENT_RAISED:
            events.append(event)
        elif event["EventType"] == EventType.ORCHESTRATOR_COMPLETED:
            yield events, event["Leaves"]
            events = []
    yield events, leaves


def _hidden(attempts: dict[int, _Attempt], completion: Event) -> _Attempt | None:
    """The task that a completion makes the SDK number, without any action for it."""
    if completion["EventType"] not in COMPLETIONS:
        return None
    attempt = attempts.get(task_of(completion))
    if attempt is None:
        return None
    if attempt.pause:
        again = _Attempt(attempt.label, attempt.left - 1)
        return again if attempt.left > 0 else None
    if completion["EventType"] in FAILED:
        return _Attempt(attempt.label, attempt.left, pause=True)
    return None


def _leaf_label(leaf: Action) -> Label:
    kind = KINDS[leaf.type]
    return (kind, leaf.name, leaf.instance, leaf.fire_at if kind is Kind.TIMER else leaf.input)


def _label(command: Command) -> Label:
    if command.kind is not Kind.TIMER:
        return (command.kind, command.name, command.instance, command.input)
    return PAUSE if command.name else (Kind.TIMER, "", None, command.fire_at)


def _words(label: Label) -> str:
    kind, name, _, payload = label
    if label == PAUSE:
        return "the pause after a failed attempt"
    return f"a timer due {payload}" if kind is Kind.TIMER else f"{kind} {name!r} with {payload}"
