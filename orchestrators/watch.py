"""Looks after what has nobody above it; started every few minutes, and by who needs it at once."""

from typing import Any

from orchestrators.engine import ActivityClient, Context, Recorder, Steps
from orchestrators.left_drained import put_back_left
from rollout.base import EventKind
from rollout.fleet import RELEASE_FLEET, ReleaseFleet
from rollout.run import (
    FLEET_INDEX_KEY,
    RELEASE_LOCK,
    REPAIRS_INDEX_KEY,
    STANDING_INDEX_KEY,
    ReleaseLock,
    RepairsLine,
    TelemetryContext,
    repairs_message,
)
from rollout.watch import (
    FIND_UNATTENDED,
    RESUME_REPAIRS,
    TAKE_UP_FLEET,
    TAKE_UP_FOLLOWED,
    TAKE_UP_ROLLOUT,
    EndedByHand,
    FindUnattended,
    ResumeRepairs,
    TakeUp,
    Unattended,
)


def watch(context: Context) -> Steps[dict[str, Any]]:
    """Takes up what broke off, tidies up after what was ended by hand, and notes what stands still.
    Returns what it found, an Unattended.
    """
    activities = ActivityClient(context)
    task = FindUnattended(now=context.current_utc_datetime)
    found = yield from activities.ask(FIND_UNATTENDED, task)
    _note_standing(context, found)
    _complete_lists(context, found)
    for activity, ids in (
        (TAKE_UP_ROLLOUT, found.rollouts),
        (TAKE_UP_FLEET, found.fleets),
        (TAKE_UP_FOLLOWED, found.followed),
    ):
        for broken in ids:
            yield from activities.ask(activity, TakeUp(id=broken))
    for instance_id in found.ended_fleets:
        yield from activities.ask(RELEASE_FLEET, ReleaseFleet(instance_id=instance_id))
    for ended in found.ended:
        yield from _tidy_up(context, activities, ended)
    for line in found.repairs:
        yield from _resume_repairs(context, activities, line)
    return found.to_json()


def _complete_lists(context: Context, found: Unattended) -> None:
    """The lines of what ended without being able to write them."""
    for line in found.lines:
        Recorder(context, line.id).put_in_list(line)
    for line in found.fleet_lines:
        Recorder(context, line.id).put_in_list(line, FLEET_INDEX_KEY)


def _note_standing(context: Context, found: Unattended) -> None:
    for standing in found.standing:
        Recorder(context, standing.id).put_in_list(standing, STANDING_INDEX_KEY)
    for rollout_id in found.moving:
        Recorder(context, rollout_id).drop_from_list(STANDING_INDEX_KEY)


def _tidy_up(context: Context, activities: ActivityClient, ended: EndedByHand) -> Steps[None]:
    """Undo what a rollout that was ended from outside could not undo itself; the lock last."""
    standing = TelemetryContext(scale_set=str(ended.scale_set))
    recorder = Recorder(context, ended.rollout_id, written=ended.events, standing=standing)
    recorder.write(
        EventKind.BROKEN_OFF,
        f"The rollout ended in the middle of its work: {ended.message}",
    )
    yield from put_back_left(context, activities, recorder, ended)
    release = ReleaseLock(scale_set=ended.scale_set, owner=ended.owner, if_ended=True)
    yield from activities.ask(RELEASE_LOCK, release)


def _resume_repairs(context: Context, activities: ActivityClient, line: RepairsLine) -> Steps[None]:
    """One try, whose answer is in the list: the next look goes on if it was in vain."""
    task = ResumeRepairs(rollout_id=line.id, scale_set=line.scale_set)
    answer = yield from activities.ask(RESUME_REPAIRS, task)
    after = line.tried(answer, context.current_utc_datetime)
    if answer.held_by or after == line:
        return
    standing = TelemetryContext(scale_set=str(line.scale_set))
    recorder = Recorder(context, line.id, written=answer.events, standing=standing)
    if not after.pending:
        recorder.write(EventKind.REPAIRS_RESTORED, after.ended_with.capitalize())
    elif not line.reported:
        recorder.write(EventKind.REPAIRS_NOT_RESTORED, repairs_message(after.why))
    recorder.put_in_list(after, REPAIRS_INDEX_KEY)
