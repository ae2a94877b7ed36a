"""How far a gate has come: pure functions of what was answered, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from rollout.base import Value, spoken
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.gate import Gate


@dataclass(frozen=True)
class Passed:
    """It has passed."""


@dataclass(frozen=True)
class LookAgain:
    """It is undecided: ask, or decide, again then."""

    at: datetime


@dataclass(frozen=True)
class NotPassed:
    """It has failed; or, if `unsure`, its time was over and it could not be told."""

    reason: str
    unsure: bool = False


_TELLS_NOTHING = {GateVerdict.UNKNOWN, GateVerdict.NOT_YET}

type GateDecision = Passed | LookAgain | NotPassed


class GateState(Value):
    """What was answered since `began`. `hold` is how long it is watched before it may pass; one
    more answer comes when that is over.
    """

    began: datetime
    hold: timedelta = timedelta(0)
    asked: int = 0
    passes: int = 0
    failures: int = 0
    next_at: datetime
    last: Answered | None = None
    at: datetime | None = None

    @classmethod
    def begin(cls, now: datetime, hold: timedelta = timedelta(0)) -> Self:
        return cls(began=now, hold=hold, next_at=now)

    def due(self, now: datetime) -> bool:
        """Whether it is to be asked now: at most once in an interval."""
        return now >= self.next_at

    def after(self, gate: Gate, answered: Answered, now: datetime) -> Self:
        """With one more answer."""
        passed, failed = (
            answered.verdict is verdict for verdict in (GateVerdict.PASSED, GateVerdict.FAILED)
        )
        return self.model_copy(
            update={
                "asked": self.asked + 1,
                "passes": self.passes + 1 if passed else 0,
                "failures": self.failures + failed,
                "next_at": now + max(gate.interval, answered.after or timedelta(0)),
                "last": answered,
                "at": now,
            }
        )

    def posted(self, gate: Gate, answered: Answered, now: datetime) -> Self:
        """Once it was asked, and has yet to answer: that breaks no row, and proves nothing."""
        waiting = self.after(gate, answered, now)
        kept = {"passes": self.passes, "failures": self.failures, "at": self.at}
        return waiting.model_copy(update=kept)

    def heard(self, gate: Gate, answered: Answered, now: datetime) -> Self:
        """With the answer to a question that was asked before."""
        return self.after(gate, answered, now).model_copy(update={"asked": self.asked})

    def seen_again(self, gate: Gate, planned: datetime, now: datetime) -> Self:
        """When somebody looks that was to look at `planned`. Time in which nobody did, although it
        was due, is held against nobody.
        """
        late = now - planned
        return self._later(late) if late > 2 * gate.interval else self

    def _later(self, late: timedelta) -> Self:
        return self.model_copy(update={"began": self.began + late})

    def ends(self, gate: Gate) -> datetime:
        """When it must have passed."""
        return self.began + self.hold + gate.timeout

    def decide(self, gate: Gate, now: datetime) -> GateDecision:
        """Whether it has passed, has failed, or is to be asked again."""
        watched, ends = self.began + self.hold, self.ends(gate)
        if self.failures > gate.failures:
            return NotPassed(f"gate {gate.name} has failed: {self._said}")
        seen_last = self.at is not None and self.at >= watched
        if seen_last and self.passes >= gate.passes:
            return Passed()
        if now < ends:
            return LookAgain(min(self.next_at, ends))
        within = f"within {spoken(self.hold + gate.timeout)}"
        if self.last is None or self.last.verdict in _TELLS_NOTHING:
            reason = f"gate {gate.name} could not be told {within}: {self._said}"
            return NotPassed(reason, unsure=True)
        often = "" if gate.passes == 1 else f" {gate.passes} times in a row"
        return NotPassed(f"gate {gate.name} did not pass{often} {within}: {self._said}")

    @property
    def evidence(self) -> dict[str, Any]:
        """What the decision is based on."""
        counts = {"asked": self.asked, "passes": self.passes, "failures": self.failures}
        return {**counts, **(self.last.to_json() if self.last else {})}

    @property
    def _said(self) -> str:
        return self.last.message if self.last else "it was not asked"
