"""What an orchestrator asks for, under the task ids that the Durable extension gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a command asks for."""

    ACTIVITY = "activity"
    CHILD = "child"
    TIMER = "timer"
    CALL = "call"
    SIGNAL = "signal"


type Known = Mapping[Kind, frozenset[str]]
"""The names, in lower case, of the functions that an orchestrator can call."""

PAUSE_NAME = "pause between attempts"  # of a timer that no action stands for


@dataclass(frozen=True, slots=True)
class Command:
    """Something to schedule, under the task id the extension gives it.

    `name` is the function, or the entity's operation; `instance` the child's or the entity's id.
    """

    id: int
    kind: Kind
    name: str = ""
    input: str | None = None
    instance: str | None = None
    version: str | None = None
    fire_at: str = ""
