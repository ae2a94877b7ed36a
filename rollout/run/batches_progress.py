"""At which batch a rollout is, and when the next one may begin."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self, override

from rollout.base import Phase
from rollout.run.asking_progress import AskingProgress
from rollout.run.view import RolloutView


@dataclass(frozen=True, kw_only=True)
class BatchesProgress(AskingProgress[RolloutView]):
    """The progress of what goes batch by batch, each of which may have to wait for a window, or for
    the end of a freeze.
    """

    batch: int = 0
    batches: int = 0
    batch_began: datetime | None = None
    opens_at: datetime | None = None
    """Until when it waits for a window; said only while it does."""
    begin_by: datetime | None = None
    """Until when the next batch may begin."""
    proven_since: datetime | None = None
    """When the batch began whose gates have passed last."""

    @property
    def step(self) -> int:
        return self.batch

    def expecting(self, batches: int) -> Self:
        """With this many batches to come."""
        return replace(self, batches=self.batch + batches)

    def one_more(self) -> Self:
        """With one batch more than planned: a retry."""
        return replace(self, batches=self.batches + 1)

    def proven(self) -> Self:
        """The gates after the last batch have passed."""
        return replace(self, proven_since=self.since)

    def shut(self, until: datetime, message: str) -> Self:
        """Nothing begins before then."""
        return replace(self.doing(message), opens_at=until)

    def opened(self, begin_by: datetime | None) -> Self:
        """The next batch may begin, until then."""
        return replace(self, opens_at=None, begin_by=begin_by)

    def starting_rollback(self) -> Self:
        back = super().starting_rollback()
        return replace(back, batch_began=None, opens_at=None, begin_by=None)

    def finished(
        self, phase: Phase, message: str, now: datetime, *, unforeseen: bool = False
    ) -> Self:
        ended = super().finished(phase, message, now, unforeseen=unforeseen)
        return replace(ended, batch_began=None, opens_at=None)

    @override
    def shown(self, now: datetime) -> dict[str, Any]:
        places = {"batch": self.batch, "batches": self.batches, "batch_began_at": self.batch_began}
        return {**super().shown(now), **places, "opens_at": self.opens_at}
