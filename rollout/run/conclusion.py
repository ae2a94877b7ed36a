"""How a rollout or a fleet rollout concludes."""

from dataclasses import dataclass
from typing import Protocol

from rollout.base import Phase
from rollout.run.command import Command
from rollout.run.verb import Verb


@dataclass(frozen=True)
class End:
    """It is over: in this phase, with this message; `unforeseen` if an error ended it that nobody
    had foreseen.
    """

    phase: Phase
    message: str
    unforeseen: bool = False


@dataclass(frozen=True)
class RollBack:
    """Roll back what was moved, for this reason; `command` if an operator asked for it."""

    reason: str
    command: Command | None = None

    @classmethod
    def wanted(cls, command: Command) -> "RollBack":
        return cls(f"Rollback requested {command.attribution}", command)


type Conclusion = End | RollBack


class Ending(Protocol):
    """The final messages of a rollout or a fleet rollout that ends early."""

    def stopped(self, reason: str) -> str:
        """It was not safe to continue."""
        ...

    def aborted(self, attribution: str) -> str:
        """An operator aborted it."""
        ...


def concluded_by(command: Command, ending: Ending) -> Conclusion:
    """How it concludes because of an operator's abort or rollback."""
    if command.verb is Verb.ROLLBACK:
        return RollBack.wanted(command)
    return End(Phase.ABORTED, ending.aborted(command.attribution))
