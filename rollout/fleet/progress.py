"""The state of a running fleet rollout, and the view made from it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from rollout.base import LEFT_ALONE, NOT_ARRIVED, Cell, Phase
from rollout.callbacks import Questions
from rollout.fleet.order import (
    FleetOrder,
    FleetRollbackRequest,
    WaveOrder,
    WaveOutcome,
    cells_of,
)
from rollout.fleet.view import FleetRolloutView
from rollout.gates import gate_lines
from rollout.run import WAITING_TO_BEGIN, AskingProgress, Verb


@dataclass(frozen=True, kw_only=True)
class FleetProgress(AskingProgress[FleetRolloutView]):
    """A fleet rollout so far: the cells of its scale sets, wave by wave."""

    order: FleetOrder
    cells: tuple[str, ...]
    wave: int = 0
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    """Why members have failed, by the ids of their rollouts."""
    unverified: tuple[str, ...] = ()
    """The names of the waves in which no instance was verified."""
    wave_began_at: datetime | None = None
    wave_before_began_at: datetime | None = None
    """When the wave before the last one began."""

    @classmethod
    def begun(cls, order: FleetOrder, now: datetime) -> "FleetProgress":
        """The initial progress; a rollback, or a fleet rollout that is taken up, begins where the
        earlier orchestration left it.
        """
        if resume := order.resume:
            return cls(
                order=order,
                started_at=resume.started_at or now,
                cells=tuple(resume.cells),
                wave=resume.wave,
                wave_began_at=resume.wave_began_at,
                wave_before_began_at=resume.wave_before_began_at,
                reasons=resume.reasons,
                unverified=tuple(resume.unverified),
                rolling_back=bool(resume.rolling_back),
                control=resume.control,
                questions=Questions(left=resume.answers),
                phase=Phase.ROLLING_BACK if resume.rolling_back else Phase.PROGRESSING,
                message=f"Taken up, because it broke off: {resume.reason}",
            )
        if order.rollback:
            cells, started_at = tuple(order.rollback.cells), order.rollback.started_at
            return cls(order=order, started_at=started_at, cells=cells, wave=len(cells))
        cells = tuple(cells_of(len(members)) for members in order.members)
        return cls(order=order, started_at=now, cells=cells)

    @classmethod
    def to_roll_back(cls, order: FleetOrder, rollback: FleetRollbackRequest) -> "FleetProgress":
        """A rollback that was accepted but has not begun: its scale sets are what they were."""
        begun = cls.begun(order, rollback.started_at).starting_rollback()
        return replace(begun.doing(WAITING_TO_BEGIN), wave=0)

    def wave_started(self, index: int, now: datetime | None = None) -> "FleetProgress":
        """With the wave of that index under way."""
        name, cells = self.order.request.waves[index].name, self.cells[index]
        moved = sum(has_moved(Cell(letter)) for letter in cells)
        count = moved if self.rolling_back else len(cells)
        wave = "Rolling back wave" if self.rolling_back else "Wave"
        message = f"{wave} {index + 1} of {len(self.cells)} ({name}): {count} scale set(s)"
        begun = replace(self.doing(message), wave=index + 1, wave_began_at=now)
        return replace(begun, wave_before_began_at=self.wave_began_at)

    def only_moved(self, index: int, order: WaveOrder) -> WaveOrder:
        """The wave's order, reduced to the members in which something was moved."""
        members = zip(order.members, self.cells[index], strict=True)
        moved = [member for member, letter in members if has_moved(Cell(letter))]
        return order.model_copy(update={"members": moved})

    def wave_finished(self, index: int, outcome: WaveOutcome, order: WaveOrder) -> "FleetProgress":
        """With the result of that wave, or of those of its members that `order` lists."""
        ids = (member.rollout_id for member in order.members)
        new = dict(zip(ids, outcome.cells, strict=True))
        old = zip(self.order.members[index], self.cells[index], strict=True)
        letters = "".join(
            self._letter(new.get(member.rollout_id), letter) for member, letter in old
        )
        cells = (*self.cells[:index], letters, *self.cells[index + 1 :])
        reasons = {**self.reasons, **outcome.reasons}
        name = self.order.request.waves[index].name
        doubtful = outcome.unverified and not self.rolling_back
        unverified = (*self.unverified, name) if doubtful else self.unverified
        return replace(self, cells=cells, reasons=reasons, unverified=unverified)

    def _letter(self, new: str | None, old: str) -> str:
        """A scale set that was to go back and never began to is still what it was."""
        untouched = new is None or (self.rolling_back and new == Cell.PENDING)
        return old if untouched else str(new)

    def has_pending(self, index: int) -> bool:
        """Whether some scale sets of that wave have not begun."""
        return Cell.PENDING in self.cells[index]

    @property
    def step(self) -> int:
        return self.wave

    @property
    def verbs(self) -> list[Verb]:
        """The verbs accepted now."""
        if not self.phase.ended:
            held = self.order.held_up and not self.rolling_back
            glass = self.control.glass_verbs(self.phase) if held else []
            taken = self.control.verbs(self.phase, needs_decision=self.needs_decision)
            return [*taken, *glass]
        again = [Verb.RETRY] if self.unforeseen else []
        back = self.rolling_back and self.phase is Phase.ROLLED_BACK
        moved = self.moved_waves and not back
        return [*again, Verb.ROLLBACK] if moved or self.unforeseen else []

    @property
    def moved_waves(self) -> list[int]:
        """The indexes of the waves in which something was moved, newest first."""
        return [
            index
            for index, cells in reversed(list(enumerate(self.cells)))
            if any(has_moved(Cell(letter)) for letter in cells)
        ]

    def failed(self, index: int) -> list[str]:
        """The ids of that wave's rollouts that have failed, or were aborted."""
        members = zip(self.order.members[index], self.cells[index], strict=True)
        return [member.rollout_id for member, letter in members if letter in NOT_ARRIVED]

    def view(self, now: datetime) -> FleetRolloutView:
        """The view that users see."""
        shown = {**self.shown(now), "version": self.order.version}
        shown["wave_began_at"] = self.wave_began_at
        shown["gates"] = gate_lines(self.order.gates, self.gates)
        shown["questions"] = self.questions.shown(now)
        return FleetRolloutView.made(self.order, list(self.cells), wave=self.wave, **shown)


def has_moved(cell: Cell) -> bool:
    """Whether the member's rollout may have moved an instance."""
    return cell not in {Cell.PENDING, Cell.ROLLED_BACK, *LEFT_ALONE}
