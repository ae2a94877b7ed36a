"""A lock: of any number of simultaneous starts, one has the scale set."""

from datetime import datetime

from rollout.base import Activity, LineStop, Value
from rollout.inventory import ScaleSetId, ScaleSetIdField
from rollout.run.command import Command
from rollout.run.ids import rollout_of
from rollout.run.order import RolloutOrder
from rollout.run.recall import Recalled

HOLD_LOCK = "hold_lock"
"""The orchestration that is the lock: it runs as long as something is locked."""


_LOCKS = "lock:"


class Lock(Value):
    """Who has a lock: the instance id of the orchestration, and a fingerprint of what it was
    started with. `token` tells apart two locks that were taken for the same start.
    """

    owner: str
    fingerprint: str
    token: str

    @classmethod
    def of(cls, order: RolloutOrder, token: str) -> "Lock":
        """The lock of a scale set for this rollout."""
        return cls(owner=order.instance_id, fingerprint=order.fingerprint, token=token)

    @property
    def released(self) -> str:
        """The external event that ends it: a name of its own, so that no other lock hears it."""
        return f"released-{self.token}"

    @property
    def rollout_id(self) -> str:
        """The id under which users know the owner."""
        return rollout_of(self.owner)

    def same_start(self, other: "Lock") -> bool:
        """Whether both were taken for the same start, which was sent twice."""
        return (self.owner, self.fingerprint) == (other.owner, other.fingerprint)


def lock_id(scale_set: ScaleSetId) -> str:
    """The instance id of this scale set's lock, the same however the scale set's id is spelled. A
    caller cannot choose it as the id of a rollout, because of the colon.
    """
    return f"{_LOCKS}scale-set-{scale_set.key}"


def is_lock_id(instance_id: str) -> bool:
    """Whether it is the id of a lock, of whatever."""
    return instance_id.startswith(_LOCKS)


class ReadLock(Value):
    """Who has the lock of that id? And what did the rollout, or fleet rollout, do before that runs
    as `instance_id`, and asks, if it must not go on?
    """

    id: str
    rollout_id: str = ""
    instance_id: str = ""


class LockRead(Value):
    """The instance id of whoever has it, if somebody does. `restarted` if who asks has begun before
    with the same start; and what a rollout has done before, by its log, if it must not go on.
    """

    owner: str | None = None
    restarted: bool = False
    recalled: Recalled | None = None

    def is_of(self, rollout_id: str) -> bool:
        """Whether that rollout has it, or its rollback."""
        return self.owner is not None and rollout_of(self.owner) == rollout_id


class KeepLock(Value):
    """Does the rollout that runs as `owner` still have the lock of this scale set? And is its batch
    of that number, which asks, still to come or under way? 0 if it is no batch that asks.
    `heeds_line` if a stopped line keeps it from beginning: a rollback repairs, and is not held.
    """

    scale_set: ScaleSetIdField
    owner: str
    batch: int = 0
    heeds_line: bool = False


class LockKept(Value):
    """It has, unless `lost` says why not. `held` is the operator's command because of which nothing
    more of the rollout begins now: an abort or a rollback, else a pause.
    """

    lost: str | None = None
    held: Command | None = None
    stopped: LineStop | None = None
    """Because of which nothing begins in the whole app."""
    closed: bool | None = None
    """Whether it is too late for the window."""

    @property
    def withheld(self) -> bool:
        """Whether nothing more is sent now."""
        return bool(self.held or self.closed or self.stopped)

    def at(self, now: datetime, begin_by: datetime | None) -> "LockKept":
        """The same for a batch that may begin until then."""
        late = begin_by is not None and now > begin_by
        return self.model_copy(update={"closed": True}) if late else self


class ReleaseLock(Value):
    """Release the lock, if this rollout has it; `if_ended`: not while that is active."""

    scale_set: ScaleSetIdField
    owner: str
    if_ended: bool = False


class Released(Value):
    """Whether there was a lock to release. `taken_up` if the rollout is active again, so that it
    keeps it.
    """

    released: bool
    taken_up: bool = False


KEEP_LOCK = Activity("keep_lock", KeepLock, LockKept)
"""Takes the lock again if it was ended by hand, or has died, and nobody else has taken it."""
READ_LOCK = Activity("read_lock", ReadLock, LockRead)
RELEASE_LOCK = Activity("release_lock", ReleaseLock, Released)
