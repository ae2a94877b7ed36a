"""The operator's hand: an abort may come at any moment."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from orchestrators.context import Context, Steps, Task
from rollout.command import Command
from rollout.names import ABORT


class Operator:
    """Listens while the rollout waits for something else.

    There is one wait for the event, open from the start and raced again and again: under Durable
    1.x an event that comes before its wait would satisfy every later one of that name.
    """

    def __init__(self, context: Context, on_abort: Callable[[Command], None]) -> None:
        self._context = context
        self._on_abort = on_abort
        self._event = context.wait_for_external_event(ABORT)
        self.abort: Command | None = None

    def wait(self, task: Task) -> Steps[Any]:
        """The result of `task`. An abort meanwhile is noted; the task still runs to its end."""
        if self.abort is None:
            winner = yield self._context.task_any([task, self._event])
            if winner == self._event:
                self._note()
        return (yield task)

    def sleep(self, duration: timedelta) -> Steps[None]:
        """Wait for that long; an abort ends the wait at once."""
        timer = self._context.create_timer(self._context.current_utc_datetime + duration)
        winner = yield self._context.task_any([timer, self._event])
        if winner == self._event:
            timer.cancel()
            self._note()

    def _note(self) -> None:
        self.abort = command_of(self._event.result)
        self._on_abort(self.abort)


def command_of(payload: Any) -> Command:
    """The command in an event: the app's own client delivers JSON text, Durable's management API
    a value (durable-python #295).
    """
    decoded = json.loads(payload) if isinstance(payload, str) else payload
    return Command.from_json(decoded or {})
