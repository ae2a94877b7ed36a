"""Receives external events while waiting for something else."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from orchestrators.engine.context import Context, Steps, Task, Timer
from rollout.run import VERBS_ACCEPTED, Command, channels

_LONGEST_TIMER = timedelta(days=5)


class ExternalEvents:
    """Listens for a number of events of each name while the orchestration waits for something else.

    All waits are opened at the start and raced again and again. Under Durable 1.x an event that
    comes before its wait would satisfy every later wait of that name; and a wait that is opened
    while something else is running would, in Azure, hold up everything that comes after it.
    """

    def __init__(
        self, context: Context, events: Mapping[str, int], received: Callable[[Any], None]
    ) -> None:
        self._context = context
        self._received = received
        self._waits: dict[str, list[Task]] = {
            name: [context.wait_for_external_event(name) for _ in range(count)]
            for name, count in events.items()
        }

    def hears(self, name: str) -> bool:
        """Whether one more event of that name will be heard."""
        return bool(self._waits[name])

    @property
    def _open(self) -> list[Task]:
        return [wait for waits in self._waits.values() for wait in waits]

    def wait(self, task: Task) -> Steps[Any]:
        """The result of `task`. Events are delivered meanwhile; the task runs to its end."""
        while not (yield from self._done_before_event(task)):
            pass
        return (yield task)

    def _done_before_event(self, task: Task) -> Steps[bool]:
        """Wait for that task or an event; returns whether the task is done."""
        waits = self._open
        if not waits:
            return True
        winner = yield self._context.task_any([task, *waits])
        if winner != task:
            self._deliver(winner)
        return winner == task

    def sleep_until(self, moment: datetime) -> Steps[bool]:
        """Wait until then, or until an event comes; returns whether one came."""
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
        self._deliver(winner)
        return True

    def _deliver(self, event: Task) -> None:
        """The app's own client delivers JSON text, Durable's management API a value (durable-python
        #295). Text that is not JSON is ignored: a typing error by someone who raises events by hand
        must not break a rollout.
        """
        next(waits for waits in self._waits.values() if event in waits).remove(event)
        payload = event.result
        try:
            value = json.loads(payload) if isinstance(payload, str) else payload
        except ValueError:
            return
        self._received(value)


class CommandListener(ExternalEvents):
    """Listens for an operator's commands, and for nothing else."""

    def __init__(
        self, context: Context, received: Callable[[Command], None], verbs: int = VERBS_ACCEPTED
    ) -> None:
        def deliver(value: Any) -> None:
            if command := Command.of_event(value):
                received(command)

        super().__init__(context, channels(verbs), deliver)
