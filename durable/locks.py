"""Takes and releases locks: of any number of simultaneous starts exactly one has what is locked.

A lock is an orchestration under an id of its own, which runs until it is released. Whoever starts
it reads back whose it is. It does not watch its owner: whoever wants it does, and releases a lock
whose owner has ended. So no lock outlives its owner, whatever has happened to that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from durable.client import Client, OrchestrationInstance, find_instance, raised, start
from durable.until import LOOKS, until
from rollout.base import Value
from rollout.run import HOLD_LOCK, Lock


class Standing(Enum):
    """What a lock's owner is doing."""

    ACTIVE = auto()
    ENDED = auto()
    ABSENT = auto()
    """It is just being started; or it never will be, because whoever took the lock has died."""


@dataclass(frozen=True)
class Patience:
    """How often to look, and how many of these looks an owner may be absent before its lock is
    released.
    """

    looks: int
    absent: int


AT_THE_DOOR = Patience(LOOKS, LOOKS // 2)
"""Of an HTTP call: some seconds, which is long for the moment between a lock and its owner."""


def on_try(tries: int) -> Patience:
    """Of a caller that must not wait, and comes again minutes later."""
    return Patience(looks=1, absent=1 if tries <= 1 else 0)


type OwnerOf = Callable[[Client, str, Lock], Awaitable[Standing]]
"""Looks after the owner of the lock with that id."""


class _Nothing(Value):
    """An event without content."""


async def take_lock(
    client: Client, lock_id: str, lock: Lock, owner_of: OwnerOf, patience: Patience
) -> Lock | None:
    """Take the lock. None if it is ours now, or was taken for the same start; otherwise the lock
    that another start has. An owner that has ended is no obstacle, nor one that stays absent.
    """
    other, number = lock, 0

    async def taken() -> bool | None:
        nonlocal other, number
        number += 1
        there = await _standing(client, lock_id, lock, owner_of)
        if there is None:
            return None
        if there.same_start(lock):
            return True
        other = there
        match await owner_of(client, lock_id, there):
            case Standing.ACTIVE:
                return False
            case Standing.ENDED:
                await release_lock(client, lock_id, there)
            case Standing.ABSENT:
                if number > patience.absent:
                    await release_lock(client, lock_id, there)
        return None

    return None if await until(taken, patience.looks) else other


async def _standing(client: Client, lock_id: str, lock: Lock, owner_of: OwnerOf) -> Lock | None:
    """The lock that stands: ours if there was none. One that was ended by hand still stands while
    its owner is active: that takes it again (`keep_lock`).
    """
    instance = await find_instance(client, lock_id)
    there = unreleased(instance)
    if instance and there:
        theirs = not there.same_start(lock)
        if instance.active or (
            theirs and await owner_of(client, lock_id, there) is Standing.ACTIVE
        ):
            return there
    return lock_of(await start(client, HOLD_LOCK, lock_id, lock.to_json()))


async def find_lock(client: Client, lock_id: str) -> Lock | None:
    """The lock, if something is locked."""
    instance = await find_instance(client, lock_id)
    return lock_of(instance) if instance and instance.active else None


def lock_of(instance: OrchestrationInstance | None) -> Lock | None:
    """Whose lock that instance is."""
    return instance.started_with(HOLD_LOCK, Lock) if instance else None


def unreleased(instance: OrchestrationInstance | None) -> Lock | None:
    """Whose lock that instance is, unless it was released: only that completes it. One that was
    terminated or has died may still have an active owner.
    """
    return None if instance and instance.status == "Completed" else lock_of(instance)


async def release_lock(client: Client, lock_id: str, lock: Lock) -> bool:
    """Release this lock, and no other that may have followed it; False if it has ended."""
    try:
        return await raised(client, lock_id, lock.released, _Nothing())
    except Exception:  # noqa: BLE001 - it has ended, and its id is another lock's by now
        return False
