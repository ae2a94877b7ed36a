"""Sends a batch to Azure: everything is asked again before each try."""

from collections.abc import Callable
from datetime import datetime, timedelta

from orchestrators.engine import (
    PATIENCE,
    ActivityClient,
    CountedContext,
    Steps,
    delay_after,
    is_missing,
    passes_or_is_stale,
)
from orchestrators.rollout.list_budget import ListBudget
from rollout.base import ArmError, LineStop, Proceed, Stop, Wait
from rollout.batch import (
    START_UPGRADE,
    Accepted,
    AtTheGate,
    BatchOrder,
    BatchOutcome,
    ObservedTime,
    ReadInventory,
    Selection,
    SendUpgrade,
    Sent,
    Waited,
    changed_since,
    may_upgrade,
    missing_from,
    shows_traces,
    under_way,
)
from rollout.batch import report as batch_report
from rollout.inventory import Instance, Inventory
from rollout.run import KEEP_LOCK, KeepLock, LockKept

_LISTS = 2
"""What it takes to send a batch: a look before, and the read just before it is sent."""


class BatchSender:
    """One batch before it is watched."""

    def __init__(
        self,
        context: CountedContext,
        activities: ActivityClient,
        order: BatchOrder,
        lists: ListBudget,
        report: Callable[[str, timedelta], None],
        waited: AtTheGate | None = None,
    ) -> None:
        self._context = context
        self._activities = activities
        self._order = order
        self._before = order
        self._lists = lists
        self._report = report
        self._waited, self._failures = timedelta(0), 0
        begun = ObservedTime.begin(order.policy.health.interval, self._now)
        self._time = waited.time if waited else begun
        self._missing = frozenset(waited.missing if waited else ())
        self._asked: dict[str, Instance] = {}
        self._still = waited.tried if waited else False
        self._stopped: LineStop | None = None

    @property
    def _now(self) -> datetime:
        return self._context.current_utc_datetime

    def run(self) -> Steps[Sent | BatchOutcome | None]:
        """Read, ask the gate, the lock and the operator, and try to send; again and again, until it
        is sent or must not be. None if it waits, and its next generation is to go on with that.
        """
        if self._order.still and (sent := (yield from self._at_once())):
            return sent
        while True:
            if (yield from self._held_until_listable(_LISTS)):
                return self._held()
            checking = f"{batch_report.heading(self._order)}: checking the scale set's health"
            self._report(checking, self._order.policy.health.interval)
            inventory = yield from self._read_inventory()
            if isinstance(inventory, ArmError):
                return batch_report.not_sent(self._order, str(inventory), passes=inventory.passes)
            self._note_traces(inventory)
            kept = yield from self._keep_lock()
            if kept.lost or (kept.withheld and not self._unclear(inventory)):
                return self._withheld(kept, inventory)
            sent = yield from self._tried(inventory)
            if sent is not None or (self._only_waits and self._context.worn):
                return sent

    def waits(self, events: int) -> AtTheGate:
        """What its next generation goes on with."""
        return AtTheGate(
            time=self._time,
            missing=sorted(self._missing),
            allowance=self._lists.allowance,
            events=events,
            tried=self._still,
        )

    def _held_until_listable(self, lists: int) -> Steps[bool]:
        """Wait until so many lists are allowed; whether the operator has asked for a stop meanwhile
        and nothing can have been sent. Somebody looks as soon as that is allowed: so the time of it
        counts.
        """
        interval = self._order.policy.health.interval
        self._time = self._time.reaching(interval + self._lists.wait(lists), interval)
        while wait := self._lists.wait(lists):
            self._report(batch_report.until_listable(self._order, wait), wait)
            yield from self._activities.sleep(min(wait, interval))
            if self._unsent and (yield from self._keep_lock()).withheld:
                return True
        return False

    @property
    def _unsent(self) -> bool:
        """Whether no instance of the batch can have been sent."""
        return self._only_waits and not self._still

    @property
    def _only_waits(self) -> bool:
        """Whether all there is to know of it can be handed on."""
        return not (self._order.taken_up or self._asked)

    def _at_once(self) -> Steps[Sent | BatchOutcome | None]:
        """A first try without a look before: its instances were seen to be still just now, and what
        sends them reads everything. None if everything has to be asked.
        """
        if (yield from self._held_until_listable(1)):
            return self._held()
        kept = yield from self._keep_lock()
        if kept.lost:
            return batch_report.not_sent(self._order, kept.lost)
        if kept.withheld:
            return self._held()
        self._still = True
        whole = Selection(instance_ids=self._order.instance_ids, left_out={})
        accepted = yield from self._ask(whole)
        if isinstance(accepted, Accepted):
            return Sent(order=self._order, selection=whole, accepted=accepted)
        return None if accepted.gate_closed else (yield from self._refused(accepted))

    def _note_traces(self, inventory: Inventory) -> None:
        """The process may have died after a send, and its activity run again: then that answer says
        nothing of the first. Only the instances show it.
        """
        order = self._order
        still, image = order.instance_ids if self._still else [], order.model.image
        stirs = shows_traces(inventory.instances, still, image)
        if stirs or changed_since(self._asked, inventory):
            self._order = order.maybe_sent()

    def _unclear(self, inventory: Inventory) -> bool:
        """Whether Azure may be at work on a send that shows on no instance yet."""
        overdue = self._time.looked(self._now).spent >= self._order.policy.health.timeout
        return bool(self._asked or self._still) and inventory.scale_set.moving and not overdue

    def _tried(self, inventory: Inventory) -> Steps[Sent | BatchOutcome | None]:
        """None if everything has to be asked again."""
        health = self._order.policy.health
        self._time = self._time.looked(self._now)
        waited = Waited(self._missing, overdue=self._time.spent >= health.timeout)
        verdict = may_upgrade(self._order, inventory, self._now, waited)
        self._missing = missing_from(self._order, inventory)
        match verdict:
            case Proceed(selection):
                return (yield from self._send(selection, inventory))
            case Stop(reason, unhealthy):
                return batch_report.not_sent(self._order, reason, unhealthy=unhealthy)
            case Wait(reason, unhealthy) if waited.overdue:
                return batch_report.not_sent(self._order, reason, unhealthy=unhealthy, passes=True)
            case Wait(reason):
                self._waited, self._failures = timedelta(0), 0
                waiting = f"{batch_report.heading(self._order)}: waiting, {reason}"
                self._report(waiting, health.interval)
                yield from self._activities.sleep(health.interval)
                return None

    def _send(
        self, selection: Selection, inventory: Inventory
    ) -> Steps[Sent | BatchOutcome | None]:
        """One try. Azure's refusal of it is final; what may pass goes through the gate again."""
        if not selection.instance_ids:
            return batch_report.nothing_left(self._order, selection)
        ids = set(selection.instance_ids)
        self._asked |= {
            each.instance_id: each for each in inventory.instances if each.instance_id in ids
        }
        accepted = yield from self._ask(selection)
        if isinstance(accepted, Accepted):
            flexible = inventory.scale_set.flexible
            return Sent(
                order=self._order, selection=selection, accepted=accepted, flexible=flexible
            )
        return (yield from self._refused(accepted))

    def _ask(self, selection: Selection) -> Steps[Accepted | ArmError]:
        self._lists.spend()
        task = SendUpgrade(order=self._order, instance_ids=selection.instance_ids, now=self._now)
        accepted = yield from self._activities.call_once(START_UPGRADE, task)
        if isinstance(accepted, Accepted):
            self._lists.heard(accepted.listing)
        return accepted

    def _refused(self, error: ArmError) -> Steps[BatchOutcome | None]:
        """None if everything has to be asked again, after a pause."""
        if error.ambiguous:
            self._order = self._order.maybe_sent()
        self._failures += 1
        delay = delay_after(error, self._failures)
        self._waited += delay
        again = passes_or_is_stale(error) or is_missing(error)
        if not again or self._waited > PATIENCE:
            return batch_report.not_sent(self._order, str(error), passes=error.passes)
        self._activities.note_delay(error, delay)
        yield from self._activities.sleep(delay)
        return None

    def _withheld(self, kept: LockKept, inventory: Inventory) -> Sent | BatchOutcome:
        """Nothing more is sent. What may have been sent is watched to its end."""
        selection = under_way(self._order, inventory) if self._order.taken_up else None
        if kept.lost:
            return batch_report.not_sent(self._order, kept.lost)
        if selection is None or not selection.instance_ids:
            return self._held()
        return Sent(
            order=self._before,
            selection=selection,
            accepted=Accepted(changed=False),
            flexible=inventory.scale_set.flexible,
            held=True,
        )

    def _held(self) -> BatchOutcome:
        return batch_report.held(self._before, self._stopped)

    def _read_inventory(self) -> Steps[Inventory | ArmError]:
        self._lists.spend()
        task = ReadInventory(
            scale_set=self._order.scale_set,
            health=self._order.policy.health,
            protection_of=self._order.instance_ids,
            names=bool(self._order.policy.hooks),
        )
        inventory = yield from self._activities.read_inventory(task)
        if isinstance(inventory, Inventory):
            self._lists.heard(inventory.listing)
        return inventory

    def _keep_lock(self) -> Steps[LockKept]:
        """A rollout that has ended, or lost its scale set, sends nothing more."""
        order = self._order
        task = KeepLock(
            scale_set=order.scale_set,
            owner=order.owner,
            batch=order.batch.number,
            heeds_line=not order.rolls_back,
        )
        kept = yield from self._activities.ask(KEEP_LOCK, task)
        self._stopped = kept.stopped
        return kept.at(self._now, order.begin_by)
