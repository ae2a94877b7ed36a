"""Decides what a turn of an orchestration changes. Pure: the commit is elsewhere.

Sources: Durable extension and DurableTask.Core source; an instance ends only when user code has
ended AND every action has been awaited AND no task is open, so an uncancelled timer keeps it
Running. What hangs forever on Azure (unknown functions) fails here, and says why.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from local.host.engine.failures import of_orchestrator
from local.host.replay import (
    Action,
    ActionType,
    Answer,
    Command,
    Event,
    Kind,
    Known,
    NonDeterministicWorkflow,
    Replayed,
    divergence,
    is_external,
    moment_of,
    replay,
    stamp,
)
from local.host.replay import history as events
from local.host.store import Instance, Status

CUSTOM_STATUS_KIB = 16
LOOP = (
    "it continues as new in the turn in which the event {name!r} came. In Azure the event is "
    "carried into the next generation, which hears it and continues as new again: an endless loop "
    "at full speed, which stops everything else on that partition. Wait for a timer of no length "
    "before continue_as_new, and put what was heard by then into the next input."
)


@dataclass(frozen=True, slots=True)
class Ended:
    """The instance is over. `output` is JSON text; reason and details go to the parent."""

    status: Status
    output: str | None
    reason: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Continued:
    """The instance goes on as new, with this input (JSON text)."""

    input: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What to write: events for the history, commands to schedule, which tasks stay open."""

    events: tuple[Event, ...]
    commands: tuple[Command, ...] = ()
    open: frozenset[int] = frozenset()
    end: Ended | Continued | None = None
    custom_status: str | None = None
    unconsumed: tuple[str, ...] = ()


def decide(
    instance: Instance,
    history: Sequence[Event],
    fresh: Sequence[Event],
    answer: Answer,
    known: Known,
) -> Turn:
    """The turn in which `fresh` events joined `history` and the function gave that answer."""
    if not answer.ran:
        return _failed(instance, fresh, answer.error or "")
    problem = _refusal(answer, known)
    if problem is not None:
        return _failed(instance, fresh, problem)
    full = [*history, *fresh]
    try:
        replayed = replay(full, answer.actions, instance.execution)
    except NonDeterministicWorkflow as error:
        return _failed(instance, fresh, str(error))
    problem = divergence(full, answer.leaves, replayed.scheduled, answer.task_ids)
    if problem is not None:
        return _failed(instance, fresh, problem)
    turn = _turn(instance, fresh, answer, replayed)
    heard = next((event for event in fresh if is_external(event)), None)
    if isinstance(turn.end, Continued) and heard is not None:
        return _failed(instance, fresh, LOOP.format(name=heard["Name"]))
    return turn


def child_id(instance: Instance, command: Command) -> str:
    """The id of a sub-orchestration: the given one, else an own one for each task."""
    return command.instance or f"{instance.execution}:{command.id}"


def fire_at(command: Command) -> str:
    """When a timer is due; the SDK writes six digits."""
    return stamp(moment_of(command.fire_at))


def request_of(instance: Instance, command: Command) -> dict[str, object]:
    """What an entity is sent."""
    return {
        "id": events.request_id(instance.execution, command.id),
        "op": command.name,
        "input": None if command.input is None else json.dumps(command.input),
        "signal": command.kind is Kind.SIGNAL,
        "parent": instance.id,
        "generation": instance.generation,
    }


def _turn(instance: Instance, fresh: Sequence[Event], answer: Answer, replayed: Replayed) -> Turn:
    at = fresh[0]["Timestamp"]
    end = _end(instance, answer, replayed)
    written = [_scheduled(instance, command, at) for command in replayed.new]
    if isinstance(end, Ended):
        written.append(events.execution_completed(at, end.status, end.output))
    return Turn(
        events=(*fresh, *written, events.orchestrator_completed(at, len(answer.leaves))),
        commands=replayed.new,
        open=replayed.open,
        end=end,
        custom_status=answer.custom_status,
        unconsumed=replayed.unconsumed,
    )


def _end(instance: Instance, answer: Answer, replayed: Replayed) -> Ended | Continued | None:
    if not replayed.finished or replayed.open:
        return None
    if answer.error is not None:
        return _failure(instance, answer.error)
    if replayed.next_input is not None:
        return Continued(replayed.next_input)
    return Ended(Status.COMPLETED, answer.output) if answer.done else None


def _failure(instance: Instance, error: str) -> Ended:
    reason, details = of_orchestrator(instance.name, error)
    return Ended(Status.FAILED, json.dumps(reason), reason, details)


def _failed(instance: Instance, fresh: Sequence[Event], error: str) -> Turn:
    """The instance fails at once, whatever is still open."""
    at = fresh[0]["Timestamp"]
    end = _failure(instance, error)
    completed = events.execution_completed(at, end.status, end.output)
    return Turn(events=(*fresh, completed, events.orchestrator_completed(at, 0)), end=end)


def _scheduled(instance: Instance, command: Command, at: str) -> Event:
    match command.kind:
        case Kind.ACTIVITY:
            return events.task_scheduled(at, command.id, command.name, command.input)
        case Kind.CHILD:
            child, version = child_id(instance, command), command.version
            return events.child_created(at, command.id, command.name, version, child, command.input)
        case Kind.TIMER:
            return events.timer_created(at, command.id, fire_at(command))
        case Kind.CALL | Kind.SIGNAL:
            request = json.dumps(request_of(instance, command))
            return events.event_sent(at, command.id, command.instance or "", request)


def _refusal(answer: Answer, known: Known) -> str | None:
    """Why this answer cannot be carried out, else None."""
    size = len((answer.custom_status or "").encode("utf-16-le"))
    if int(size / 1024) > CUSTOM_STATUS_KIB:
        return (
            f"the custom status is {size} bytes of UTF-16, and Durable allows "
            f"{CUSTOM_STATUS_KIB} KiB: publish counts instead of lists"
        )
    return next((why for leaf in answer.leaves if (why := _unknown(leaf, known))), None)


CALLS = {
    ActionType.CALL_ACTIVITY: Kind.ACTIVITY,
    ActionType.CALL_ACTIVITY_WITH_RETRY: Kind.ACTIVITY,
    ActionType.CALL_CHILD: Kind.CHILD,
    ActionType.CALL_CHILD_WITH_RETRY: Kind.CHILD,
    ActionType.CALL_ENTITY: Kind.CALL,
    ActionType.SIGNAL_ENTITY: Kind.CALL,
}
NOUNS = {Kind.ACTIVITY: "activity", Kind.CHILD: "orchestrator", Kind.CALL: "entity"}


def _unknown(leaf: Action, known: Known) -> str | None:
    if leaf.type is ActionType.CALL_HTTP:
        return (
            "call_http is not run by the local host: its polling uses task ids the SDK does not "
            "know of. Make the request in an activity and poll with timers"
        )
    kind = CALLS.get(leaf.type)
    if kind is None:
        return None
    name = (leaf.instance or "").split("@")[1] if kind is Kind.CALL else leaf.name
    if name.lower() in known[kind]:
        return None
    return (
        f"there is no {NOUNS[kind]} function {name!r} (on Azure the instance would stay Running "
        f"for ever). Known: {', '.join(sorted(known[kind])) or 'none'}"
    )
