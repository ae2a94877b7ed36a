"""The lock of a scale set: one rollout at a time."""

from collections.abc import Iterable

from durable.begin import begin
from durable.client import Client, OrchestrationInstance, find_instance, start
from durable.line import line_now
from durable.locks import (
    AT_THE_DOOR,
    Patience,
    Standing,
    find_lock,
    lock_of,
    release_lock,
    take_lock,
    unreleased,
)
from durable.record import read_record
from durable.rollouts import find_rollout, listed_rollouts, published, rollout_now
from durable.watch import start_watch
from rollout.base import FieldError, Problem, Refused, named
from rollout.fleet import FleetOrder
from rollout.inventory import ScaleSetId
from rollout.run import (
    HOLD_LOCK,
    INDEX_KEY,
    ROLL_OUT,
    Handover,
    KeepLock,
    Lock,
    LockKept,
    LockRead,
    ReadLock,
    Released,
    ReleaseLock,
    RolloutOrder,
    RolloutSummary,
    RolloutView,
    State,
    begun_before,
    gone_on,
    left_behind_by,
    lock_id,
    recalled,
    rollout_of,
)


async def start_locked(client: Client, order: RolloutOrder, token: str) -> None:
    """Take the scale set's lock, and start the rollout. Raises Refused (409) if another one has the
    scale set, or the id. The same start sent twice is one start.
    """
    scale_set = order.request.scale_set
    if other := await try_start_locked(client, order, token, AT_THE_DOOR):
        raise Refused(locked(scale_set, other))
    there = await find_lock(client, lock_id(scale_set))
    if there and there.owner != order.instance_id:
        raise Refused(locked(scale_set, there.rollout_id))


async def try_start_locked(
    client: Client, order: RolloutOrder, token: str, patience: Patience
) -> str | None:
    """The same; returns the id of the rollout that has the lock. Raises Refused (409) if the id is
    taken.
    """
    key = lock_id(order.request.scale_set)
    lock = Lock.of(order, token)
    if other := await take_lock(client, key, lock, owner_of_scale_set, patience):
        return other.rollout_id
    waiting = RolloutView.waiting(order.id, order.request)
    there = await begin(client, ROLL_OUT, order, waiting, INDEX_KEY)
    if there is None or not is_start_of(there, order):
        await release_lock(client, key, lock)
        raise Refused(id_taken(order.id) if there else purged_at_once(order.id))
    return None


def is_start_of(instance: OrchestrationInstance, order: RolloutOrder) -> bool:
    """Whether that instance was started with the same request, or is the rollback of that."""
    started = instance.started_with(ROLL_OUT, RolloutOrder)
    return bool(started) and any(each.same_start(order) for each in (started, started.forward))


async def refuse_if_locked(client: Client, scale_set: ScaleSetId, rollout_id: str) -> None:
    """Raises Refused (409) if another rollout than that one has the scale set now."""
    other = await owner_now(client, scale_set, await listed_rollouts(client))
    if other and other != rollout_id:
        raise Refused(locked(scale_set, other))


async def owner_of_scale_set(client: Client, key: str, lock: Lock) -> Standing:
    """What the rollout is doing that has this lock, whose id is `key`."""
    instance = await find_instance(client, lock.owner)
    order = instance.started_with(ROLL_OUT, RolloutOrder) if instance else None
    view = await find_rollout(client, lock.rollout_id) if order else None
    if order is None or view is None or lock_id(order.request.scale_set) != key:
        return Standing.ABSENT  # the id belongs to another rollout
    if not view.phase.ended:
        return Standing.ACTIVE
    left = left_behind_by(await read_record(client, lock.rollout_id))
    if not (left.repairs_untried or left.owed):
        return Standing.ENDED
    await start_watch(client)  # tidies up, and releases the lock
    return Standing.ABSENT


async def owner_now(
    client: Client, scale_set: ScaleSetId, listed: list[RolloutSummary]
) -> str | None:
    """The id of the rollout because of which a start on this scale set would be refused now.
    `listed` are the lines of the list of rollouts.
    """
    key = lock_id(scale_set)
    lock = unreleased(await find_instance(client, key))
    if lock and await owner_of_scale_set(client, key, lock) is Standing.ACTIVE:
        return lock.rollout_id
    return await _running_without_lock(client, scale_set, listed)


async def _running_without_lock(
    client: Client, scale_set: ScaleSetId, listed: list[RolloutSummary]
) -> str | None:
    """A rollout keeps running if someone purges its lock through Durable."""
    for line in listed:
        if line.scale_set.key != scale_set.key or line.phase.ended:
            continue
        if not (await rollout_now(client, line)).phase.ended:
            return line.id
    return None


async def keep_lock(client: Client, task: KeepLock) -> LockKept:
    """Whether that rollout is active and has the lock; takes the lock again if nobody has it."""
    instance = await find_instance(client, task.owner)
    if instance is None or not instance.active:
        return LockKept(lost="the rollout was ended from outside")
    key, order = lock_id(task.scale_set), RolloutOrder.from_json(instance.input)
    if order.request.scale_set.key != task.scale_set.key:
        return LockKept(lost=f"rollout {order.id!r} is about another scale set")
    there = await find_lock(client, key)
    if there is None:
        lock = Lock.of(order, f"again-{order.fingerprint}")
        there = lock_of(await start(client, HOLD_LOCK, key, lock.to_json()))
    if there and there.owner == task.owner:
        view = published(order.id, instance)
        if task.batch and not _may_be_under_way(view, task.batch):
            return LockKept(lost=f"batch {task.batch} of rollout {order.id!r} is not under way")
        stopped = await line_now(client) if task.heeds_line else None
        return LockKept(held=view.control.holding, stopped=stopped)
    other = f"rollout {there.rollout_id!r} has" if there else "nobody could take"
    return LockKept(lost=f"{other} the lock of {task.scale_set}")


def _may_be_under_way(view: RolloutView, batch: int) -> bool:
    """Whether it is not somebody else's start of a batch: it may begin before its rollout's status
    shows it, but not before that of the batch before it.
    """
    if view.batch == batch:
        return view.batch_began_at is not None
    return view.batch == batch - 1


async def read_lock(client: Client, task: ReadLock) -> LockRead:
    """Who has that lock. One that was ended by hand, or has died, is still his until he has
    released it. Who asks without having it, or has begun before, was restarted: only its record
    knows what it has done.
    """
    lock = unreleased(await find_instance(client, task.id))
    owner = lock.owner if lock else None
    asks = await find_instance(client, task.instance_id) if task.instance_id else None
    if asks is None:
        return LockRead(owner=owner)
    record = await read_record(client, task.rollout_id)
    restarted = _has_begun(asks, record)
    if owner == task.instance_id and not restarted:
        return LockRead(owner=owner)
    return LockRead(owner=owner, restarted=restarted, recalled=recalled(record))


def _has_begun(instance: OrchestrationInstance, record: State | None) -> bool:
    """Whether an orchestration has begun with that very input: that of a later generation, too."""
    if handed := Handover.of_input(instance.input):
        return gone_on(handed, record)
    return begun_before(_start_of(instance), record)


def _start_of(instance: OrchestrationInstance) -> RolloutOrder | FleetOrder:
    """What that rollout, or fleet rollout, was started with."""
    kind = RolloutOrder if instance.name == ROLL_OUT else FleetOrder
    return kind.from_json(instance.input)


async def release_scale_set(client: Client, task: ReleaseLock) -> Released:
    """Release the lock of the scale set, if that rollout has it."""
    key = lock_id(task.scale_set)
    lock = await find_lock(client, key)
    if lock is None:
        return Released(released=False)
    owner = await find_instance(client, lock.owner) if task.if_ended else None
    if owner and owner.active and lock.rollout_id == rollout_of(task.owner):
        return Released(released=False, taken_up=True)
    if lock.owner != task.owner:
        return Released(released=False)
    return Released(released=await release_lock(client, key, lock))


def locked(scale_set: ScaleSetId, rollout_id: str) -> Problem:
    """The refusal while another rollout has the scale set."""
    return Problem(
        status=409,
        title="A rollout is active on this scale set",
        detail=f"Rollout {rollout_id!r} is active on {scale_set}, and there is only "
        "ever one. Nothing was started: wait until it has ended, or abort it "
        f"(POST /api/rollouts/{rollout_id}/abort).",
        rollout_id=rollout_id,
    )


def purged_at_once(rollout_id: str) -> Problem:
    """The refusal if its orchestration has vanished between its start and the read of it."""
    return Problem(
        status=409,
        title="It was purged at once",
        detail=f"{rollout_id!r} was started, and somebody has purged it through Durable at that "
        "very moment. Nothing was changed, and nothing is locked: send the same request again.",
        rollout_id=rollout_id,
    )


def id_taken(rollout_id: str, differing: Iterable[str] = ()) -> Problem:
    """The refusal if something else has the id; `differing` are the fields in which its request is
    another one.
    """
    fields = list(differing)
    by = f" (other: {named(fields)})" if fields else ""
    return Problem(
        status=409,
        title="The id is taken",
        detail=f"Something with the id {rollout_id!r} was started with another request{by}. "
        "Nothing was started: choose another id, or send the same request.",
        errors=[FieldError(path=path, message="is another in that request") for path in fields],
        rollout_id=rollout_id,
    )
