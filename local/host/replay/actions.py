"""What an orchestrator function answers: its whole list of actions, and how far it got.

Shapes: the SDK's out-of-process protocol, schema version 2 (azure-functions-durable 1.7.0).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

import orjson

from local.host.replay.sanitizer import sanitized

FAILURE_LABEL = "\n\n$OutOfProcData$:"


class ActionType(IntEnum):
    """The numbers of the SDK's action types."""

    CALL_ACTIVITY = 0
    CALL_ACTIVITY_WITH_RETRY = 1
    CALL_CHILD = 2
    CALL_CHILD_WITH_RETRY = 3
    CONTINUE_AS_NEW = 4
    CREATE_TIMER = 5
    WAIT_FOR_EVENT = 6
    CALL_ENTITY = 7
    CALL_HTTP = 8
    SIGNAL_ENTITY = 9
    WHEN_ANY = 11
    WHEN_ALL = 12


COMPOUND = frozenset({ActionType.WHEN_ANY, ActionType.WHEN_ALL})
WITHOUT_ID = frozenset({ActionType.WAIT_FOR_EVENT, ActionType.CONTINUE_AS_NEW})


@dataclass(frozen=True, slots=True)
class Retry:
    """Retry options: interval in milliseconds, and how many attempts in all."""

    interval: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Action:
    """One thing an orchestrator yielded. `name` is its function's, event's or operation's."""

    type: ActionType
    name: str = ""
    input: str | None = None
    instance: str | None = None
    version: str | None = None
    fire_at: str = ""
    cancelled: bool = False
    retry: Retry = Retry(0, 1)
    children: tuple["Action", ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an orchestrator function: all actions since the generation began.

    `ran` is False when the function failed before user code was replayed. `task_ids` is how many
    ids the SDK has given so far; None once user code has ended, when it no longer counts.
    """

    actions: tuple[Action, ...] = ()
    done: bool = False
    output: str | None = None
    error: str | None = None
    custom_status: str | None = None
    ran: bool = True
    task_ids: int | None = None

    @property
    def leaves(self) -> list[Action]:
        """The actions with the compound ones flattened, in order."""
        return list(flattened(self.actions))

    @property
    def continues(self) -> bool:
        """Whether it asked to continue as new."""
        return any(leaf.type is ActionType.CONTINUE_AS_NEW for leaf in self.leaves)


def flattened(actions: Iterable[Action]) -> Iterator[Action]:
    for action in actions:
        if action.type in COMPOUND:
            yield from flattened(action.children)
        else:
            yield action


def answer_of(text: str) -> Answer:
    """The answer in an orchestrator function's return value."""
    state: dict[str, Any] = orjson.loads(text)
    ended = state["isDone"] or "error" in state
    return Answer(
        actions=tuple(_action(raw) for turn in state["actions"] for raw in turn),
        done=state["isDone"],
        output=json.dumps(state["output"]) if "output" in state else None,
        error=state.get("error"),
        custom_status=json.dumps(state["customStatus"]) if "customStatus" in state else None,
        task_ids=None if ended else state.get("taskIds"),
    )


def answer_of_failure(message: str) -> Answer:
    """The answer in the message of the exception an orchestrator function raised.

    The host cuts credentials out of it first: what is no state any more then, is a failure without.
    """
    said, label, state = sanitized(message).partition(FAILURE_LABEL)
    if not label:
        return Answer(error=said, ran=False)
    try:
        return answer_of(state)
    except orjson.JSONDecodeError:
        return Answer(error=said, ran=False)


@cache
def _wait_for(name: str) -> Action:
    """An instance may keep dozens of waits open, and each turn lists all of them."""
    return Action(type=ActionType.WAIT_FOR_EVENT, name=name)


def _action(raw: dict[str, Any]) -> Action:
    if raw["actionType"] == ActionType.WAIT_FOR_EVENT:
        return _wait_for(raw["externalEventName"])
    retry = raw.get("retryOptions", {})
    return Action(
        type=ActionType(raw["actionType"]),
        name=raw.get("functionName") or raw.get("externalEventName") or raw.get("operation") or "",
        input=raw.get("input"),
        instance=raw.get("instanceId"),
        version=raw.get("version"),
        fire_at=raw.get("fireAt", ""),
        cancelled=raw.get("isCanceled", False),
        retry=Retry(
            retry.get("firstRetryIntervalInMilliseconds", 0), retry.get("maxNumberOfAttempts", 1)
        ),
        children=tuple(_action(child) for child in raw.get("compoundActions", ())),
    )
