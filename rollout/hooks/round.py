"""The hooks of one place, called one after the other until all are done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from rollout.base import Value, spoken
from rollout.gates import Answered, GateVerdict
from rollout.hooks.hook import Hook, HookPlace
from rollout.hooks.last_tries import LONGEST_PAUSE, pause_before_call


@dataclass(frozen=True)
class AllCalled:
    """All are done, or gone on without."""


@dataclass(frozen=True)
class CallNow:
    """It is that hook's turn."""

    hook: Hook


@dataclass(frozen=True)
class LookLater:
    """That hook is not done: call it, or decide, again then."""

    hook: Hook
    at: datetime


class HookNotDone(Value):
    """That hook is not done, for that reason. The operator is asked about it until `asked_until`,
    if somebody is.
    """

    name: str
    reason: str
    asked_until: datetime | None = None


class HookState(Value):
    """A hook that was called: first when it `began`, last `at`."""

    began: datetime
    calls: int = 0
    next_at: datetime
    last: Answered
    at: datetime

    @property
    def evidence(self) -> dict[str, Any]:
        """What the decision is based on."""
        return {"calls": self.calls, **self.last.to_json()}


class HookRound(Value):
    """How far the hooks before or after a batch have come. `number` is that of the line in the log
    with which it began, 0 before that. `over` are those that are done or were gone on without,
    `skipped` those that the operator goes on without, `state` is that of the one whose turn it is,
    and `failed` the one that keeps the rollout. `said` is what the log says that it waits for.
    """

    place: HookPlace
    batch: int
    number: int = 0
    over: list[str] = []
    skipped: list[str] = []
    state: HookState | None = None
    failed: HookNotDone | None = None
    done: bool = False
    said: str = ""

    def at(self, place: HookPlace, batch: int) -> bool:
        """Whether it is the round of that place, before or after that batch."""
        return (self.place, self.batch) == (place, batch)

    @property
    def puts_back_now(self) -> bool:
        """Whether hooks are waited for that put back."""
        return self.place is HookPlace.AFTER_BATCH and not (self.done or self.failed)

    def begun(self, number: int) -> Self:
        return self.model_copy(update={"number": number})

    def decide(
        self, hooks: Sequence[Hook], now: datetime
    ) -> AllCalled | CallNow | LookLater | HookNotDone:
        """What follows. A hook that refuses to drain has failed at once; nobody gives up so soon
        what is to be put back.
        """
        hook = self._next(hooks)
        if hook is None:
            return AllCalled()
        state = self.state
        if state is None:
            return CallNow(hook)
        refused = state.last.verdict is GateVerdict.FAILED
        if refused and self.place is HookPlace.BEFORE_BATCH:
            return HookNotDone(
                name=hook.name, reason=f"hook {hook.name} refused: {state.last.message}"
            )
        ends = self.ends(hook, now)
        if now >= ends:
            within = f"within {spoken(hook.timeout)}"
            reason = f"hook {hook.name} was not done {within}: {state.last.message}"
            return HookNotDone(name=hook.name, reason=reason)
        return CallNow(hook) if now >= state.next_at else LookLater(hook, min(state.next_at, ends))

    def after(self, hook: Hook, answered: Answered, called: datetime, now: datetime) -> Self:
        """With one more answer, to a call of that time."""
        if answered.verdict is GateVerdict.PASSED:
            return self.without(hook.name)
        return self._with(answered, self.calls + 1, called, now)

    def heard(self, hook: Hook, answered: Answered, now: datetime) -> Self:
        """With the answer that has come since to a call of before."""
        if answered.verdict is GateVerdict.PASSED:
            return self.without(hook.name)
        return self._with(answered, self.calls, now, now)

    def _with(self, answered: Answered, calls: int, called: datetime, now: datetime) -> Self:
        state = HookState(
            began=self.state.began if self.state else called,
            calls=calls,
            next_at=now + pause_before_call(calls, answered.after),
            last=answered,
            at=now,
        )
        return self.model_copy(update={"state": state})

    def turn_of(self, hooks: Sequence[Hook]) -> Hook | None:
        """The one whose turn it is, if it was called."""
        return self._next(hooks) if self.state else None

    def ends(self, hook: Hook, now: datetime) -> datetime:
        """When the one whose turn it is must be done."""
        return (self.state.began if self.state else now) + hook.timeout

    @property
    def calls(self) -> int:
        """How often the one whose turn it is was called."""
        return self.state.calls if self.state else 0

    def seen_again(self, planned: datetime, now: datetime) -> Self:
        """When somebody looks that was to look at `planned`. Time in which nobody did, although it
        was due, is held against nobody.
        """
        late = now - planned
        if self.state is None or late <= LONGEST_PAUSE:
            return self
        state = self.state.model_copy(update={"began": self.state.began + late})
        return self.model_copy(update={"state": state})

    def without(self, name: str) -> Self:
        """That one is done, or gone on without."""
        return self.model_copy(update={"over": [*self.over, name], "state": None, "said": ""})

    def skipping(self, name: str) -> Self:
        """The operator goes on without that one."""
        return self.again().model_copy(update={"skipped": [*self.skipped, name]})

    def again(self) -> Self:
        """The one that has failed is to be called again."""
        return self.model_copy(update={"state": None, "failed": None, "said": ""})

    def anew(self) -> Self:
        """To be begun once more, without those that the operator goes on without."""
        return type(self)(place=self.place, batch=self.batch, skipped=self.skipped)

    def held_by(self, failed: HookNotDone) -> Self:
        return self.model_copy(update={"failed": failed})

    def waiting(self, said: str) -> Self:
        return self.model_copy(update={"said": said})

    def finished(self) -> Self:
        return self.model_copy(update={"done": True})

    def _next(self, hooks: Sequence[Hook]) -> Hook | None:
        left = (each for each in hooks if each.name not in {*self.over, *self.skipped})
        return next(left, None)
