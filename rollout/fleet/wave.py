"""The state of a running wave: which scale sets are under way, and how the others ended."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from rollout.base import LONGEST_MESSAGE, Cell, Phase, Proceed, sentence, shortened
from rollout.fleet.order import FleetMember, RolloutEnded, WaveOrder, WaveOutcome, WaveStatus
from rollout.run import RunProgress, Verb, fleet_verbs

MOST_TRIES = 10
"""How many times to try to start a rollout while another rollout has the scale set's lock."""
_CELLS = {Phase.SUCCEEDED: Cell.DONE, Phase.ROLLED_BACK: Cell.ROLLED_BACK}


@dataclass(frozen=True, kw_only=True)
class WaveProgress(RunProgress):
    """A wave so far: a cell per member, in order; `locked` counts the tries for members whose scale
    set another rollout has locked.
    """

    order: WaveOrder
    cells: tuple[Cell, ...]
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    locked: dict[str, int] = field(default_factory=dict[str, int])
    halt: str | None = None

    @classmethod
    def begun(cls, order: WaveOrder, now: datetime) -> "WaveProgress":
        cells = (Cell.PENDING,) * len(order.members)
        phase = Phase.ROLLING_BACK if order.rollback else Phase.PROGRESSING
        rolling_back = order.rollback is not None
        return cls(order=order, started_at=now, phase=phase, rolling_back=rolling_back, cells=cells)

    @property
    def verbs(self) -> list[Verb]:
        """The verbs accepted now: those of its fleet rollout."""
        return fleet_verbs(self.control.verbs(self.phase))

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
        return self.cells.count(Cell.FAILED)

    def next_member(self, now: datetime) -> FleetMember | None:
        """The scale set that may begin now, or None. In a rollback, a failure stops no other scale
        set: whatever can be rolled back is.
        """
        waiting = self._in(Cell.PENDING)
        full = len(self.running) >= self.order.rules.max_concurrent
        wanted = isinstance(self.control.before_step(), Proceed)
        return waiting[0] if waiting and not full and wanted and self._may_go_on(now) else None

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

    def member_locked(self, member: FleetMember, other: str) -> "WaveProgress":
        """Another rollout has the scale set's lock: it is retried a few times, after the others."""
        tries = self.locked.get(member.rollout_id, 0) + 1
        if tries < MOST_TRIES:
            return replace(self, locked={**self.locked, member.rollout_id: tries})
        reason = f"rollout {other!r} is active on {member.scale_set}, and there is only ever one"
        return self._with(member.rollout_id, Cell.FAILED, reason)

    def rollout_ended(self, ended: RolloutEnded) -> "WaveProgress":
        """With the end of one of its rollouts; a repeated report counts once."""
        if ended.rollout_id not in self.running:
            return self
        cell = _CELLS.get(ended.phase, Cell.FAILED)
        if cell is Cell.ROLLED_BACK and not self._rollback_wanted:
            cell = Cell.FAILED  # a rollout that rolled back has not moved its scale set
        reason = ended.message if cell is Cell.FAILED else ""
        return self._with(ended.rollout_id, cell, reason)

    def member_refused(self, member: FleetMember, reason: str) -> "WaveProgress":
        """Its rollout can never be started."""
        return self._with(member.rollout_id, Cell.FAILED, reason)

    def rollout_missing(self, rollout_id: str) -> "WaveProgress":
        """A rollout that was started no longer exists."""
        return self._with(rollout_id, Cell.FAILED, "its Durable instance no longer exists")

    def halted(self, reason: str) -> "WaveProgress":
        return replace(self, halt=self.halt or reason)

    @property
    def _rollback_wanted(self) -> bool:
        return self.rolling_back or self.control.ending is not None

    def _in(self, cell: Cell) -> list[FleetMember]:
        members = zip(self.order.members, self.cells, strict=True)
        found = [member for member, its_cell in members if its_cell is cell]
        return sorted(found, key=lambda member: self.locked.get(member.rollout_id, 0))

    def _with(self, rollout_id: str, cell: Cell, reason: str = "") -> "WaveProgress":
        ids = [member.rollout_id for member in self.order.members]
        at = ids.index(rollout_id)
        why = {rollout_id: shortened(sentence(reason), LONGEST_MESSAGE)} if reason else {}
        cells = (*self.cells[:at], cell, *self.cells[at + 1 :])
        return replace(self, cells=cells, reasons={**self.reasons, **why})

    def status(self, now: datetime) -> WaveStatus:
        message = shortened(self.message, LONGEST_MESSAGE)
        return WaveStatus(cells="".join(self.cells), message=message, updated_at=now)

    def outcome(self) -> WaveOutcome:
        return WaveOutcome(cells="".join(self.cells), reasons=self.reasons, halt=self.halt)
