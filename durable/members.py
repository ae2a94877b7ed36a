"""The rollouts of a fleet rollout, for its waves: start, send commands, look up."""

from durable.client import Client, command_raised, find_instance, raised, started_as
from durable.fleets import control_of_fleet
from durable.line import line_now
from durable.lock import id_taken, is_start_of, try_start_locked
from durable.locks import on_try
from durable.record import read_record
from durable.rollback import listening_id
from durable.rollouts import find_rollout
from durable.take_up import rollback_order, take_up
from rollout.base import Phase, Refused
from rollout.fleet import (
    ROLLOUT_ENDED,
    Delivered,
    Membership,
    MembersRead,
    MemberStart,
    ReadMembers,
    ReportEnd,
    RollBackMember,
    RolloutEnded,
    SendCommand,
    StartMember,
    fleet_of,
)
from rollout.run import (
    ROLL_OUT,
    Command,
    RolloutOrder,
    RolloutView,
    Verb,
    recalled,
    rollback_id,
)


async def start_member(client: Client, task: StartMember) -> MemberStart:
    """Start a rollout, unless a command meanwhile, or the stopped line, keeps the fleet rollout
    from starting more. Idempotent.
    """
    if there := await started_as(client, task.order.id):
        if is_start_of(there, task.order):
            return MemberStart(found=True)
        return MemberStart(refused=id_taken(task.order.id).detail)
    control = await control_of_fleet(client, fleet_of(task.order.wave or ""))
    if control.holding:
        return MemberStart(command=control.holding)
    if stop := await line_now(client):
        return MemberStart(stopped=stop)
    order = task.order
    if control.glass:  # its wave may not have heard that
        order = order.model_copy(update={"glass": order.glass or control.glass})
    return await _started(client, order, task.tries)


async def roll_back_member(client: Client, task: RollBackMember) -> MemberStart:
    """Roll back a rollout that has ended; one that is still under way is to go back, too, and is
    asked about again. Idempotent.
    """
    view = await _member(client, task.rollout_id, task.member_of)
    begun = view and await find_instance(client, rollback_id(task.rollout_id))
    if view and begun and not (view.phase.ended and Verb.ROLLBACK in view.verbs):
        done = view.phase is Phase.ROLLED_BACK
        return MemberStart(nothing=done, found=not done)
    if view and not view.phase.ended:
        await _send_back(client, view, task.command)
        return MemberStart(locked_by=view.id)
    if view is None or Verb.ROLLBACK not in view.verbs:
        purged = view is None and await _was_purged(client, task.rollout_id)
        return MemberStart(refused=_PURGED) if purged else MemberStart(nothing=True)
    control = await control_of_fleet(client, fleet_of(task.wave))
    if control.holding:
        return MemberStart(command=control.holding)
    order = await rollback_order(client, view, task.command, task.wave)
    if order is None:
        return MemberStart(nothing=True)
    return await _started(client, order, task.tries)


_PURGED = (
    "its Durable instance no longer exists, so what it has moved cannot be put back: look at the "
    "scale set"
)


async def _was_purged(client: Client, rollout_id: str) -> bool:
    """Whether a rollout has moved something, and only its log still knows of it; or its rollback,
    which may be under way, or may have failed.
    """
    if await find_instance(client, rollout_id):
        return False
    earlier = recalled(await read_record(client, rollout_id))
    return earlier is not None and bool(earlier.touched)


async def _send_back(client: Client, view: RolloutView, command: Command) -> None:
    """It may go on although its fleet rollout was ended by hand."""
    if Verb.ROLLBACK in view.verbs:
        await _delivered(client, view, command)


async def _member(
    client: Client, rollout_id: str, member_of: Membership | None
) -> RolloutView | None:
    """The rollout of that id as it is now; None if there is none, or if it is no member: then it is
    somebody else's, whatever its id.
    """
    there = await find_instance(client, rollout_id)
    order = there.started_with(ROLL_OUT, RolloutOrder) if there else None
    if order is None or (member_of and not member_of.has(order)):
        return None
    return await find_rollout(client, rollout_id)


async def _started(client: Client, order: RolloutOrder, tries: int) -> MemberStart:
    token = f"{order.fingerprint}-{tries}"
    try:
        other = await try_start_locked(client, order, token, on_try(tries))
    except Refused as refused:
        return MemberStart(refused=refused.problem.detail)
    return MemberStart(locked_by=other)


async def send_command(client: Client, task: SendCommand) -> Delivered:
    """Send a command to those of the rollouts that accept it now. Some go to all that are under
    way: one that has yet to hear the pause before it does not offer a resume, and one that has yet
    to begin does not say that windows hold it up.
    """
    delivered = 0
    for rollout_id in task.rollout_ids:
        view = await _member(client, rollout_id, task.member_of)
        if view is None or view.phase.ended:
            continue
        if task.command.verb in {Verb.RESUME, Verb.BREAK_GLASS, *view.verbs}:
            delivered += await _delivered(client, view, task.command)
    return Delivered(count=delivered)


async def _delivered(client: Client, view: RolloutView, command: Command) -> bool:
    """One that broke off is taken up with the command, if that is one that ends it; and is told
    once more, if somebody else takes it up at this very moment.
    """
    listening = await listening_id(client, view)
    if await command_raised(client, listening, command):
        return True
    if not command.verb.ends:
        return False
    try:
        taken_up = await take_up(client, view.id, command)
    except Refused:
        return False  # another rollout has the scale set
    return taken_up or await command_raised(client, listening, command)


async def report_end(client: Client, task: ReportEnd) -> Delivered:
    """Notify a wave, or the follower of an image, unless it has ended."""
    return Delivered(count=await raised(client, task.wave, ROLLOUT_ENDED, task.ended))


async def read_members(client: Client, task: ReadMembers) -> MembersRead:
    """Which rollouts have ended, and how; and whether the fleet rollout is to end or to pause."""
    ended: list[RolloutEnded] = []
    missing: list[str] = []
    for rollout_id in task.rollout_ids:
        view = await _member(client, rollout_id, task.member_of)
        began = not task.rolling_back or await find_instance(client, rollback_id(rollout_id))
        if view is None or not began:
            missing.append(rollout_id)
        elif view.phase.ended:
            ended.append(RolloutEnded.of(view))
    control = await control_of_fleet(client, fleet_of(task.wave))
    return MembersRead(ended=ended, missing=missing, command=control.holding, glass=control.glass)
