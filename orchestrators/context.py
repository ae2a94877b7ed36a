"""The part of Durable's orchestration context that we use: the same on 1.7 and 2.x."""

from collections.abc import Callable, Generator
from datetime import datetime
from typing import Any, Protocol

type Steps[T] = Generator[Any, Any, T]
"""A piece of an orchestration: yields Durable tasks, returns a T."""

type Waiting = Callable[[Any], Steps[Any]]
"""How to wait for one task: plainly, or with an eye on the operator."""


class Task(Protocol):
    """Something under way. Finished tasks hold their result."""

    result: Any


class Timer(Task, Protocol):
    """A durable timer. One that is no longer needed must be cancelled, else the instance runs on
    until it fires (durable-python 1.x).
    """

    def cancel(self) -> None: ...


class Context(Protocol):
    """What an orchestrator may do. Times are aware and in UTC."""

    instance_id: str
    current_utc_datetime: datetime

    def get_input(self) -> Any: ...
    def call_activity(self, name: str, input_: Any) -> Task: ...
    def call_sub_orchestrator(self, name: str, input_: Any, instance_id: str) -> Task: ...
    def create_timer(self, fire_at: datetime) -> Timer: ...
    def wait_for_external_event(self, name: str) -> Task: ...
    def task_any(self, activities: list[Any]) -> Task: ...
    def set_custom_status(self, status: Any) -> None: ...
    def signal_entity(
        self,
        entityId: Any,
        operationName: str,
        operationInput: Any,
    ) -> Task: ...
