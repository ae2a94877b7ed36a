"""Goes on as new when a history has grown, so that none grows with the number of steps and verbs.

In Azure a continue-as-new in the turn in which an external event came is an endless loop at full
speed. So it comes after a timer of no length; and whatever the listeners have heard by then is
handed on (docs/adr/0034-generations.md).
"""

from datetime import datetime
from typing import Any, Protocol

from orchestrators.engine.context import Context, Steps, Task, Timer
from orchestrators.engine.events import ExternalEvents

_WORN = 100
"""Rows of history, beside those of events. Between two moments at which nothing is open it grows by
some 15; by more than 300 if Azure throttles a call for an hour, or everybody listens to verbs.
"""
_A_TASK, _A_SIGNAL = 4, 1
"""Rows: it is scheduled, and ends in a turn of its own. (A cancelled timer still fires.)"""


class GoesOnAsNew(Exception):  # noqa: N818
    """Raised only by `rest`; caught where the orchestration begins."""


class CountedContext:
    """A context that counts the rows of history to which its tasks come."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.rows = 0
        self.instance_id = context.instance_id
        self.version = context.version

    @property
    def worn(self) -> bool:
        """Whether the history has grown so much that another one is to be begun."""
        return self.rows >= _WORN

    @property
    def current_utc_datetime(self) -> datetime:
        return self._context.current_utc_datetime

    def get_input(self) -> Any:
        return self._context.get_input()

    def call_activity(self, name: str, input_: Any) -> Task:
        self.rows += _A_TASK
        return self._context.call_activity(name, input_)

    def call_sub_orchestrator(
        self, name: str, input_: Any, instance_id: str, version: str | None
    ) -> Task:
        self.rows += _A_TASK
        return self._context.call_sub_orchestrator(name, input_, instance_id, version)

    def create_timer(self, fire_at: datetime) -> Timer:
        self.rows += _A_TASK
        return self._context.create_timer(fire_at)

    def wait_for_external_event(self, name: str) -> Task:
        return self._context.wait_for_external_event(name)

    def task_any(self, activities: list[Any]) -> Task:
        return self._context.task_any(activities)

    def set_custom_status(self, status: Any) -> None:
        self._context.set_custom_status(status)

    def continue_as_new(self, input_: Any) -> None:
        self._context.continue_as_new(input_)

    def signal_entity(self, entityId: Any, operationName: str, operationInput: Any) -> Task:  # noqa: N803
        self.rows += _A_SIGNAL
        return self._context.signal_entity(entityId, operationName, operationInput)


class Generation(Protocol):
    """An orchestration that can go on as new."""

    @property
    def context(self) -> CountedContext: ...
    @property
    def events(self) -> ExternalEvents: ...

    def handed_on(self, heard: list[Any]) -> dict[str, Any]:
        """The input of the next generation; `heard` is what came at the change."""
        ...


def rest(run: Generation) -> None:
    """A moment at which nothing of it is open, and from which its next generation can go on: raises
    GoesOnAsNew if it is time for that.
    """
    if run.context.worn or run.events.worn:
        raise GoesOnAsNew


def go_on_as_new(run: Generation) -> Steps[dict[str, Any]]:
    """The last steps of a generation."""
    heard = yield from run.events.heard_to_the_end()
    run.context.continue_as_new(run.handed_on(heard))
    return {}
