"""Receives external events while waiting for something else."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from orchestrators.engine.context import Context, Steps, Task, Timer
from rollout.callbacks import ANSWER, ANSWERS_HEARD, HeardAnswer
from rollout.run import Command, channels

_LONGEST_TIMER = timedelta(days=5)


class ExternalEvents:
    """Listens for a number of events of each name while the orchestration waits for something else.

    All waits are opened at the start and raced again and again. Under Durable 1.x an event that
    comes before its wait would satisfy every later wait of that name; and a wait that is opened
    while something else is running would, in Azure, hold up everything that comes after it. So the
    first thing that an orchestration waits for has to be waited for here. What comes before it
    listens is held back.
    """

    def __init__(
        self,
        context: Context,
        events: Mapping[str, int],
        received: Callable[[Any], None],
        heard: Sequence[Any] = (),
    ) -> None:
        """`heard` is what came to an earlier generation, at its very end."""
        self._context = context
        self._received = received
        self._held: list[Any] | None = list(heard)
        self._most = dict(events)
        self._waits: dict[str, list[Task]] = {
            name: [context.wait_for_external_event(name) for _ in range(count)]
            for name, count in events.items()
        }

    def listen(self) -> None:
        """From now on, deliver what comes; first, what has come so far."""
        held, self._held = self._held or [], None
        for value in held:
            self._received(value)

    @property
    def worn(self) -> bool:
        """Whether so many have come that another generation has to listen."""
        return any(2 * len(waits) <= self._most[name] for name, waits in self._waits.items())

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
        """Text that is not JSON is ignored: a typing error by someone who raises events by hand
        must not break a rollout.
        """
        next(waits for waits in self._waits.values() if event in waits).remove(event)
        try:
            value = event_value(event.result)
        except ValueError:
            return
        if self._held is None:
            self._received(value)
        else:
            self._held.append(value)

    def heard_to_the_end(self) -> Steps[list[Any]]:
        """What has come and was not delivered when a timer of no length has fired. In Azure an
        orchestration must not continue as new in the turn in which an event came.
        """
        self._held = self._held or []
        yield from self.wait(self._context.create_timer(self._context.current_utc_datetime))
        for event in [wait for wait in self._open if wait.is_completed]:
            self._deliver(event)
        return self._held


def event_value(payload: Any) -> Any:
    """The app's own client delivers JSON text, Durable's management API a value (durable-python
    #295). Raises ValueError for text that is not JSON.
    """
    return json.loads(payload) if isinstance(payload, str) else payload


class CommandListener(ExternalEvents):
    """Listens for an operator's commands; and, for what asks questions, for their answers."""

    def __init__(
        self,
        context: Context,
        received: Callable[[Command], None],
        heard: Sequence[Any] = (),
        answered: Callable[[HeardAnswer], None] | None = None,
    ) -> None:
        def deliver(value: Any) -> None:
            if command := Command.of_event(value):
                received(command)
            elif answered and (answer := HeardAnswer.of_event(value)):
                answered(answer)

        answers = {ANSWER: ANSWERS_HEARD} if answered else {}
        super().__init__(context, {**channels(), **answers}, deliver, heard)
