"""Looks after what has nobody above it: finds what broke off, or stands still."""

from datetime import datetime, timedelta

from rollout.base import ORCHESTRATION_VERSION, Activity, Value
from rollout.batch import BatchStatus
from rollout.fleet import FleetSummary
from rollout.hooks import HookCall
from rollout.inventory import ScaleSetIdField
from rollout.run import RepairsLine, RepairsTried, RolloutSummary

WATCH = "watch"
WATCH_ID = f"watch:version-{ORCHESTRATION_VERSION}"
"""Only one runs at a time, under an id that no rollout can have. One that a newer version of the
app has begun stands still while this one is deployed: it must not keep this one from looking.
"""
MISSED_LOOKS = 3
"""After how many intervals without a look a rollout counts as standing still."""
_LEAST_INTERVAL = timedelta(seconds=15)
"""Near the end of a batch looks are seconds apart, and Durable may be later than that."""


class FindUnattended(Value):
    """What broke off, was ended by hand, or has not looked at its instances for too long?"""

    now: datetime


class EndedByHand(Value):
    """A rollout that ended without tidying up, and what became of it; `events` is how
    many it has written, and `calls` are those of the hooks that have yet to put instances back.
    `noted` if its log says already that it was ended.
    """

    rollout_id: str
    scale_set: ScaleSetIdField
    owner: str
    message: str = ""
    repairs_suspended: bool = False
    events: int = 0
    noted: bool = False
    calls: list[HookCall] = []


class StandingStill(Value):
    """A rollout that has not looked at its instances since then, although that was due."""

    id: str
    since: datetime
    message: str = ""


class Unattended(Value):
    """`rollouts`, `fleets` and `followed` are the ids of those that broke off and are taken up;
    `ended_fleets` are the instance ids of fleet rollouts that could not release their scale sets.
    `lines` and `fleet_lines` are those of the lists that could not be written at the end.
    `standing` are those that stand still, `moving` the ids of those that no longer do. `repairs`
    are automatic repairs that are still suspended, although their rollout has ended.
    """

    rollouts: list[str] = []
    fleets: list[str] = []
    followed: list[str] = []
    ended: list[EndedByHand] = []
    ended_fleets: list[str] = []
    lines: list[RolloutSummary] = []
    fleet_lines: list[FleetSummary] = []
    standing: list[StandingStill] = []
    moving: list[str] = []
    repairs: list[RepairsLine] = []


class ResumeRepairs(Value):
    """Resume the automatic repairs that this rollout has left suspended, unless another one has the
    scale set.
    """

    rollout_id: str
    scale_set: ScaleSetIdField


class TakeUp(Value):
    """Take up this rollout, fleet rollout or followed image."""

    id: str


class TakenUp(Value):
    """Whether it was; `refused` says why not, if there is a reason."""

    done: bool
    refused: str | None = None


FIND_UNATTENDED = Activity("find_unattended", FindUnattended, Unattended)
RESUME_REPAIRS = Activity("resume_repairs", ResumeRepairs, RepairsTried)
TAKE_UP_ROLLOUT = Activity("take_up_rollout", TakeUp, TakenUp)
TAKE_UP_FLEET = Activity("take_up_fleet", TakeUp, TakenUp)
TAKE_UP_FOLLOWED = Activity("take_up_followed", TakeUp, TakenUp)


def looks_missed(status: BatchStatus, now: datetime) -> bool:
    """Whether a batch that published this should have looked at its instances long ago."""
    if status.next_look_at is None:
        return False
    interval = max(status.next_look_at - status.updated_at, _LEAST_INTERVAL)
    return now > status.updated_at + MISSED_LOOKS * interval
