"""Replays an orchestrator's actions exactly as the Durable extension does.

The extension counts task ids on its own, when it invokes an action, and the SDK on its own, when
user code yields: they agree only by behaving alike. An engine that just schedules whatever is new
in the list is kinder than Azure: it completes orchestrations that hang or mix up results there.
Source of the rules: Durable extension and DurableTask.Core source (the out-of-process
orchestration shim, the orchestration context, the retry interceptor).
"""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from local.host.replay.actions import Action, ActionType
from local.host.replay.commands import PAUSE_NAME, Command, Kind
from local.host.replay.history import (
    COMPLETIONS,
    SUCCEEDED,
    Event,
    EventType,
    moment_of,
    request_id,
    stamp,
    task_of,
)
from local.host.replay.promise import Promise, all_of, any_of, fulfilled, run


class NonDeterministicWorkflow(Exception):  # noqa: N818 - Durable's own name for it
    """The history holds a task that this replay did not schedule."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where a replay got to.

    `scheduled` holds every command by task id, `new` those that history does not hold yet,
    `open` the ids that nothing has completed, `unconsumed` the events nobody has waited for.
    `finished` is True when every action has been awaited to its end.
    """

    scheduled: tuple[Command, ...]
    new: tuple[Command, ...]
    open: frozenset[int]
    finished: bool
    unconsumed: tuple[str, ...]
    next_input: str | None


WRITTEN_AS = {
    EventType.TASK_SCHEDULED: {Kind.ACTIVITY},
    EventType.CHILD_CREATED: {Kind.CHILD},
    EventType.TIMER_CREATED: {Kind.TIMER},
    EventType.EVENT_SENT: {Kind.CALL, Kind.SIGNAL},
}


def replay(history: Sequence[Event], actions: Sequence[Action], execution: str) -> Replayed:
    """Replay the actions of one execution over its history.

    Raises NonDeterministicWorkflow when history and actions do not fit together.
    """
    machine = _Replay(actions, execution)
    for event in history:
        machine.feed(event)
    return Replayed(
        scheduled=tuple(machine.scheduled),
        new=tuple(machine.unwritten.values()),
        open=frozenset(machine.open),
        finished=machine.finished.settled,
        unconsumed=tuple(name for name, queue in machine.early.items() if queue),
        next_input=machine.next_input,
    )


class _Replay:
    def __init__(self, actions: Sequence[Action], execution: str) -> None:
        self._actions = actions
        self._execution = execution
        self._now = ""
        self._waits: defaultdict[str, list[Promise]] = defaultdict(list)
        self.scheduled: list[Command] = []
        self.unwritten: dict[int, Command] = {}
        self.open: dict[int, Promise] = {}
        self.early: defaultdict[str, deque[str]] = defaultdict(deque)
        self.finished = Promise()
        self.next_input: str | None = None
        self._invokers: dict[ActionType, Callable[[Action], Promise]] = {
            ActionType.CALL_ACTIVITY: partial(self._schedule, Kind.ACTIVITY),
            ActionType.CALL_ACTIVITY_WITH_RETRY: partial(self._retry, Kind.ACTIVITY),
            ActionType.CALL_CHILD: partial(self._schedule, Kind.CHILD),
            ActionType.CALL_CHILD_WITH_RETRY: partial(self._retry, Kind.CHILD),
            ActionType.CREATE_TIMER: self._timer,
            ActionType.WAIT_FOR_EVENT: self._event,
            ActionType.CALL_ENTITY: self._call,
            ActionType.SIGNAL_ENTITY: self._signal,
            ActionType.CONTINUE_AS_NEW: self._continue,
            ActionType.WHEN_ALL: self._all,
            ActionType.WHEN_ANY: self._any,
        }

    def feed(self, event: Event) -> None:
        kind = event["EventType"]
        if kind == EventType.ORCHESTRATOR_STARTED:
            self._now = event["Timestamp"]
        elif kind == EventType.EXECUTION_STARTED:
            self.finished = run(self._all_actions())
        elif kind in WRITTEN_AS:
            self._written(event)
        elif kind in COMPLETIONS:
            self._complete(task_of(event), succeeded=kind in SUCCEEDED)
        elif kind == EventType.EVENT_RAISED:
            self._raise(event["Name"])

    async def _all_actions(self) -> bool:
        for action in self._actions:
            await self._invoke(action)  # the SDK reports a failure, not the replay
        return True

    def _written(self, event: Event) -> None:
        command = self.unwritten.pop(event["EventId"], None)
        if command is not None and _matches(command, event):
            return
        raise NonDeterministicWorkflow(
            f"Non-Deterministic workflow detected: history holds {_what(event)} with task id "
            f"{event['EventId']}, but this replay has "
            f"{'nothing' if command is None else f'{command.kind} {command.name!r}'} there. "
            "Was the orchestrator changed while this instance ran?"
        )

    def _complete(self, task: int, *, succeeded: bool) -> None:
        promise = self.open.pop(task, None)
        if promise is not None:  # a second completion is ignored, as the extension does
            promise.settle(succeeded=succeeded)

    def _raise(self, name: str) -> None:
        if self._waits[name]:
            self._waits[name].pop().settle()
        else:
            self.early[name].append(name)

    def _invoke(self, action: Action) -> Promise:
        return self._invokers[action.type](action)

    def _add(self, kind: Kind, action: Action) -> Command:
        command = Command(
            id=len(self.scheduled),
            kind=kind,
            name=action.name,
            input=action.input,
            instance=action.instance,
            version=action.version,
            fire_at=action.fire_at,
        )
        self.scheduled.append(command)
        self.unwritten[command.id] = command
        return command

    def _schedule(self, kind: Kind, action: Action) -> Promise:
        command = self._add(kind, action)
        self.open[command.id] = promise = Promise()
        return promise

    def _timer(self, action: Action) -> Promise:
        promise = self._schedule(Kind.TIMER, action)
        if action.cancelled:  # written to history all the same, but never armed
            self._complete(len(self.scheduled) - 1, succeeded=False)
        return promise

    def _retry(self, kind: Kind, action: Action) -> Promise:
        return run(self._attempts(kind, action))

    async def _attempts(self, kind: Kind, action: Action) -> bool:
        """Each failed attempt takes a timer's id, the last one too: its timer is due at once."""
        for attempt in range(1, action.retry.attempts + 1):
            if await self._schedule(kind, action):
                return True
            last = attempt == action.retry.attempts
            await self._pause(0 if last else action.retry.interval)
        return False

    def _pause(self, milliseconds: int) -> Promise:
        due = stamp(moment_of(self._now) + timedelta(milliseconds=milliseconds))
        return self._schedule(Kind.TIMER, Action(ActionType.CREATE_TIMER, PAUSE_NAME, fire_at=due))

    def _event(self, action: Action) -> Promise:
        if self.early[action.name]:
            self.early[action.name].popleft()
            return fulfilled()
        return self._wait(action.name)

    def _wait(self, event: str) -> Promise:
        promise = Promise()
        self._waits[event].append(promise)
        return promise

    def _call(self, action: Action) -> Promise:
        """A message takes an id but leaves nothing open: the reply comes as an event."""
        command = self._add(Kind.CALL, action)
        return self._wait(request_id(self._execution, command.id))

    def _signal(self, action: Action) -> Promise:
        self._add(Kind.SIGNAL, action)
        return fulfilled()

    def _continue(self, action: Action) -> Promise:
        self.next_input = action.input
        return fulfilled()

    def _all(self, action: Action) -> Promise:
        return all_of([self._invoke(child) for child in action.children])

    def _any(self, action: Action) -> Promise:
        return any_of([self._invoke(child) for child in action.children])


def _matches(command: Command, event: Event) -> bool:
    if command.kind not in WRITTEN_AS[EventType(event["EventType"])]:
        return False
    return command.kind not in {Kind.ACTIVITY, Kind.CHILD} or command.name == event["Name"]


def _what(event: Event) -> str:
    return f"{EventType(event['EventType']).name} {event.get('Name', '')!r}"
