"""Looks after what has nobody above it; started every few minutes, and by who needs it at once."""

from collections.abc import Generator
from typing import Any

from orchestrators.engine import ActivityClient, ActivityDied, Context, Recorder, Steps
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
    RolloutSummary,
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
    in_vain = list[str]()
    for step in _steps(context, activities, found):
        try:
            yield from step
        except ActivityDied as died:  # the others are looked after all the same
            in_vain.append(str(died))
    if in_vain:
        raise ActivityDied("; ".join(in_vain))
    return found.to_json()


def _steps(
    context: Context, activities: ActivityClient, found: Unattended
) -> Generator[Steps[object]]:
    """All that is to be done, each for itself."""
    for activity, ids in (
        (TAKE_UP_ROLLOUT, found.rollouts),
        (TAKE_UP_FLEET, found.fleets),
        (TAKE_UP_FOLLOWED, found.followed),
    ):
        for broken in ids:
            yield activities.ask(activity, TakeUp(id=broken))
    for instance_id in found.ended_fleets:
        yield activities.ask(RELEASE_FLEET, ReleaseFleet(instance_id=instance_id))
    lines = {line.id: line for line in found.lines}
    for ended in found.ended:
        yield _tidy_up(context, activities, ended, lines.get(ended.rollout_id))
    for line in found.repairs:
        yield _resume_repairs(context, activities, line)


def _complete_lists(context: Context, found: Unattended) -> None:
    """The lines of what ended without being able to write them, and has left nothing to do."""
    busy = {ended.rollout_id for ended in found.ended}
    for line in found.lines:
        if line.id not in busy:
            Recorder(context, line.id).put_in_list(line)
    for line in found.fleet_lines:
        Recorder(context, line.id).put_in_list(line, FLEET_INDEX_KEY)


def _note_standing(context: Context, found: Unattended) -> None:
    for standing in found.standing:
        Recorder(context, standing.id).put_in_list(standing, STANDING_INDEX_KEY)
    for rollout_id in found.moving:
        Recorder(context, rollout_id).drop_from_list(STANDING_INDEX_KEY)


def _tidy_up(
    context: Context, activities: ActivityClient, ended: EndedByHand, line: RolloutSummary | None
) -> Steps[None]:
    """Undo what a rollout that was ended from outside could not undo itself; then its lock, and
    last its line in the list: until that says that it has ended, the next look finds it again.
    """
    standing = TelemetryContext(scale_set=str(ended.scale_set))
    recorder = Recorder(context, ended.rollout_id, written=ended.events, standing=standing)
    if not ended.noted:
        recorder.write(
            EventKind.BROKEN_OFF,
            f"The rollout ended in the middle of its work: {ended.message}",
        )
    yield from put_back_left(context, activities, recorder, ended)
    release = ReleaseLock(scale_set=ended.scale_set, owner=ended.owner, if_ended=True)
    released = yield from activities.ask(RELEASE_LOCK, release)
    if line and not released.taken_up:
        recorder.put_in_list(line)


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
