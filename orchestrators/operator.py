"""The operator's hand: a verb may come at any moment."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from orchestrators.context import Context, Steps, Task, Timer
from rollout.command import Command
from rollout.control import VERBS_HEARD
from rollout.names import COMMAND

_LONGEST_TIMER = timedelta(days=5)


class Operator:
    """Listens while the rollout waits for something else.

    All waits are open from the start and raced again and again. Under Durable 1.x an event that
    comes before its wait would satisfy every later one of that name; and a wait that is opened
    while something else runs would hold up, in Azure, all that comes after it.
    """

    def __init__(self, context: Context, heard: Callable[[Command], None]) -> None:
        self._context = context
        self._heard = heard
        self._open = [context.wait_for_external_event(COMMAND) for _ in range(VERBS_HEARD)]

    @property
    def hears_only_the_end(self) -> bool:
        """Whether only one more verb will be heard."""
        return len(self._open) == 1

    def wait(self, task: Task) -> Steps[Any]:
        """The result of `task`. What is said meanwhile is noted; the task runs to its end."""
        while self._open:
            winner = yield self._context.task_any([task, *self._open])
            if winner == task:
                break
            self._note(winner)
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
        self._open.remove(event)
        if command := command_of(event.result):
            self._heard(command)


def command_of(payload: Any) -> Command | None:
    """The command in an event: the app's own client delivers JSON text, Durable's management API
    a value (durable-python #295). None for what is no command: whoever may raise events by hand
    must not be able to break a rollout by a typing error.
    """
    try:
        return Command.from_json(json.loads(payload) if isinstance(payload, str) else payload)
    except ValueError:
        return None
