"""Finds what broke off, was ended by hand, or stands still; and takes it up."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime

from durable.client import Client, OrchestrationInstance, find_instance, start
from durable.fleet_commands import take_up_fleet
from durable.fleets import fleet_now, fleet_running_as, listed_fleets
from durable.follow import list_followed, numbered
from durable.locks import find_lock
from durable.record import read_record
from durable.repairs import are_repairs_left, repairs_lines
from durable.rollouts import listed_rollouts, published, rollout_now, running_as
from durable.standing import standing_still
from durable.take_up import take_up
from rollout.base import Refused
from rollout.batch import BatchStatus
from rollout.fleet import FleetSummary
from rollout.follow import FOLLOW_IMAGE, FollowedImage, FollowOrder, FollowStatus
from rollout.hooks import HookCall, Owed
from rollout.inventory import unpack_instances
from rollout.run import (
    ROLL_OUT,
    ProgressSummary,
    RepairsLine,
    RolloutOrder,
    RolloutSummary,
    State,
    batch_id,
    last_position,
    left_behind_by,
    lock_id,
    was_broken_off,
)
from rollout.run_hooks import calls_left, computer_names, order_by_log
from rollout.watch import (
    EndedByHand,
    FindUnattended,
    StandingStill,
    TakenUp,
    TakeUp,
    Unattended,
    looks_missed,
)


async def find_unattended(client: Client, task: FindUnattended) -> Unattended:
    """What broke off, was ended by hand, or has not looked at its instances for too long."""
    rollouts = [await _look(client, line) for line in await listed_rollouts(client)]
    fleets = [await _look_at_fleet(client, line) for line in await listed_fleets(client)]
    known = await standing_still(client)
    standing = [
        still for each in rollouts if (still := await _standing_still(client, each, task.now))
    ]
    ids = {still.id for still in standing}
    ended = [found for each in rollouts if (found := await _ended_by_hand(client, each))]
    return Unattended(
        rollouts=[each.line.id for each in rollouts if each.broke_off],
        fleets=[each.line.id for each in fleets if each.broke_off],
        followed=await _broken(client, await list_followed(client)),
        ended=ended,
        ended_fleets=[each.instance_id for each in fleets if each.could_not_say and each.instance],
        lines=[each.now for each in rollouts if each.could_not_say],
        fleet_lines=[each.now for each in fleets if each.could_not_say],
        standing=[still for still in standing if known.get(still.id) != still.since],
        moving=[rollout_id for rollout_id in known if rollout_id not in ids],
        repairs=await _left_suspended(client, rollouts, ended, task.now),
    )


@dataclass(frozen=True)
class _Looked[S: ProgressSummary]:
    """A line of a list as it was written and as it is now, and its orchestration."""

    line: S
    now: S
    instance: OrchestrationInstance | None
    instance_id: str = ""

    @property
    def broke_off(self) -> bool:
        """Whether it is to be taken up."""
        failed = self.instance is not None and self.instance.status == "Failed"
        return failed and not self.now.phase.ended

    @property
    def could_not_say(self) -> bool:
        """Whether its orchestration could not write its last line."""
        stopped = self.instance is None or not self.instance.active
        return stopped and self.now.phase.ended and not self.line.phase.ended


async def _left_suspended(
    client: Client,
    rollouts: list[_Looked[RolloutSummary]],
    ended: list[EndedByHand],
    now: datetime,
) -> list[RepairsLine]:
    """The automatic repairs that are still suspended, although their rollout has ended; also those
    that a version of the app suspended that had no list of them.
    """
    lines = await repairs_lines(client)
    active = {each.line.id for each in rollouts if not each.now.phase.ended}
    unlisted = [
        RepairsLine(id=each.rollout_id, scale_set=each.scale_set, since=now)
        for each in ended
        if each.repairs_suspended and each.rollout_id not in lines
    ]
    left = [line for line in lines.values() if line.pending and line.id not in active]
    return [*left, *unlisted]


async def _look(client: Client, line: RolloutSummary) -> _Looked[RolloutSummary]:
    if line.phase.ended:
        return _Looked(line, line, None)
    found = await running_as(client, line.id)
    now = await rollout_now(client, line)
    looked = _Looked(line, now, found[1], found[0]) if found else _Looked(line, now, None)
    if looked.could_not_say and await _upgrades_what_it_owes(client, now):
        return _Looked(line, line, looked.instance, looked.instance_id)
    return looked


async def _upgrades_what_it_owes(client: Client, ended: RolloutSummary) -> bool:
    """Whether the batch that hooks have drained is still under way, although its rollout was ended
    by hand: what it owes is put back, and all else tidied up, after that.
    """
    batch = await find_instance(client, batch_id(ended.id, ended.batch))
    if batch is None or not batch.active:
        return False
    return left_behind_by(await read_record(client, ended.id)).owed is not None


async def _look_at_fleet(client: Client, line: FleetSummary) -> _Looked[FleetSummary]:
    if line.phase.ended:
        return _Looked(line, line, None)
    found = await fleet_running_as(client, line.id)
    now = await fleet_now(client, line)
    return _Looked(line, now, found[1], found[0]) if found else _Looked(line, now, None)


async def is_anything_active(client: Client) -> bool:
    """Whether there is something to look after: by the lists alone, so that an idle app does next
    to nothing.
    """
    listed = [*await listed_rollouts(client), *await listed_fleets(client)]
    if any(not line.phase.ended for line in listed) or await _is_following(client):
        return True
    return await are_repairs_left(client)


async def _is_following(client: Client) -> bool:
    """By the instances, too: a follower that broke in its first step has not written its line."""
    followed = await list_followed(client)
    return any(each.active for each in followed) or bool(await _broken(client, followed))


async def _ended_by_hand(client: Client, each: _Looked[RolloutSummary]) -> EndedByHand | None:
    """One that could not release its lock, or that owes its instances although another one has the
    lock by now; and what else it left undone.
    """
    if not each.could_not_say:
        return None
    record = await read_record(client, each.line.id)
    lock, left = await find_lock(client, lock_id(each.line.scale_set)), left_behind_by(record)
    ours = lock if lock and lock.rollout_id == each.line.id else None
    if not (ours or left.owed):
        return None
    owner = ours.owner if ours else each.instance_id or each.line.id
    instance = await find_instance(client, owner)
    order = (
        instance.started_with(ROLL_OUT, RolloutOrder)
        if instance
        else order_by_log(each.line.id, record)
    )
    return EndedByHand(
        rollout_id=each.line.id,
        scale_set=each.line.scale_set,
        owner=owner,
        message=each.now.message,
        repairs_suspended=left.repairs_untried,
        events=last_position(record),
        noted=was_broken_off(record),
        calls=_calls_left(order, left.owed, record) if order and left.owed else [],
    )


def _calls_left(order: RolloutOrder, owed: Owed, record: State) -> list[HookCall]:
    known = record.get("baseline")
    return calls_left(order, owed, computer_names(unpack_instances(known)) if known else {})


async def _standing_still(
    client: Client, each: _Looked[RolloutSummary], now: datetime
) -> StandingStill | None:
    if each.instance is None or not each.instance.active:
        return None
    view = published(each.line.id, each.instance)
    if view.batch_began_at is None:
        return None
    batch = await find_instance(client, batch_id(view.id, view.batch))
    interval = view.policy.health.interval
    status = BatchStatus.begun(view.batch_began_at, interval)
    if batch and batch.active and batch.custom_status:
        status = BatchStatus.from_json(batch.custom_status)
    elif batch:
        return None  # its end is on the way to its rollout
    if not looks_missed(status, now):
        return None
    message = f"No look at its instances since {status.updated_at:%Y-%m-%d %H:%M:%S} UTC"
    return StandingStill(id=view.id, since=status.updated_at, message=message)


async def _broken(client: Client, followed: list[FollowedImage]) -> list[str]:
    """Those that failed, and those that have ended with a version that is still to be handled."""
    found = [(each.id, await find_instance(client, each.id)) for each in followed]
    return [followed_id for followed_id, each in found if each and _order_after(each)]


def _order_after(follower: OrchestrationInstance) -> FollowOrder | None:
    """How to go on where it ended; None if there is nothing to go on with."""
    if follower.status == "Completed":
        return FollowedImage.from_json(follower.output).next
    if follower.status != "Failed":
        return None
    order = FollowOrder.from_json(follower.input)
    if not follower.custom_status:
        return order
    return order.at_newer(FollowStatus.from_json(follower.custom_status).newest)


async def take_up_rollout(client: Client, task: TakeUp) -> TakenUp:
    """Take up a rollout that broke off. Idempotent."""
    return await _done(take_up(client, task.id))


async def take_up_broken_fleet(client: Client, task: TakeUp) -> TakenUp:
    """Take up a fleet rollout that broke off. Idempotent."""
    return await _done(take_up_fleet(client, task.id))


async def _done(step: Awaitable[bool]) -> TakenUp:
    try:
        return TakenUp(done=await step)
    except Refused as refused:
        return TakenUp(done=False, refused=refused.problem.detail)


async def take_up_followed(client: Client, task: TakeUp) -> TakenUp:
    """Follow the newest version that the follower knew of when it broke off. Idempotent."""
    instance = await find_instance(client, task.id)
    order = _order_after(instance) if instance else None
    if order is None:
        return TakenUp(done=False)
    order = await numbered(client, task.id, order)
    await start(client, FOLLOW_IMAGE, task.id, order.to_json())
    return TakenUp(done=True)
