"""The state of a running wave: which scale sets are under way, and how the others ended."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rollout.base import (
    LONGEST_MESSAGE,
    NOT_ARRIVED,
    Cell,
    Phase,
    Proceed,
    sentence,
    shortened,
)
from rollout.fleet.order import FleetMember, RolloutEnded, WaveOrder, WaveOutcome, WaveStatus
from rollout.run import Control, RunProgress, Verb

MOST_TRIES = 10
"""How many times to try to roll a scale set back while another rollout has its lock; the way
forward waits until the deadline.
"""
_NAMED = 3
"""How many members that wait for other rollouts a message names."""
BETWEEN_TRIES, _LONGEST_BETWEEN_TRIES = timedelta(minutes=2), timedelta(minutes=30)
"""The first pause, which doubles each time, and the longest."""
_DOUBLINGS = 4
_CELLS = {
    Phase.SUCCEEDED: Cell.DONE,
    Phase.ROLLED_BACK: Cell.ROLLED_BACK,
    Phase.ABORTED: Cell.ABORTED,
}


def cell_after(phase: str) -> Cell:
    """The cell of a member whose rollout has ended in that phase."""
    return _CELLS.get(Phase(phase), Cell.FAILED)


@dataclass(frozen=True)
class Held:
    """Another rollout has the scale set of a member: which, how often the member was tried, and
    when it is tried again.
    """

    by: str
    tries: int
    again: datetime

    def message(self, member: FleetMember) -> str:
        return f"{member.scale_set.name} waits: rollout {self.by} has the scale set"


@dataclass(frozen=True, kw_only=True)
class WaveProgress(RunProgress):
    """A wave so far: a cell per member, in order; `held` are the members whose scale set another
    rollout has locked, `verified` how many healthy instances of a member run the image.
    """

    order: WaveOrder
    cells: tuple[Cell, ...]
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    held: dict[str, Held] = field(default_factory=dict[str, Held])
    verified: dict[str, int] = field(default_factory=dict[str, int])
    halt: str | None = None
    baking_until: datetime | None = None

    @classmethod
    def begun(cls, order: WaveOrder, now: datetime) -> "WaveProgress":
        cells = (Cell.PENDING,) * len(order.members)
        phase = Phase.ROLLING_BACK if order.rollback else Phase.PROGRESSING
        rolling_back = order.rollback is not None
        begun = cls(order=order, started_at=now, phase=phase, cells=cells)
        return replace(begun, rolling_back=rolling_back, control=Control(glass=order.glass))

    @property
    def verbs(self) -> list[Verb]:
        """The verbs accepted now: those of its fleet rollout."""
        return [*self.control.verbs(self.phase), *self.control.glass_verbs(self.phase)]

    @property
    def running(self) -> list[str]:
        """The ids of the rollouts under way."""
        return [member.rollout_id for member in self._in(Cell.UPGRADING)]

    @property
    def done(self) -> list[FleetMember]:
        return self._in(Cell.DONE)

    @property
    def waiting(self) -> int:
        return self.cells.count(Cell.PENDING)

    @property
    def failed(self) -> int:
        """How many failed, or were aborted: neither has arrived."""
        return sum(cell in NOT_ARRIVED for cell in self.cells)

    def next_member(self, now: datetime) -> FleetMember | None:
        """The scale set that may begin now, or None. In a rollback, a failure stops no other scale
        set: whatever can be rolled back is.
        """
        wanted = isinstance(self.control.before_step(), Proceed)
        if self._full or not wanted or not self._may_go_on(now):
            return None
        return next((member for member in self._in(Cell.PENDING) if self._due(member) <= now), None)

    def next_try(self, now: datetime) -> datetime | None:
        """When the next member that is held by another rollout may be tried again, or None."""
        due = [self._due(member) for member in self._in(Cell.PENDING)]
        return min((moment for moment in due if moment > now), default=None)

    @property
    def held_message(self) -> str:
        """Who waits for which rollout, of those that have not begun; empty if nobody does."""
        held = [(member, self.held.get(member.rollout_id)) for member in self._in(Cell.PENDING)]
        return "; ".join(who.message(member) for member, who in held[:_NAMED] if who)

    @property
    def _full(self) -> bool:
        return len(self.running) >= self.order.rules.max_concurrent

    def _due(self, member: FleetMember) -> datetime:
        held = self.held.get(member.rollout_id)
        return held.again if held else self.started_at

    def _may_go_on(self, now: datetime) -> bool:
        if self.rolling_back:
            return True
        within = self.failed <= self.order.rules.max_failed_scale_sets
        return within and now <= self.order.not_after and not self.halt

    def through(self, now: datetime) -> bool:
        """Whether nothing is running and nothing more will begin."""
        if self.running:
            return False
        ending = self.control.ending is not None
        return ending or not self._in(Cell.PENDING) or not self._may_go_on(now)

    def member_started(self, member: FleetMember) -> "WaveProgress":
        return self._with(member.rollout_id, Cell.UPGRADING)

    def member_needs_nothing(self, member: FleetMember) -> "WaveProgress":
        """There was nothing to roll back, or it was rolled back already."""
        return self._with(member.rollout_id, Cell.ROLLED_BACK)

    def tries(self, member: FleetMember) -> int:
        """How often it was tried while another rollout had its scale set."""
        held = self.held.get(member.rollout_id)
        return held.tries if held else 0

    def member_locked(self, member: FleetMember, other: str, now: datetime) -> "WaveProgress":
        """Another rollout has the scale set's lock: it is tried again as long as anything may
        begin, the last time just before the deadline. Meanwhile others may begin.
        """
        tries = self.tries(member) + 1
        if again := self._tried_again(tries, now):
            held = Held(by=other, tries=tries, again=again)
            return replace(self, held={**self.held, member.rollout_id: held})
        reason = f"rollout {other!r} is active on {member.scale_set}, and there is only ever one"
        until = "" if self.rolling_back else ". It was waited for until the fleet's deadline"
        return self._with(member.rollout_id, Cell.FAILED, f"{reason}{until}")

    def _tried_again(self, tries: int, now: datetime) -> datetime | None:
        """When a member that is held is tried once more, after so many times; None if it is not."""
        again = now + min(BETWEEN_TRIES * 2 ** min(tries - 1, _DOUBLINGS), _LONGEST_BETWEEN_TRIES)
        if self.rolling_back:
            return again if tries < MOST_TRIES else None
        late = now + BETWEEN_TRIES > self.order.not_after
        return None if late else min(again, self.order.not_after - BETWEEN_TRIES / 2)

    def rollout_ended(self, ended: RolloutEnded) -> "WaveProgress":
        """With the end of one of its rollouts; a repeated report counts once."""
        if ended.rollout_id not in self.running:
            return self
        cell = cell_after(ended.phase)
        if cell is Cell.ROLLED_BACK and not self._rollback_wanted:
            cell = Cell.FAILED  # a rollout that rolled back has not moved its scale set
        reason = ended.message if cell in NOT_ARRIVED else ""
        verified = {**self.verified, ended.rollout_id: ended.verified}
        return replace(self._with(ended.rollout_id, cell, reason), verified=verified)

    def member_refused(self, member: FleetMember, reason: str) -> "WaveProgress":
        """Its rollout can never be started."""
        return self._with(member.rollout_id, Cell.FAILED, reason)

    def rollout_missing(self, rollout_id: str) -> "WaveProgress":
        """A rollout that was started no longer exists."""
        return self._with(rollout_id, Cell.FAILED, "its Durable instance no longer exists")

    def baking(self, until: datetime) -> "WaveProgress":
        return replace(self, baking_until=until)

    def halted(self, reason: str) -> "WaveProgress":
        return replace(self, halt=self.halt or reason)

    def to_check(self, *, baked: bool) -> list[FleetMember]:
        """The members that are looked at before the wave is over: after a bake all that are done,
        otherwise those whose rollout has verified no instance.
        """
        return [member for member in self.done if baked or not self.has_verified(member)]

    def has_verified(self, member: FleetMember) -> bool:
        return self.verified.get(member.rollout_id, 0) > 0

    def member_checked(self, member: FleetMember, healthy: int) -> "WaveProgress":
        """So many of its instances run the image and are healthy now."""
        return replace(self, verified={**self.verified, member.rollout_id: healthy})

    @property
    def unverified(self) -> bool:
        """Whether the way forward has verified no instance of any scale set."""
        return not self.rolling_back and not any(map(self.has_verified, self.done))

    @property
    def _rollback_wanted(self) -> bool:
        return self.rolling_back or self.control.ending is not None

    def _in(self, cell: Cell) -> list[FleetMember]:
        members = zip(self.order.members, self.cells, strict=True)
        found = [member for member, its_cell in members if its_cell is cell]
        return sorted(found, key=self.tries)

    def _with(self, rollout_id: str, cell: Cell, reason: str = "") -> "WaveProgress":
        ids = [member.rollout_id for member in self.order.members]
        at = ids.index(rollout_id)
        why = {rollout_id: shortened(sentence(reason), LONGEST_MESSAGE)} if reason else {}
        cells = (*self.cells[:at], cell, *self.cells[at + 1 :])
        return replace(self, cells=cells, reasons={**self.reasons, **why})

    def status(self, now: datetime) -> WaveStatus:
        message = shortened(self.message, LONGEST_MESSAGE)
        return WaveStatus(
            cells="".join(self.cells),
            message=message,
            updated_at=now,
            baking_until=self.baking_until,
        )

    def outcome(self) -> WaveOutcome:
        return WaveOutcome(
            cells="".join(self.cells),
            reasons=self.reasons,
            halt=self.halt,
            unverified=self.unverified,
        )
