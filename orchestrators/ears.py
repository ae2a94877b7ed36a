"""Hearing while waiting for something else: what comes from outside may come at any moment."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from orchestrators.context import Context, Steps, Task, Timer

_LONGEST_TIMER = timedelta(days=5)


class Ears:
    """Listens for so many events of each name, while the orchestration waits for something else.

    All waits are open from the start and raced again and again. Under Durable 1.x an event that
    comes before its wait would satisfy every later one of that name; and a wait that is opened
    while something else runs would hold up, in Azure, all that comes after it.
    """

    def __init__(
        self, context: Context, events: Mapping[str, int], heard: Callable[[Any], None]
    ) -> None:
        self._context = context
        self._heard = heard
        self._open = [
            context.wait_for_external_event(name)
            for name, count in events.items()
            for _ in range(count)
        ]

    @property
    def left(self) -> int:
        """How many more events it will hear."""
        return len(self._open)

    def _heard_before(self, task: Task) -> Steps[bool]:
        """Wait for that task, or until something is said: whether the task is through."""
        if not self._open:
            return True
        winner = yield self._context.task_any([task, *self._open])
        if winner != task:
            self._note(winner)
        return winner == task

    def wait(self, task: Task) -> Steps[Any]:
        """The result of `task`. What is said meanwhile is noted; the task runs to its end."""
        while not (yield from self._heard_before(task)):
            pass
        return (yield task)

    def sleep_until(self, moment: datetime) -> Steps[bool]:
        """Wait until then, or until something is said: whether something was."""
        while self._context.current_utc_datetime < moment:
            longest = self._context.current_utc_datetime + _LONGEST_TIMER
            timer = self._context.create_timer(min(moment, longest))
            if (yield from self._interrupted(timer)):
                return True
        return False

    def _interrupted(self, timer: Timer) -> Steps[bool]:
        winner = yield self._context.task_any([timer, *self._open])
        if winner == timer:
            return False
        timer.cancel()
        self._note(winner)
        return True

    def _note(self, event: Task) -> None:
        """The app's own client delivers JSON text, Durable's management API a value
        (durable-python #295). Text that is no JSON says nothing: whoever may raise events by hand
        must not be able to break a rollout by a typing error.
        """
        self._open.remove(event)
        payload = event.result
        try:
            said = json.loads(payload) if isinstance(payload, str) else payload
        except ValueError:
            return
        self._heard(said)
