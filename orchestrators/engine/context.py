"""The part of Durable's orchestration context that we use, the same on 1.7 and 2.x."""

from collections.abc import Callable, Generator
from datetime import datetime
from typing import Any, Protocol

type Steps[T] = Generator[Any, Any, T]
"""A piece of an orchestration: yields Durable tasks, returns a T."""

type Waiting = Callable[[Any], Steps[Any]]
"""How to wait for one task: just for it, or also for the operator's commands."""


class Task(Protocol):
    """Work in progress. A finished task has its result."""

    result: Any

    @property
    def is_completed(self) -> bool: ...


class Timer(Task, Protocol):
    """A durable timer. It must be cancelled when no longer needed, or else the instance keeps
    running until it fires (durable-python 1.x).
    """

    def cancel(self) -> None: ...


class Context(Protocol):
    """What an orchestrator may do. Times are timezone-aware, in UTC."""

    instance_id: str
    version: str | None

    @property
    def current_utc_datetime(self) -> datetime: ...
    def get_input(self) -> Any: ...
    def call_activity(self, name: str, input_: Any) -> Task: ...
    def call_sub_orchestrator(
        self, name: str, input_: Any, instance_id: str, version: str | None
    ) -> Task: ...
    def create_timer(self, fire_at: datetime) -> Timer: ...
    def wait_for_external_event(self, name: str) -> Task: ...
    def task_any(self, activities: list[Any]) -> Task: ...
    def set_custom_status(self, status: Any) -> None: ...
    def continue_as_new(self, input_: Any) -> None: ...
    def signal_entity(
        self,
        entityId: Any,
        operationName: str,
        operationInput: Any,
    ) -> Task: ...
