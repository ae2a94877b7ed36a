"""What a rollout's gates mean for it: what they are asked with, and what follows if one fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rollout.base import Cell, Phase, capitalized
from rollout.callbacks import Asking, CallbackAnswer, OpenQuestion
from rollout.gates import (
    GATE,
    Answered,
    CallbackGate,
    Gate,
    GateNotPassed,
    GatePlace,
    GateQuestion,
    GateVerdict,
    Weight,
)
from rollout.plan import Batch
from rollout.run.conclusion import Conclusion, End, RollBack
from rollout.run.ending import RolloutEnding
from rollout.run.next_step import Ask
from rollout.run.progress import Progress

_AFTER = {GatePlace.AFTER_BATCH, GatePlace.BAKE}


@dataclass(frozen=True)
class GateSite:
    """Where in a rollout gates are asked: the place, and the batch before or after which it is."""

    place: GatePlace
    batch: Batch | None = None

    def number(self, progress: Progress) -> int:
        """The number of that batch: of the one that is to begin, or has begun last."""
        if self.place is GatePlace.START:
            return 0
        return progress.batch + (self.place is GatePlace.BEFORE_BATCH)

    def hold(self, progress: Progress) -> timedelta:
        """How long its gates are watched before they may pass."""
        canary = progress.order.request.policy.canary
        return canary.bake if canary and self.place is GatePlace.BAKE else timedelta(0)

    def named(self, progress: Progress) -> str:
        """In a sentence: "after batch 2 of 5 (update domain 1)"."""
        if self.batch is None:
            return "at the start" if self.place is GatePlace.START else "at the end"
        number = f"{self.number(progress)} of {progress.batches} ({self.batch.place})"
        return f"{'after' if self.place in _AFTER else 'before'} batch {number}"

    def after(self, progress: Progress, gate: Gate, failed: GateNotPassed) -> Ask | Conclusion:
        """What follows if a required gate has not passed: what the policy says of a failed batch.
        As long as nothing was changed there is nothing to put back.
        """
        reason = f"{failed.reason} ({self.named(progress)})"
        unsure = failed.unsure and gate.on_unknown == "pause"
        action = "pause" if unsure else progress.order.request.policy.on_failure
        return self.fails(progress, reason, action)

    def fails(
        self, progress: Progress, reason: str, action: Literal["rollback", "pause", "stop"]
    ) -> Ask | Conclusion:
        """What follows if something has failed there for that reason, and that is to be done."""
        match action:
            case "rollback" if self.place is not GatePlace.START:
                return RollBack(f"{capitalized(reason)}.")
            case "pause":
                return Ask(reason)
            case _:
                return End(Phase.FAILED, RolloutEnding(progress).stopped(reason))

    def question(self, progress: Progress, gate: Gate, now: datetime, attempt: int) -> GateQuestion:
        """What the gate is asked with."""
        return GateQuestion(
            rollout_id=progress.order.id,
            gate=gate,
            place=self.place,
            scale_set=progress.order.request.scale_set,
            instance_ids=self._instance_ids(progress),
            others=_others(progress, gate),
            batch=self.number(progress),
            since=self._since(progress, gate, now),
            began=progress.started_at,
            now=now,
            attempt=attempt,
        )

    def asking(
        self, progress: Progress, gate: Gate, check: CallbackGate, expires: datetime
    ) -> Asking:
        """The same of a gate that is answered later, until then."""
        return Asking(
            instance=progress.order.instance_id,
            rollout_id=progress.order.id,
            scale_set=progress.order.request.scale_set,
            kind=GATE,
            name=gate.name,
            place=self.place,
            batch=self.number(progress),
            instance_ids=self._instance_ids(progress),
            expires=expires,
            target=check.target,
        )

    def _instance_ids(self, progress: Progress) -> list[str]:
        if self.batch:
            return self.batch.instance_ids
        return sorted(progress.tally.touched) if self.place is GatePlace.END else []

    def _since(self, progress: Progress, gate: Gate, now: datetime) -> datetime:
        """A batch that has yet to begin begins now. Alerts count from the last batch on whose gates
        have passed: what fires while something else is waited for would be missed, and one that
        has fired in that batch and still does was not let pass.
        """
        if self.place in {GatePlace.START, GatePlace.BEFORE_BATCH}:
            return now
        since = progress.proven_since if gate.check.kind == "alert" else progress.since
        return since or progress.started_at


def _others(progress: Progress, gate: Gate) -> list[str]:
    """Metrics are compared with those of who has yet to be touched; alerts count on everybody."""
    cells = progress.tally.cells
    match gate.check.kind:
        case "metric":
            return [each for each, cell in cells.items() if cell is Cell.PENDING]
        case "alert":
            return list(cells)
        case _:
            return []


@dataclass(frozen=True)
class NotedAnswer:
    """What came of a gate that holds nobody."""

    gate: str
    answered: Answered
    message: str


def noted_answer(
    gates: Sequence[Gate],
    asked: OpenQuestion,
    answer: CallbackAnswer,
    now: datetime,
    would_have: str,
) -> NotedAnswer | None:
    """What the log says of an answer for which nobody waits; None if somebody does. `would_have` is
    what a failure of a dry run would have led to.
    """
    name = asked.about.removeprefix(f"{GATE} ")
    gate = next((each for each in gates if each.name == name), None)
    if asked.note is None or gate is None or not isinstance(gate.check, CallbackGate):
        return None
    answered = gate.check.judged(answer, now)
    passed = answered.verdict is GateVerdict.PASSED
    would = "" if passed or gate.weight is not Weight.DRY_RUN else f": {would_have}"
    return NotedAnswer(name, answered, f"Gate {name}: {answered.message} ({asked.note}){would}")


def would_have(progress: Progress) -> str:
    """What a failure of a dry run would have led to."""
    acts = {"rollback": "rolled back", "pause": "paused", "stop": "stopped"}
    act = acts[progress.order.request.policy.on_failure]
    return f"with weight required, the rollout would wait for it, or be {act}"
