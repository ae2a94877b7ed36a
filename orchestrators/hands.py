"""One step per activity: what it takes, what it gives, and patience with an Azure that is busy."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from orchestrators.context import Context, Steps, Task, Waiting
from rollout.fleet import Fleet
from rollout.follow_task import FindFollowers
from rollout.following import Followed
from rollout.inspection import Inspection, PackedFleet
from rollout.model import ModelReading
from rollout.problem import ArmError, ArmErrorKind
from rollout.reading import BatchReading
from rollout.record import LeftBehind
from rollout.request import RolloutRequest
from rollout.scale_set_id import ScaleSetId
from rollout.task import (
    Accepted,
    LookBack,
    ReadBatch,
    ReadFleet,
    ReadModel,
    ReadRepairs,
    Repairs,
    SetImage,
    SetRepairs,
    StartUpgrade,
)
from rollout.value import Value

PAUSE_AFTER_ERROR = timedelta(seconds=15)
PATIENCE = timedelta(hours=1)
"""How long Azure may be busy, throttle us or not answer before the rollout stops."""


def plainly(task: Task) -> Steps[Any]:
    """Wait for a task and for nothing else."""
    return (yield task)


class Hands:
    """Calls activities. Errors that pass are waited out, by durable timer, until `patience` is
    over; what is left comes back as a value.
    """

    def __init__(
        self,
        context: Context,
        waiting: Waiting = plainly,
        on_delay: Callable[[ArmError], None] = lambda _: None,
    ) -> None:
        self._context = context
        self._waiting = waiting
        self._on_delay = on_delay

    def inspect(self, request: RolloutRequest) -> Steps[Inspection | ArmError]:
        return (yield from self._call("inspect_scale_set", request, Inspection))

    def read_repairs(self, scale_set: ScaleSetId) -> Steps[Repairs | ArmError]:
        task = ReadRepairs(scale_set=scale_set)
        return (yield from self._call("observe_repairs", task, Repairs))

    def set_repairs(self, task: SetRepairs) -> Steps[Accepted | ArmError]:
        return (yield from self._call("set_repairs", task, Accepted))

    def look_back(self, rollout_id: str) -> Steps[LeftBehind | ArmError]:
        """What a rollout that was ended from outside has left undone."""
        return (yield from self._call("look_back", LookBack(rollout_id=rollout_id), LeftBehind))

    def find_followers(self, task: FindFollowers) -> Steps[Followed | ArmError]:
        return (yield from self._call("find_followers", task, Followed))

    def set_image(self, task: SetImage) -> Steps[Accepted | ArmError]:
        return (yield from self._call("set_image", task, Accepted))

    def read_model(self, task: ReadModel) -> Steps[ModelReading | ArmError]:
        return (yield from self._call("observe_model", task, ModelReading))

    def read_fleet(self, task: ReadFleet) -> Steps[Fleet | ArmError]:
        answer = yield from self._call("observe_fleet", task, PackedFleet)
        return answer if isinstance(answer, ArmError) else Fleet.unpack(answer.fleet)

    def start_upgrade(self, task: StartUpgrade) -> Steps[Accepted | ArmError]:
        """An instance that has gone since the list was read is no error: the activity reads
        again before it sends again.
        """
        return (yield from self._call("start_upgrade", task, Accepted, retries=_read_again))

    def read_batch(self, task: ReadBatch) -> Steps[BatchReading | ArmError]:
        """One look, without patience: the batch decides by itself how long it goes on looking."""
        return (yield from self._once("observe_batch", task, BatchReading))

    def sleep(self, duration: timedelta) -> Steps[None]:
        yield from self._waiting(
            self._context.create_timer(self._context.current_utc_datetime + duration)
        )

    def _call[T: Value](
        self,
        activity: str,
        task: Value,
        gives: type[T],
        retries: Callable[[ArmError], bool] = lambda error: error.passes,
    ) -> Steps[T | ArmError]:
        until = self._context.current_utc_datetime + PATIENCE
        while True:
            answer = yield from self._once(activity, task, gives)
            if not isinstance(answer, ArmError) or not retries(answer):
                return answer
            delay = delay_after(answer)
            if self._context.current_utc_datetime + delay > until:
                return answer
            self._on_delay(answer)
            yield from self.sleep(delay)

    def _once[T: Value](self, activity: str, task: Value, gives: type[T]) -> Steps[T | ArmError]:
        call = self._context.call_activity(activity, task.to_json())
        answer = yield from self._waiting(call)
        if "error" in answer:
            return ArmError.from_json(answer["error"])
        return gives.from_json(answer["value"])


def _read_again(error: ArmError) -> bool:
    return error.passes or error.kind is ArmErrorKind.STALE


def delay_after(error: ArmError) -> timedelta:
    """How long to wait after an error: what Azure says (Retry-After), else our own pause."""
    if error.retry_after is None:
        return PAUSE_AFTER_ERROR
    return timedelta(seconds=max(1, error.retry_after))
