"""Calls activities: one value in, one value out, with retries while Azure is busy."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from orchestrators.engine.context import Context, Steps, Task, Waiting
from rollout.base import Activity, ArmError, ArmErrorKind, Value
from rollout.batch import OBSERVE_INVENTORY, ReadInventory
from rollout.inventory import Inventory

PAUSE_AFTER_ERROR = timedelta(seconds=15)
_SOON, _LONGEST_PAUSE = 4, timedelta(minutes=2)
"""After so many failures in a row the pause doubles with each, up to that."""
PATIENCE = timedelta(hours=1)
"""How long Azure may be busy, throttle us or not respond before the rollout stops: the sum of the
waits, so that time in which nobody asked does not count.
"""


_WITNESSES = 3
"""How often Azure must say that something does not exist: one answer may be wrong."""


def _nothing_before() -> Steps[None]:
    yield from ()


class ActivityDied(Exception):  # noqa: N818
    """Raised if an activity has died each time that it was tried."""


def plainly(task: Task) -> Steps[Any]:
    """Wait for one task and for nothing else."""
    return (yield task)


def passes(error: ArmError) -> bool:
    """Whether an error is transient."""
    return error.passes


def passes_or_is_stale(error: ArmError) -> bool:
    """The same, or what was read before is out of date: the activity reads again."""
    return error.passes or error.kind is ArmErrorKind.STALE


def is_missing(error: ArmError) -> bool:
    """Whether something that was read does not exist."""
    return error.kind is ArmErrorKind.NOT_FOUND and not error.sent


class ActivityClient:
    """Calls activities. Transient errors are retried, after a durable timer, until `PATIENCE` is
    over; any other error is returned as a value. `on_delay` hears of the former, `on_refused` of
    what is returned.
    """

    def __init__(
        self,
        context: Context,
        waiting: Waiting = plainly,
        on_delay: Callable[[ArmError, timedelta], None] = lambda _, __: None,
        on_refused: Callable[[ArmError], None] = lambda _: None,
    ) -> None:
        self._context = context
        self._waiting = waiting
        self._on_delay = on_delay
        self._on_refused = on_refused

    def call[T: Value, R: Value](
        self,
        activity: Activity[T, R],
        task: T,
        retried: Callable[[ArmError], bool] = passes,
        before: Callable[[], Steps[ArmError | None]] = _nothing_before,
        patience: timedelta = PATIENCE,
    ) -> Steps[R | ArmError]:
        """The result of an activity that calls Azure; retried after errors `retried` accepts. That
        something does not exist is believed when Azure has said so several times. `before` is asked
        before each try, and returns why there must be none.
        """
        waited, missing, failures = timedelta(0), 0, 0
        while True:
            if refused := (yield from before()):
                return refused
            answer = yield from self.call_once(activity, task)
            if not isinstance(answer, ArmError):
                return answer
            failures += 1
            delay = delay_after(answer, failures)
            missing += is_missing(answer)
            again = retried(answer) or (is_missing(answer) and missing < _WITNESSES)
            if not again or waited + delay > patience:
                self._on_refused(answer)
                return answer
            waited += delay
            self.note_delay(answer, delay)
            yield from self.sleep(delay)

    def call_once[T: Value, R: Value](
        self, activity: Activity[T, R], task: T
    ) -> Steps[R | ArmError]:
        """The same without retries."""
        answer = yield from self._answer(activity, task)
        if "error" in answer:
            return ArmError.from_json(answer["error"])
        return activity.gives.from_json(answer["value"])

    def ask[T: Value, R: Value](self, activity: Activity[T, R], task: T) -> Steps[R]:
        """The result of an activity that only asks Durable: Azure is not involved. Raises
        ActivityDied if it was tried for as long as `PATIENCE` allows.
        """
        answer = yield from self.call(activity, task)
        if isinstance(answer, ArmError):
            raise ActivityDied(str(answer))
        return answer

    def _answer[T: Value, R: Value](
        self, activity: Activity[T, R], task: T
    ) -> Steps[dict[str, Any]]:
        """Our own errors are values, so whatever is raised says that the activity did not end: its
        worker has died (Durable does not run it again), or there is a fault in it.
        """
        call = self._context.call_activity(activity.name, task.to_json())
        try:
            return (yield from self._waiting(call))
        except Exception as error:  # noqa: BLE001 - Durable raises nothing more specific
            return {"error": ArmError.of_death(error).to_json()}

    def read_inventory(
        self, task: ReadInventory, patience: timedelta = PATIENCE
    ) -> Steps[Inventory | ArmError]:
        """A fresh read of a scale set and all its instances."""
        answer = yield from self.call(OBSERVE_INVENTORY, task, patience=patience)
        return answer if isinstance(answer, ArmError) else answer.unpacked

    def note_delay(self, error: ArmError, delay: timedelta) -> None:
        """Report that an error is waited out."""
        self._on_delay(error, delay)

    def sleep(self, duration: timedelta) -> Steps[None]:
        yield from self._waiting(
            self._context.create_timer(self._context.current_utc_datetime + duration)
        )


def delay_after(error: ArmError, failures: int = 1) -> timedelta:
    """How long to wait after an error, the last of so many in a row: Azure's Retry-After, or else
    our own pause.
    """
    if error.retry_after is None:
        doubled = 2 ** min(max(0, failures - _SOON), 3)
        return min(PAUSE_AFTER_ERROR * doubled, _LONGEST_PAUSE)
    return timedelta(seconds=max(1, error.retry_after))
