"""Looks after what has nobody above it; started every few minutes, and by who needs it at once."""

from typing import Any

from orchestrators.engine import ActivityClient, Context, Recorder, Steps
from rollout.base import ArmError, EventKind
from rollout.fleet import RELEASE_FLEET, ReleaseFleet
from rollout.gates import GateVerdict
from rollout.hooks import CALL_HOOK, MEANWHILE, HookCall
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
from rollout.run_hooks import not_put_back
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
    yield from _put_back(context, activities, recorder, ended.calls)
    release = ReleaseLock(scale_set=ended.scale_set, owner=ended.owner, if_ended=True)
    yield from activities.ask(RELEASE_LOCK, release)


def _put_back(
    context: Context, activities: ActivityClient, recorder: Recorder, calls: list[HookCall]
) -> Steps[None]:
    """Call the hooks that were to put instances back; once more each, if need be."""
    began, rounds, why, left = context.current_utc_datetime, 0, "", [*calls]
    while left:
        rounds, asked, left = rounds + 1, left, list[HookCall]()
        for call in asked:
            again = call.model_copy(update={"attempt": rounds})
            answered = yield from activities.call_once(CALL_HOOK, again)
            if isinstance(answered, ArmError) or answered.verdict is not GateVerdict.PASSED:
                left.append(call)
                why = str(answered) if isinstance(answered, ArmError) else answered.message
        pause = MEANWHILE.pause_after(rounds, context.current_utc_datetime - began)
        if not left or pause is None:
            break
        yield from activities.sleep(pause)
    ids = list(dict.fromkeys(each for call in left or calls for each in call.instances))
    if left:
        message = not_put_back([call.hook.name for call in left], ids, why)
        recorder.write(EventKind.NOT_PUT_BACK, message, instanceIds=ids)
    elif calls:
        recorder.write(EventKind.PUT_BACK, f"Put back {len(ids)} instance(s)", instanceIds=ids)


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
