"""The state of a running wave: which of its scale sets are under way, and how the others ended."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from rollout.cell import Cell
from rollout.command import Command
from rollout.control import Control
from rollout.fleet_order import Member, MemberEnded, WaveOrder, WaveOutcome, WaveStatus
from rollout.phase import Phase
from rollout.problem import sentence, shortened

_MESSAGE = 2000  # characters of JSON: a custom status holds 16 KB


@dataclass(frozen=True)
class WaveProgress:
    """A wave up to now: a letter per member, in order; `held` are those whose scale set another
    rollout had, and how often it was tried.
    """

    order: WaveOrder
    cells: tuple[Cell, ...]
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    held: dict[str, int] = field(default_factory=dict[str, int])
    control: Control = field(default_factory=Control)
    halt: str | None = None

    @classmethod
    def begun(cls, order: WaveOrder) -> "WaveProgress":
        return cls(order, (Cell.PENDING,) * len(order.members))

    @property
    def running(self) -> list[str]:
        """The ids of the rollouts under way."""
        return [one.rollout_id for one in self._in(Cell.UPGRADING)]

    @property
    def done(self) -> list[Member]:
        return self._in(Cell.DONE)

    @property
    def waiting(self) -> int:
        return self.cells.count(Cell.PENDING)

    @property
    def failed(self) -> int:
        return self.cells.count(Cell.FAILED)

    def next_member(self, now: datetime) -> Member | None:
        """The scale set that may begin now, or None. On the way back, a failure stops nobody: what
        can be put right is put right.
        """
        waiting = self._in(Cell.PENDING)
        if not waiting or len(self.running) >= self.order.rules.max_concurrent or self.stays:
            return None
        return waiting[0] if self._may_go_on(now) else None

    @property
    def stays(self) -> bool:
        """Whether the operator wants that nothing begins."""
        return self.control.paused is not None or self.control.ending is not None

    def _may_go_on(self, now: datetime) -> bool:
        if self.order.back:
            return True
        within = self.failed <= self.order.rules.max_failed_scale_sets
        return within and now <= self.order.not_after and not self.halt

    def through(self, now: datetime) -> bool:
        """Whether nothing runs, and nothing will begin any more."""
        if self.running:
            return False
        ending = self.control.ending is not None
        return ending or not self._in(Cell.PENDING) or not self._may_go_on(now)

    def told(self, command: Command) -> "WaveProgress":
        return replace(self, control=self.control.heard(command))

    def began(self, member: Member) -> "WaveProgress":
        return self._with(member.rollout_id, Cell.UPGRADING)

    def nothing_to_do(self, member: Member) -> "WaveProgress":
        """There was nothing to put back, or it is back already."""
        return self._with(member.rollout_id, Cell.ROLLED_BACK)

    def held_by(self, member: Member, other: str) -> "WaveProgress":
        """Another rollout has the scale set: it is tried again a few times, after the others."""
        tries = self.held.get(member.rollout_id, 0) + 1
        if tries < MOST_TRIES:
            return replace(self, held={**self.held, member.rollout_id: tries})
        reason = f"rollout {other!r} is active on {member.scale_set}, and there is only ever one"
        return self._with(member.rollout_id, Cell.FAILED, reason)

    def ended(self, told: MemberEnded) -> "WaveProgress":
        """With the end of one of its rollouts; what is told twice counts once."""
        if told.rollout_id not in self.running:
            return self
        cell = _CELLS.get(told.phase, Cell.FAILED)
        if cell is Cell.ROLLED_BACK and not self._wanted_back:
            cell = Cell.FAILED  # a rollout that turned back has not moved its scale set
        reason = told.message if cell is Cell.FAILED else ""
        return self._with(told.rollout_id, cell, reason)

    def missing(self, rollout_id: str) -> "WaveProgress":
        """A rollout that was started is not there any more."""
        return self._with(rollout_id, Cell.FAILED, "its Durable instance is gone")

    def halted(self, reason: str) -> "WaveProgress":
        return replace(self, halt=self.halt or reason)

    @property
    def _wanted_back(self) -> bool:
        return self.order.back is not None or self.control.ending is not None

    def _in(self, cell: Cell) -> list[Member]:
        pairs = zip(self.order.members, self.cells, strict=True)
        found = [member for member, letter in pairs if letter is cell]
        return sorted(found, key=lambda member: self.held.get(member.rollout_id, 0))

    def _with(self, rollout_id: str, cell: Cell, reason: str = "") -> "WaveProgress":
        ids = [member.rollout_id for member in self.order.members]
        at = ids.index(rollout_id)
        told = {rollout_id: shortened(sentence(reason), _MESSAGE)} if reason else {}
        cells = (*self.cells[:at], cell, *self.cells[at + 1 :])
        return replace(self, cells=cells, reasons={**self.reasons, **told})

    def status(self, message: str, now: datetime) -> WaveStatus:
        text = shortened(message, _MESSAGE)
        return WaveStatus(cells="".join(self.cells), message=text, updated_at=now)

    def outcome(self) -> WaveOutcome:
        return WaveOutcome(cells="".join(self.cells), reasons=self.reasons, halt=self.halt)


MOST_TRIES = 10
"""How often it is tried to start a rollout whose scale set another rollout has."""
_CELLS = {
    Phase.SUCCEEDED: Cell.DONE,
    Phase.ROLLED_BACK: Cell.ROLLED_BACK,
}
