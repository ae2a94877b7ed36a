"""Where something stands that asks gates."""

from typing import Self

from rollout.base import Value
from rollout.gates import GateRound


class GatesPlace(Value):
    """The place of a rollout, or of a fleet rollout. `gates` is the round of gates that was begun
    last.
    """

    gates: GateRound | None = None

    def at_gates(self, gates: GateRound | None) -> Self:
        return self.model_copy(update={"gates": gates})

    def asking_anew(self) -> Self:
        """What gates have answered is too old; what the operator goes on without stays so."""
        return self.at_gates(self.gates and self.gates.anew())
