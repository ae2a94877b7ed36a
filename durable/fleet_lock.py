"""The scale sets of a fleet rollout: no two active fleet rollouts share one."""

from durable.begin import begin
from durable.client import Client, OrchestrationInstance, find_instance, started_as
from durable.fleets import find_fleet, find_order, list_fleets
from durable.line import line_now
from durable.lock import purged_at_once
from durable.locks import (
    AT_THE_DOOR,
    Patience,
    Standing,
    find_lock,
    lock_of,
    on_try,
    release_lock,
    take_lock,
)
from durable.record import read_record
from rollout.base import Problem, Refused
from rollout.fleet import (
    ROLL_OUT_FLEET,
    FleetOrder,
    FleetRecall,
    FleetRolloutView,
    FleetStart,
    RecallFleet,
    ReleaseFleet,
    StartFleet,
    fleet_lock_id,
    recalled_fleet,
)
from rollout.inventory import ScaleSetId
from rollout.run import FLEET_INDEX_KEY, Lock, Released


async def start_fleet_locked(client: Client, order: FleetOrder, token: str) -> None:
    """Take the locks of all its scale sets, and start it, unless something else has its id. Raises
    Refused (409) if another active fleet rollout includes one of them, or it is purged right then.
    The same start sent twice is one start.
    """
    await _refuse_overlap(client, order)
    if other := await _locks_taken(client, order, token, AT_THE_DOOR):
        raise Refused(_shared(*other))
    if await _start(client, order, token) == _PURGED:
        raise Refused(purged_at_once(order.id))


async def try_start_fleet(client: Client, task: StartFleet) -> FleetStart:
    """The same without waiting. Idempotent."""
    order = task.order
    if there := await started_as(client, order.id):
        return FleetStart(refused=None if _is_start_of(there, order) else _ID_TAKEN)
    if stop := await line_now(client):
        return FleetStart(stopped=stop)
    token = f"{order.fingerprint}-{task.tries}"
    if other := await _locks_taken(client, order, token, on_try(task.tries)):
        return FleetStart(locked_by=other[1])
    return FleetStart(refused=await _start(client, order, token))


_ID_TAKEN = "something else has its id"
_PURGED = "somebody has purged it as it was started: start it again"


async def _start(client: Client, order: FleetOrder, token: str) -> str | None:
    """Why it was not started; None if it was."""
    waiting = FleetRolloutView.waiting(order)
    there = await begin(client, ROLL_OUT_FLEET, order, waiting, FLEET_INDEX_KEY)
    if there and _is_start_of(there, order):
        return None
    await _release(client, order, token)
    return _ID_TAKEN if there else _PURGED


def _is_start_of(instance: OrchestrationInstance, order: FleetOrder) -> bool:
    """Whether that instance was started with the same request, or is the rollback of that."""
    started = instance.started_with(ROLL_OUT_FLEET, FleetOrder)
    mine = [started.fingerprint, started.forward.fingerprint] if started else []
    return order.fingerprint in mine


async def _locks_taken(
    client: Client, order: FleetOrder, token: str, patience: Patience
) -> tuple[ScaleSetId, str] | None:
    """None if all are ours now; otherwise a scale set that another fleet rollout has, and its id.
    All fleet rollouts take them in the same order, so that of several one gets through.
    """
    lock = Lock(owner=order.instance_id, fingerprint=order.fingerprint, token=token)
    for scale_set in order.scale_sets:
        key = fleet_lock_id(scale_set)
        if other := await take_lock(client, key, lock, _owner_of_fleet, patience):
            await _release(client, order, token)
            return scale_set, other.rollout_id
    return None


async def _owner_of_fleet(client: Client, key: str, lock: Lock) -> Standing:
    """What the fleet rollout is doing that has this lock, whose id is `key`."""
    instance = await find_instance(client, lock.owner)
    order = instance.started_with(ROLL_OUT_FLEET, FleetOrder) if instance else None
    view = await find_fleet(client, lock.rollout_id) if order else None
    if order is None or view is None or key not in map(fleet_lock_id, order.scale_sets):
        return Standing.ABSENT  # the id belongs to another fleet rollout
    return Standing.ENDED if view.phase.ended else Standing.ACTIVE


async def recall_fleet(client: Client, task: RecallFleet) -> FleetRecall:
    """What the fleet rollout has done before, by its log."""
    record = await read_record(client, task.order.id)
    return FleetRecall(earlier=recalled_fleet(task.order, record))


async def release_fleet(client: Client, task: ReleaseFleet) -> Released:
    """Release the scale sets of that fleet rollout."""
    instance = await find_instance(client, task.instance_id)
    if instance is None:
        return Released(released=False)
    order = FleetOrder.from_json(instance.input)
    for scale_set in order.scale_sets:
        key = fleet_lock_id(scale_set)
        lock = await find_lock(client, key)
        if lock and lock.owner == task.instance_id:
            await release_lock(client, key, lock)
    return Released(released=True)


async def _release(client: Client, order: FleetOrder, token: str) -> None:
    """Release those that this start has taken."""
    for scale_set in order.scale_sets:
        key = fleet_lock_id(scale_set)
        lock = lock_of(await find_instance(client, key))
        if lock and lock.token == token:
            await release_lock(client, key, lock)


async def _refuse_overlap(client: Client, order: FleetOrder) -> None:
    """A fleet rollout keeps running if someone purges its locks through Durable."""
    ours = {scale_set.key for scale_set in order.scale_sets}
    for summary in await list_fleets(client):
        if summary.phase.ended or summary.id == order.id:
            continue
        other = await find_order(client, summary.id)
        shared = [each for each in (other.scale_sets if other else []) if each.key in ours]
        if shared:
            raise Refused(_shared(shared[0], summary.id))


def _shared(scale_set: ScaleSetId, fleet_id: str) -> Problem:
    return Problem(
        status=409,
        title="A fleet rollout is active on some of these scale sets",
        detail=f"Fleet rollout {fleet_id!r} includes {scale_set} too. "
        "Nothing was started: wait until it has ended, or abort it "
        f"(POST /api/fleet-rollouts/{fleet_id}/abort).",
        rollout_id=fleet_id,
    )
