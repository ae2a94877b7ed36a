"""What a rollout has yet to do, between two batches: where its next generation goes on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from rollout.base import LineStop, Value
from rollout.batch import Model
from rollout.hooks import HookRound
from rollout.plan import Batch
from rollout.run.gates_place import GatesPlace
from rollout.run.rollback import Stage


class Unsettled(Value):
    """The last batch is not settled: what is left of it begins once more (`taken_up` if any of it
    may have been sent); or, until `asked_until`, the operator is asked about what has failed in it.
    `retries` are the batches that the answer to that has yet to begin.
    """

    batch: Batch
    taken_up: bool = False
    asked_until: datetime | None = None
    retries: list[Batch] = []

    def retrying(self, batches: Sequence[Batch]) -> Self:
        return self.model_copy(update={"retries": list(batches)})

    def asking(self, until: datetime) -> Self:
        return self.model_copy(update={"asked_until": until})


class Agenda(Value):
    """The batches that are left of the plan, and the model for which it was made. The first one may
    be `unsettled`, or there is a pause before it, until `pausing_until`. `begins` if it is the
    first of its plan, `after_canary` if the one before has been the canary. `rounds` and `canaries`
    count the plans. `interrupted` if the batch is the one that was under way when the rollout broke
    off: what comes after it has yet to be planned. `cleared` if it was approved, and waits for a
    window.
    """

    batches: list[Batch]
    model: Model
    begins: bool = True
    after_canary: bool = False
    unsettled: Unsettled | None = None
    pausing_until: datetime | None = None
    rounds: int = 1
    canaries: int = 1
    interrupted: bool = False
    cleared: bool = False

    @property
    def batch(self) -> Batch:
        """The one that is next, or under way."""
        return self.batches[0]

    @property
    def coming(self) -> list[Batch] | None:
        """Those after that; None if they have yet to be planned."""
        return None if self.interrupted else self.batches[1:]

    def with_unsettled(self, unsettled: Unsettled) -> Self:
        return self.model_copy(update={"unsettled": unsettled})

    def approved(self) -> Self:
        return self.model_copy(update={"cleared": True})

    def pausing(self, until: datetime) -> Self:
        return self.model_copy(update={"pausing_until": until})

    def settled(self) -> Self:
        """The batch is through."""
        canary = self.begins and self.batch.canary
        left = {
            "batches": self.batches[1:],
            "begins": False,
            "after_canary": canary,
            "cleared": False,
        }
        return self.model_copy(update={**left, "unsettled": None, "pausing_until": None})

    def another_canary(self, batches: Sequence[Batch]) -> Self:
        """A plan in which another canary takes the place of one that has proved nothing."""
        return self._planned(batches, canaries=self.canaries + 1)

    def another_round(self, batches: Sequence[Batch]) -> Self:
        """A plan for instances that have appeared since."""
        return self._planned(batches, canaries=1, rounds=self.rounds + 1)

    def _planned(self, batches: Sequence[Batch], **counts: int) -> Self:
        fresh = {
            "batches": list(batches),
            "begins": True,
            "after_canary": False,
            "cleared": False,
        }
        return self.model_copy(update={**fresh, "unsettled": None, "pausing_until": None, **counts})


class WayBack(Value):
    """It is on its way back, for that reason, and has planned it so often; `stages` are what is
    left of the last plan, and `model` is that of the first of them, once it is set.
    """

    reason: str
    rounds: int = 0
    stages: list[Stage] = []
    model: Model | None = None

    def planned(self, stages: Sequence[Stage]) -> Self:
        """With one more plan."""
        update = {"stages": list(stages), "model": None, "rounds": self.rounds + 1}
        return self.model_copy(update=update)

    def with_model(self, model: Model) -> Self:
        return self.model_copy(update={"model": model})

    @property
    def batch(self) -> Batch:
        """The one that is next."""
        return self.stages[0].batches[0]

    def through(self) -> Self:
        """That batch is through."""
        first, *others = self.stages
        if len(first.batches) == 1:
            return self.model_copy(update={"stages": others, "model": None})
        left = first.model_copy(update={"batches": first.batches[1:]})
        return self.model_copy(update={"stages": [left, *others]})


class LineWait(Value):
    """It waits because the line is stopped, since then. `rested` once it was seen to whether
    automatic repairs can run meanwhile: that takes a list of all instances.
    """

    stop: LineStop
    since: datetime
    rested: bool = False


class RolloutPlace(GatesPlace):
    """Where a rollout stands: on its way forward, on its way back, or at the beginning of one.
    `start_approved` if its start was; `resting` if automatic repairs run while it waits for people.
    `hooks` is the round of hooks that was begun last, `line` why nothing of the whole app begins.
    """

    agenda: Agenda | None = None
    back: WayBack | None = None
    start_approved: bool = False
    resting: bool = False
    hooks: HookRound | None = None
    line: LineWait | None = None

    def forward(self, agenda: Agenda) -> Self:
        return self.model_copy(update={"agenda": agenda})

    def backward(self, back: WayBack) -> Self:
        return self.model_copy(update={"agenda": None, "back": back})

    def approved(self) -> Self:
        return self.model_copy(update={"start_approved": True})

    def calling(self, hooks: HookRound | None) -> Self:
        return self.model_copy(update={"hooks": hooks})

    def at_line(self, stop: LineStop | None, now: datetime) -> Self:
        """The line is stopped, or not."""
        before, line = self.line, None
        if stop and before:
            line = before.model_copy(update={"stop": stop})
        elif stop:
            line = LineWait(stop=stop, since=now)
        return self.model_copy(update={"line": line})

    def rested_at_line(self) -> Self:
        line = self.line and self.line.model_copy(update={"rested": True})
        return self.model_copy(update={"line": line})

    def woken(self, now: datetime) -> Self:
        """Automatic repairs do not run any more: if it waits for the line, that begins anew."""
        return self.at_line(None, now).at_line(self.line and self.line.stop, now)
