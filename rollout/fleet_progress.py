"""The state of a running fleet rollout, and the view made of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from rollout.cell import LEFT_ALONE, Cell
from rollout.command import Command
from rollout.control import Control
from rollout.fleet_order import FleetOrder, WaveOrder, WaveOutcome, cells_of
from rollout.fleet_view import FleetRolloutView, fleet_verbs
from rollout.phase import Phase, Verb


@dataclass(frozen=True)
class FleetProgress:
    """A fleet rollout up to now: the letters of its scale sets, wave by wave."""

    order: FleetOrder
    started_at: datetime
    cells: tuple[str, ...]
    phase: Phase = Phase.PENDING
    message: str = "Waiting to begin"
    wave: int = 0
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    """Why members have failed, by the ids of their rollouts."""
    control: Control = field(default_factory=Control)
    finished_at: datetime | None = None
    rolling_back: bool = False

    @classmethod
    def begun(cls, order: FleetOrder, now: datetime) -> "FleetProgress":
        """One that begins now; the way back begins where the way there ended."""
        if order.back:
            back = order.back
            return cls(order, back.started_at, tuple(back.cells), wave=len(back.cells))
        return cls(order, now, tuple(cells_of(len(members)) for members in order.members))

    def saying(self, message: str) -> "FleetProgress":
        phase = Phase.ROLLING_BACK if self.rolling_back else Phase.PROGRESSING
        return replace(self, phase=phase, message=message)

    def staying(self, phase: Phase, message: str) -> "FleetProgress":
        """Nothing begins until the operator says something."""
        return replace(self, phase=phase, message=message)

    def told(self, command: Command) -> "FleetProgress":
        return replace(self, control=self.control.heard(command))

    def going_on(self) -> "FleetProgress":
        """What was said once has been heeded."""
        return replace(self, control=self.control.used())

    def turning_back(self) -> "FleetProgress":
        return replace(self, control=Control(), rolling_back=True)

    def began(self, index: int) -> "FleetProgress":
        """With the wave of that index under way."""
        name = self.order.request.waves[index].name
        count = len(self.order.members[index])
        told = f"Wave {index + 1} of {len(self.cells)} ({name}): {count} scale set(s)"
        back = "Rolling back w" + told[1:] if self.rolling_back else told
        return replace(self.saying(back), wave=index + 1)

    def only_moved(self, index: int, order: WaveOrder) -> WaveOrder:
        """That wave with those members only in which something was moved."""
        moved = [
            member
            for member, letter in zip(order.members, self.cells[index], strict=True)
            if has_moved(Cell(letter))
        ]
        return order.model_copy(update={"members": moved})

    def after(self, index: int, outcome: WaveOutcome, order: WaveOrder) -> "FleetProgress":
        """With what became of that wave, or of those of its members that it was about."""
        new = dict(zip((one.rollout_id for one in order.members), outcome.cells, strict=True))
        old = zip(self.order.members[index], self.cells[index], strict=True)
        letters = "".join(new.get(member.rollout_id, letter) for member, letter in old)
        cells = (*self.cells[:index], letters, *self.cells[index + 1 :])
        return replace(self, cells=cells, reasons={**self.reasons, **outcome.reasons})

    def unbegun(self, index: int) -> bool:
        """Whether scale sets of that wave have not begun."""
        return Cell.PENDING in self.cells[index]

    def ended(self, phase: Phase, message: str, now: datetime) -> "FleetProgress":
        return replace(self, phase=phase, message=message, finished_at=now)

    @property
    def verbs(self) -> list[Verb]:
        """The verbs it takes now."""
        if not self.phase.ended:
            return fleet_verbs(self.control.verbs(self.phase))
        return [Verb.ROLLBACK] if self.moved_waves and not self.rolling_back else []

    @property
    def moved_waves(self) -> list[int]:
        """The indexes of the waves in which something was moved, newest first."""
        return [
            index
            for index, cells in reversed(list(enumerate(self.cells)))
            if any(has_moved(Cell(letter)) for letter in cells)
        ]

    def failed(self, index: int) -> list[str]:
        """The ids of the rollouts of that wave that have failed."""
        members = self.order.members[index]
        return [
            member.rollout_id
            for member, letter in zip(members, self.cells[index], strict=True)
            if letter == Cell.FAILED
        ]

    def view(self, now: datetime) -> FleetRolloutView:
        """The fleet rollout as people see it."""
        return FleetRolloutView.made(
            self.order,
            list(self.cells),
            phase=self.phase,
            message=self.message,
            notice=None if self.phase.ended else self.control.notice(self.phase),
            verbs=self.verbs,
            wave=self.wave,
            started_at=self.started_at,
            finished_at=self.finished_at,
            updated_at=now,
        )


def has_moved(cell: Cell) -> bool:
    """Whether the rollout of a member may have moved an instance."""
    return cell not in {Cell.PENDING, Cell.ROLLED_BACK, *LEFT_ALONE}


def told_of(ids: Iterable[str], reasons: dict[str, str]) -> str:
    """The first few failures with their reasons: the list has them all."""
    listed = list(ids)
    few = "; ".join(f"{one}: {reasons.get(one, 'failed').rstrip('.')}" for one in listed[:_NAMED])
    more = f"; and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return f"{few}{more}"


_NAMED = 3
