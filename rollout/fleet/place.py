"""Where a fleet rollout, or a wave, stands: where its next generation goes on."""

from datetime import datetime, timedelta
from typing import Self

from rollout.base import Value
from rollout.run import Command, GatesPlace


class FleetWayBack(Value):
    """It is on its way back, for that reason and by that command; `waves` are the indexes of those
    that have yet to go back.
    """

    reason: str
    command: Command | None = None
    waves: list[int]

    def through(self) -> Self:
        """The first of them is."""
        return self.model_copy(update={"waves": self.waves[1:]})


class FleetPlace(GatesPlace):
    """`wave` is the index of the next one, and `doubt` why it must be approved whatever its rules
    say; `approved` once it was. `interrupted` if it was under way when the fleet rollout broke off,
    `announced` if that has been said.
    """

    wave: int = 0
    doubt: str | None = None
    approved: bool = False
    interrupted: bool = False
    announced: bool = False
    back: FleetWayBack | None = None

    def after(self, doubt: str | None) -> Self:
        """That wave is through."""
        next_one = {"wave": self.wave + 1, "doubt": doubt, "approved": False}
        update = {**next_one, "announced": False}
        return self.model_copy(update=update)

    def approving(self) -> Self:
        return self.model_copy(update={"approved": True})

    def announcing(self) -> Self:
        return self.model_copy(update={"announced": True})

    def uninterrupted(self) -> Self:
        return self.model_copy(update={"interrupted": False})

    def going_back(self, back: FleetWayBack) -> Self:
        return self.model_copy(update={"back": back, "announced": False})


class WavePlace(Value):
    """`look` is the distance of the next look at its rollouts. `checking` are the rollouts of the
    scale sets that have yet to be looked at before it is over, None before that; the first of them
    has time until `until`.
    """

    look: timedelta
    checking: list[str] | None = None
    until: datetime | None = None
