"""What the progress of a rollout, of a fleet rollout and of a wave have in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from rollout.base import Phase
from rollout.gates import GateSaid
from rollout.run.command import Command
from rollout.run.control import Control
from rollout.run.progress_view import WAITING_TO_BEGIN, ProgressView, Waits
from rollout.run.verb import Verb

_WAITING = {Phase.PAUSED, Phase.AWAITING_APPROVAL}


@dataclass(frozen=True, kw_only=True)
class RunProgress(ABC):
    """Phase, message, and what the operator has asked for."""

    started_at: datetime
    phase: Phase = Phase.PENDING
    message: str = WAITING_TO_BEGIN
    control: Control = field(default_factory=Control)
    waits: Waits | None = None
    """Since when it waits for people; said only while it does."""
    needs_decision: bool = False
    """Whether it waits for a decision about failed instances."""
    rolling_back: bool = False
    finished_at: datetime | None = None
    unforeseen: bool = False
    """Whether it ended because of an error that nobody had foreseen."""
    concluding: str = ""
    """Why it is about to end; empty while it is not."""

    @property
    @abstractmethod
    def verbs(self) -> list[Verb]:
        """The verbs accepted now."""

    def doing(self, message: str) -> Self:
        """In progress, with this message."""
        phase = Phase.ROLLING_BACK if self.rolling_back else Phase.PROGRESSING
        said = f"{self.concluding} {message}" if self.concluding else message
        return replace(self, phase=phase, message=said)

    def waiting_for_operator(
        self,
        phase: Phase,
        message: str,
        *,
        needs_decision: bool = False,
        waits: Waits | None = None,
    ) -> Self:
        """Nothing begins until the operator sends a command."""
        waiting = replace(self, phase=phase, message=message, waits=waits)
        return replace(waiting, needs_decision=needs_decision)

    def apply(self, command: Command) -> Self:
        """With the operator's command. A rollback of a rollback changes nothing."""
        if self.rolling_back and command.verb is Verb.ROLLBACK:
            return self
        return replace(self, control=self.control.apply(command))

    def consumed(self) -> Self:
        """Without the commands for one step: they have taken effect."""
        return replace(self, control=self.control.consumed(), needs_decision=False)

    def starting_rollback(self) -> Self:
        """Rolling back from here on; the commands that led to it have taken effect. An abort of a
        rollback that broke off still holds.
        """
        ending = self.control.ending if self.rolling_back else None
        kept = ending if ending and ending.verb is Verb.ABORT else None
        control = Control(ending=kept)
        return replace(self, control=control, needs_decision=False, rolling_back=True)

    def finished(
        self, phase: Phase, message: str, now: datetime, *, unforeseen: bool = False
    ) -> Self:
        ended = replace(self, phase=phase, message=message, finished_at=now)
        return replace(ended, needs_decision=False, unforeseen=unforeseen, concluding="")

    @property
    def notice(self) -> str | None:
        """What was asked for and has yet to take effect."""
        return self.control.standing().notice(self.phase)


@dataclass(frozen=True, kw_only=True)
class ListedProgress[V: ProgressView](RunProgress):
    """The progress of a run that has a view and a line in a list of its own."""

    gates: dict[str, GateSaid] = field(default_factory=dict[str, GateSaid])
    """What each gate has answered last."""
    since: datetime | None = None
    """When the last step began."""

    @property
    @abstractmethod
    def step(self) -> int:
        """The number of the batch or wave that has begun last; 0 before the first."""

    def asked(self, gate: str, said: GateSaid) -> Self:
        """With the last answer of a gate."""
        return replace(self, gates={**self.gates, gate: said})

    @abstractmethod
    def view(self, now: datetime) -> V:
        """The view that users see."""

    def shown(self, now: datetime) -> dict[str, Any]:
        """The fields of a view that come from here, by name."""
        return {
            "phase": self.phase,
            "message": self.message,
            "notice": self.notice,
            "verbs": self.verbs,
            "control": self.control.standing(),
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "updated_at": now,
            "waits": self.waits if self.phase in _WAITING else None,
            "rollback_incomplete": self.rolling_back and self.phase is Phase.FAILED,
        }
