"""A batch that waits to be sent, as one generation of its orchestration hands it to the next: so no
history grows with how long it is not healthy enough around it.
"""

from collections.abc import Mapping
from typing import Any

from rollout.base import Value
from rollout.batch.allowance import Allowance
from rollout.batch.observed_time import ObservedTime
from rollout.batch.order import BatchOrder

_BESIDE = "atTheGate"


class AtTheGate(Value):
    """Nothing of it is known to have been sent. `time` is how long it has waited, `missing` were
    not in the last list, and `events` is how many were written to the log. `tried` if it was to be
    sent at once when its instances were still: if that happened after all, they show it.
    """

    time: ObservedTime
    missing: list[str]
    allowance: Allowance
    events: int
    tried: bool = False

    @classmethod
    def of_input(cls, given: Mapping[str, Any]) -> "AtTheGate | None":
        """What is beside the order in an orchestration's input; None if it has not waited yet."""
        waits = given.get(_BESIDE)
        return cls.from_json(waits) if waits else None

    def as_input(self, order: BatchOrder) -> dict[str, Any]:
        """The input of the next generation: whoever reads the order there still finds it."""
        careful = order.model_copy(update={"still": False})
        return {**careful.to_json(), _BESIDE: self.to_json()}
