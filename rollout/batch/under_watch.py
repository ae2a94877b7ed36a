"""A batch that has been sent and is watched, as one generation of its orchestration hands it to the
next: so no history grows with the length of a bake.
"""

from collections.abc import Mapping
from typing import Any

from rollout.base import Value
from rollout.batch.allowance import Allowance
from rollout.batch.gate import Selection
from rollout.batch.order import BatchOrder
from rollout.batch.tasks import Accepted
from rollout.batch.watch import Watch

LOOKS_A_GENERATION = 40
"""Some six rows of history each: far from where replaying them costs anything."""

_BESIDE = "underWatch"


class Sent(Value):
    """What is to be watched now, by the order as it stood then. `held` if the operator's command
    kept the rest from being sent.
    """

    order: BatchOrder
    selection: Selection
    accepted: Accepted
    flexible: bool = False
    held: bool = False


class UnderWatch(Value):
    """What was sent, and everything seen so far. `events` is how many were written to the log."""

    sent: Sent
    watch: Watch
    allowance: Allowance
    events: int

    @classmethod
    def of_input(cls, given: Mapping[str, Any]) -> "UnderWatch | None":
        """What is beside the order in an orchestration's input; None if the batch is to be sent."""
        under = given.get(_BESIDE)
        return cls.from_json(under) if under else None

    def as_input(self) -> dict[str, Any]:
        """The input of the next generation: whoever reads the order there still finds it."""
        return {**self.sent.order.to_json(), _BESIDE: self.to_json()}
