"""Does it need people, and what for? For a list that has those first."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from rollout.base import Phase, Value
from rollout.run.progress_view import ProgressFields
from rollout.run.repairs import SuspendedRepairs, repairs_message
from rollout.run.verb import Verb
from rollout.run.view import RolloutSummary


class NeedKind(StrEnum):
    """What it needs people for."""

    APPROVAL = "approval"
    DECISION = "decision"
    RESUME = "resume"
    STANDING_STILL = "standingStill"
    BROKEN_OFF = "brokenOff"
    ROLLBACK_INCOMPLETE = "rollbackIncomplete"
    FAILED = "failed"
    REPAIRS_SUSPENDED = "repairsSuspended"


class Need(Value):
    """What it needs people for, since when, until when it waits, and all of that in a sentence."""

    what: NeedKind
    since: datetime | None = None
    until: datetime | None = None
    sentence: str


def need_of(
    shown: ProgressFields, repairs: SuspendedRepairs | None = None, *, superseded: bool = False
) -> Need | None:
    """None if it needs nobody. `superseded` if a later rollout has taken care of what this one has
    left; `repairs` are those that it has left suspended.
    """
    if not shown.phase.ended:
        return _meanwhile(shown)
    if shown.phase is Phase.FAILED and not superseded:
        back = shown.rollback_incomplete
        what = NeedKind.ROLLBACK_INCOMPLETE if back else NeedKind.FAILED
        return Need(what=what, since=shown.finished_at, sentence=shown.message)
    if repairs is None:
        return None
    sentence = f"{repairs_message(repairs.why)}."
    return Need(what=NeedKind.REPAIRS_SUSPENDED, since=repairs.since, sentence=sentence)


def _meanwhile(shown: ProgressFields) -> Need | None:
    if since := shown.standing_still_since:
        return Need(what=NeedKind.STANDING_STILL, since=since, sentence=shown.message)
    if shown.phase is Phase.AWAITING_APPROVAL:
        return _waiting(NeedKind.APPROVAL, shown)
    if shown.phase is not Phase.PAUSED:
        return None
    if Verb.SKIP in shown.verbs:
        return _waiting(NeedKind.DECISION, shown)
    resting = Verb.RESUME in shown.verbs
    return _waiting(NeedKind.RESUME if resting else NeedKind.BROKEN_OFF, shown)


def _waiting(what: NeedKind, shown: ProgressFields) -> Need:
    since = shown.waits.since if shown.waits else shown.updated_at
    until = shown.waits.until if shown.waits else None
    return Need(what=what, since=since, until=until, sentence=shown.message)


def superseded_in(listed: Sequence[RolloutSummary]) -> set[str]:
    """The ids of the rollouts, newest first, whose scale set a later one has begun to move."""
    moved: set[str] = set()
    found: set[str] = set()
    for line in listed:
        if line.scale_set.key in moved:
            found.add(line.id)
        if line.started_at:
            moved.add(line.scale_set.key)
    return found
