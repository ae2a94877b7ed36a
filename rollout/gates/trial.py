"""A gate that is tried once, before anything begins."""

from rollout.base import Value
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.gate import Gate, GatePlace, Weight

_NOW = {
    GateVerdict.PASSED: "would pass now",
    GateVerdict.FAILED: "would fail now",
    GateVerdict.UNKNOWN: "could not tell now",
    GateVerdict.NOT_YET: "says not yet",
}


class GateTrial(Value):
    """A gate of a plan, and what it said when it was tried; no verdict if it was not."""

    name: str
    place: GatePlace
    kind: str
    weight: Weight
    verdict: GateVerdict | None = None
    message: str

    @classmethod
    def of(cls, gate: Gate, answered: Answered) -> "GateTrial":
        message = f"{_NOW[answered.verdict]}: {answered.message}"
        return cls.untried(gate, message).model_copy(update={"verdict": answered.verdict})

    @classmethod
    def untried(cls, gate: Gate, message: str) -> "GateTrial":
        return cls(
            name=gate.name,
            place=gate.place,
            kind=gate.check.kind,
            weight=gate.weight,
            message=message,
        )

    @property
    def warning(self) -> str | None:
        """What a plan warns of: it says nothing of the time at which the gate is asked."""
        needed = self.weight is Weight.REQUIRED and self.verdict is not None
        if not needed or self.verdict is GateVerdict.PASSED:
            return None
        return f"gate {self.name} ({self.place.value}) {self.message}"
