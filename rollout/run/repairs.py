"""Automatic instance repairs that a rollout keeps suspended, or could not resume."""

from datetime import datetime, timedelta
from typing import Self

from rollout.base import Value
from rollout.batch import RepairsState, SetRepairs
from rollout.inventory import ScaleSetIdField

_REPORTED_AGAIN = timedelta(hours=12)
"""How often the app says again that they are still suspended. An alert that lasts looks two days
back, no further.
"""
_WHILE_UPGRADING = "to the repairs, an instance that is being upgraded looks unhealthy"
_NO_SCALE_SET = "the scale set does not exist any more"
_WITNESSES = 3
"""How often in a row Azure must say that there is no such scale set."""


class SuspendedRepairs(Value):
    """Since when automatic instance repairs have been suspended by a rollout, why they still are,
    and whether it is resuming them.
    """

    since: datetime
    why: str = _WHILE_UPGRADING
    resuming: bool = False

    def because(self, why: str) -> Self:
        """They stay suspended for that reason."""
        return self.model_copy(update={"why": why, "resuming": False})

    def being_resumed(self) -> Self:
        """The same from the moment at which Azure is asked to resume them."""
        return self.model_copy(update={"resuming": True})

    def wants(self, task: SetRepairs) -> bool:
        """Whether that order stands. Azure Storage may deliver it a second time, when the opposite
        was ordered long ago (an activity is executed at least once).
        """
        resumes = task.state is RepairsState.RUNNING
        return (task.since, resumes) == (self.since, self.resuming)


class RepairsTried(Value):
    """What came of one try to resume them. `running` if they are not suspended; `held_by` is the
    rollout that has the scale set now, so that nothing was tried; `why` says why they are still
    suspended; `missing` if Azure says that there is no such scale set. `events` is how many events
    the rollout has written.
    """

    running: bool = False
    held_by: str | None = None
    why: str = ""
    missing: bool = False
    events: int = 0


class RepairsLine(Value):
    """A line in the list of automatic repairs that rollouts have suspended: since when, whether
    they run again, and if they could not be resumed, why, and when that was told. `missing` counts
    how often in a row there was no such scale set.
    """

    id: str
    scale_set: ScaleSetIdField
    since: datetime
    why: str = ""
    reported_at: datetime | None = None
    restored_at: datetime | None = None
    missing: int = 0

    @property
    def pending(self) -> bool:
        return self.restored_at is None

    @property
    def ended_with(self) -> str:
        """What became of them in the end."""
        if self.why:
            return f"automatic instance repairs are no matter any more: {self.why}"
        return "automatic instance repairs are running again"

    @property
    def reported(self) -> bool:
        """Whether somebody has been told that they are still suspended."""
        return self.reported_at is not None

    def tried(self, answer: RepairsTried, now: datetime) -> Self:
        """The line after one more try."""
        missing = self.missing + 1 if answer.missing else 0
        if answer.running:
            return self.model_copy(update={"restored_at": now, "why": ""})
        if missing >= _WITNESSES:
            return self.model_copy(update={"restored_at": now, "why": _NO_SCALE_SET})
        line = self.model_copy(update={"missing": missing})
        if self.reported_at is not None and now - self.reported_at < _REPORTED_AGAIN:
            return line
        return line.model_copy(update={"reported_at": now, "why": answer.why})

    def shown(self, before: SuspendedRepairs) -> SuspendedRepairs | None:
        """What a view of an ended rollout that says `before` has to say now."""
        if not self.pending:
            return None
        return SuspendedRepairs(since=self.since, why=self.why or before.why)


def repairs_message(why: str | None) -> str:
    """The result of resuming repairs: `why` they are not known to run again, and what is done about
    it. An answer that was lost may have been a yes.
    """
    if why:
        return (
            f"Automatic instance repairs may still be suspended: {why}. The app goes on trying to "
            "resume them; if it cannot, resume them by hand"
        )
    return "Automatic instance repairs are running again"
