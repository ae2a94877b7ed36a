"""The rollouts of a fleet rollout, as its waves see them: start, tell, look."""

from hub.durable import Client, find_instance, raised
from hub.going_back import back_order, listening
from hub.holding import hold_at_once
from hub.rollouts import find_rollout
from rollout.fleet_order import MemberEnded
from rollout.fleet_task import (
    MembersRead,
    MemberStart,
    ReadMembers,
    SendBack,
    StartMember,
    TellRollouts,
    TellWave,
    Told,
)
from rollout.names import COMMAND, MEMBER_ENDED, rollback_id
from rollout.phase import Phase, Verb


async def start_member(client: Client, task: StartMember) -> MemberStart:
    """Start a rollout. Doing so twice is doing so once."""
    if await find_instance(client, task.order.id):
        return MemberStart()
    return MemberStart(held_by=await hold_at_once(client, task.order))


async def send_back(client: Client, task: SendBack) -> MemberStart:
    """Roll back a rollout that has ended. Doing so twice is doing so once."""
    view = await find_rollout(client, task.rollout_id)
    if await find_instance(client, rollback_id(task.rollout_id)):
        done = view is not None and view.phase is Phase.ROLLED_BACK
        return MemberStart(nothing=done)
    if view is None or Verb.ROLLBACK not in view.verbs:
        return MemberStart(nothing=True)
    order = await back_order(client, view, task.command, task.wave)
    return (
        MemberStart(held_by=await hold_at_once(client, order))
        if order
        else MemberStart(nothing=True)
    )


async def tell_rollouts(client: Client, task: TellRollouts) -> Told:
    """Tell rollouts a verb that they take; one that does not take it does not hear it."""
    heard = 0
    for rollout_id in task.rollout_ids:
        view = await find_rollout(client, rollout_id)
        if view and not view.phase.ended and task.command.verb in view.verbs:
            listener = await listening(client, view)
            heard += await raised(client, listener, COMMAND, task.command)
    return Told(count=heard)


async def tell_wave(client: Client, task: TellWave) -> Told:
    """Tell a wave; one that has ended does not hear it."""
    return Told(count=await raised(client, task.wave, MEMBER_ENDED, task.ended))


async def read_members(client: Client, task: ReadMembers) -> MembersRead:
    """Which rollouts have ended, and how."""
    ended: list[MemberEnded] = []
    missing: list[str] = []
    for rollout_id in task.rollout_ids:
        view = await find_rollout(client, rollout_id)
        if view is None:
            missing.append(rollout_id)
        elif view.phase.ended:
            one = MemberEnded(rollout_id=rollout_id, phase=view.phase, message=view.message)
            ended.append(one)
    return MembersRead(ended=ended, missing=missing)
