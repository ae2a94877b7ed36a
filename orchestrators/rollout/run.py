"""What every part of a rollout shares: its state, its activities, and how it reports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from orchestrators.engine import (
    PATIENCE,
    ActivityClient,
    CommandListener,
    CountedContext,
    Recorder,
    Steps,
    by_caller,
    notify_of_end,
)
from orchestrators.gates import AskingRun
from rollout.base import ArmError, EventKind, Phase, spoken
from rollout.batch import BatchOutcome, ReadInventory
from rollout.gates import Gate
from rollout.inventory import Inventory, Listing
from rollout.run import (
    INDEX_KEY,
    KEEP_LOCK,
    RELEASE_LOCK,
    End,
    Handover,
    KeepLock,
    Progress,
    ReleaseLock,
    RolloutEnding,
    RolloutOrder,
    RolloutPlace,
    RolloutView,
    TelemetryContext,
    rollout_handed_on,
    rollout_taken_over,
    would_have,
)


class Repairs(Protocol):
    """The automatic repairs that it has suspended. `resting` while they run all the same, because
    it waits for people.
    """

    resting: bool

    def rest(self) -> Steps[None]: ...
    def wake(self) -> Steps[None]: ...


_MOST_LOOKS = 5


class RolloutRun(AskingRun[Progress, RolloutView, RolloutPlace]):
    """One rollout in progress."""

    index_key = INDEX_KEY

    def __init__(
        self, context: CountedContext, order: RolloutOrder, handed: Handover | None
    ) -> None:
        self.context = context
        self.request = order.request
        self.handed = handed
        before = handed or order.earlier
        self.recorder = Recorder(
            context,
            order.id,
            written=before.events if before else 0,
            standing=_standing(order, handed),
        )
        heard, answered = handed.heard if handed else [], None
        if order.request.policy.asks_back:
            answered = self.hear
        self.events = CommandListener(context, self.receive, heard, answered)
        self.activities = ActivityClient(
            context, self.events.wait, self._delayed, self._note_refusal
        )
        self.repairs: Repairs | None = None
        """Looked after while it waits for people for a long time."""
        self.put_back: Callable[[], Steps[None]] | None = None
        """Puts back, while it waits for a long time, what hooks have drained."""
        self.put_back_heard: Callable[[], None] | None = None
        """Counts what hooks have answered that were to put back."""
        self.calling = False
        """Whether a hook is being called, which has its answer counted then."""
        self.call_again: dict[str, datetime] = {}
        """By the name of each hook that has answered later, when to call it again."""
        self.read_last: BatchOutcome | None = None
        """The outcome of the last batch, with what its last look has read."""
        self.verified: tuple[datetime, Inventory] | None = None
        """When everything was last verified, and what was read then."""
        self.refusal: ArmError | None = None
        """The last error of Azure's that was not, or no longer, waited out."""
        self.place = RolloutPlace()
        self.progress = Progress.begun(order, context.current_utc_datetime)
        if handed:
            self.place = RolloutPlace.from_json(handed.place)
            self.progress = rollout_taken_over(order, handed.progress)
        self.deadline = self.progress.started_at + order.request.policy.deadline
        self.approval_timeout = order.request.policy.approval_timeout

    @property
    def gates(self) -> list[Gate]:
        return self.request.policy.gates

    def heard_answer(self) -> None:
        if self.put_back_heard:
            self.put_back_heard()

    @property
    def would_have(self) -> str:
        return would_have(self.progress)

    @property
    def decision_timeout(self) -> timedelta:
        return self.request.policy.decision_timeout

    @property
    def ending(self) -> RolloutEnding:
        return RolloutEnding(self.progress)

    @property
    def minds_long_waits(self) -> bool:
        suspended = self.repairs is not None and self.progress.repairs is not None
        return suspended or self.progress.owed is not None

    def asks_people(self, gate: str | None) -> None:
        """What gates have answered before that is too old after it."""
        if gate is None:
            self.asks_anew()

    def waits_long(self, *, rested: bool = False) -> Steps[None]:
        """`rested` if repairs were looked into before in the same wait: why they stay suspended
        changes no more in it. What is to be put back is tried again and again.
        """
        if self.put_back:
            yield from self.put_back()
        if self.repairs and not rested:
            yield from self.repairs.rest()

    def goes_on(self) -> Steps[None]:
        if self.repairs and self.repairs.resting:
            yield from self.repairs.wake()
            self.place = self.place.woken(self.now)

    def handed_on(self, heard: list[Any]) -> dict[str, Any]:
        resting = self.repairs is not None and self.repairs.resting
        place = self.place.model_copy(update={"resting": resting})
        handover = Handover.of(
            rollout_handed_on(self.progress),
            place,
            events=self.recorder.position[-1],
            control=self.progress.control,
            step=self.progress.step,
            heard=heard,
        )
        return handover.as_input(self.progress.order.begun)

    def start(self) -> None:
        """Report that it begins, that it is taken up, or nothing if it goes on."""
        if not self.handed:
            self._report_start()
        self.events.listen()
        self.publish()

    def _report_start(self) -> None:
        order = self.progress.order
        if order.resume:
            message = f"Taken up, because it broke off: {order.resume.reason}"
            who = by_caller(order.resume.asked_by)
            self.recorder.write(EventKind.TAKEN_UP, message, attempt=order.resume.attempt, **who)
        elif order.rollback is None:
            self.report("Inspecting the scale set")
            glass = order.glass and f". Break glass {order.glass.attribution}"
            self.recorder.write_start(f"The rollout has begun{glass or ''}", order)
        self.update_list()

    def leave(self, end: End) -> Steps[None]:
        """Release the scale set, and notify the wave that started it."""
        order, activities = self.progress.order, ActivityClient(self.context)
        release = ReleaseLock(scale_set=self.request.scale_set, owner=order.instance_id)
        yield from activities.ask(RELEASE_LOCK, release)
        yield from notify_of_end(activities, order.wave, order.id, end, self.view.counts.done)

    def keep_lock(self) -> Steps[None]:
        """Raises Concluded if the scale set is no longer ours: then nothing may be changed. Notes
        whether the line is stopped.
        """
        order = self.progress.order
        task = KeepLock(
            scale_set=self.request.scale_set,
            owner=order.instance_id,
            heeds_line=not self.progress.rolling_back,
        )
        kept = yield from self.activities.ask(KEEP_LOCK, task)
        if kept.lost:
            self.halt(kept.lost)
        self.place = self.place.at_line(kept.stopped, self.now)

    def read_inventory(self) -> Steps[Inventory]:
        """A fresh read of everything."""
        return (yield from self.look(self._read, lambda inventory: inventory))

    def read_or_just_read(self) -> Steps[Inventory]:
        """What the last look of the batch before has read; a fresh read if that was not just now,
        or said too little.
        """
        return (yield from self.look(self._just_read, lambda inventory: inventory))

    def _just_read(self) -> Steps[Inventory]:
        last, self.read_last = self.read_last, None
        if last is None or last.inventory is None or last.read_at is None:
            return (yield from self._read())
        if self.now - last.read_at > self.request.policy.health.interval:
            return (yield from self._read())
        return Inventory.unpack(last.inventory)

    def look[R](
        self, read: Callable[[], Steps[R]], inventory_of: Callable[[R], Inventory | None]
    ) -> Steps[R]:
        """What was read, once whoever is missing was missing in the look before, too: one list is
        not enough. After a few looks it is the last one that counts.
        """
        missing = set[str]()
        for _ in range(_MOST_LOOKS - 1):
            answer = yield from read()
            inventory = inventory_of(answer)
            lacking = set(self.progress.tally.lacking(inventory)) if inventory else missing
            if lacking <= missing:
                return answer
            missing = lacking
            yield from self.activities.sleep(self.request.policy.health.interval)
        return (yield from read())

    def try_to_read(
        self, protection_of: list[str] | None = None, patience: timedelta = PATIENCE
    ) -> Steps[Inventory | ArmError]:
        """One read of everything, or why there is none. Not before Azure's budget for lists allows
        it; instance protection at least of `protection_of` (None: of all).
        """
        if wait := self.until_listable:
            yield from self.activities.sleep(wait)
        task = ReadInventory(
            scale_set=self.request.scale_set,
            health=self.request.policy.health,
            protection_of=protection_of,
            names=bool(self.request.policy.hooks),
        )
        inventory = yield from self.activities.read_inventory(task, patience)
        if isinstance(inventory, Inventory):
            self.note_listed(inventory.listing)
        return inventory

    @property
    def until_listable(self) -> timedelta:
        """How long it takes until Azure's budget allows one more list of all instances."""
        return self.progress.foresight.until_listable(self.now)

    def note_listed(self, listing: Listing | None) -> None:
        """Count one more list of all instances."""
        if listing:
            foresight = self.progress.foresight.listed(listing, self.now)
            self.progress = replace(self.progress, foresight=foresight)

    def _read(self) -> Steps[Inventory]:
        inventory = yield from self.try_to_read()
        if isinstance(inventory, ArmError):
            self.halt(f"the result could not be verified: {inventory}")
        return inventory

    def _note_refusal(self, error: ArmError) -> None:
        self.refusal = error

    def _delayed(self, error: ArmError, delay: timedelta) -> None:
        message = f"Waiting for Azure: {error}. Trying again in {spoken(delay)}"
        self.report(message)
        self.recorder.write(EventKind.WAITING, message, error=error.to_json())


def _standing(order: RolloutOrder, handed: Handover | None) -> TelemetryContext:
    """Where it stands when it begins, or goes on."""
    batch = order.earlier.batch if order.earlier else 0
    where = str(order.request.scale_set)
    step = handed.step if handed else batch
    return TelemetryContext(scale_set=where, batch=step, phase=Phase.PROGRESSING)
