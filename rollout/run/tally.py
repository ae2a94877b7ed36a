"""What has become of every instance so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rollout.base import IN_PROGRESS, LEFT_ALONE, Cell
from rollout.batch import GONE, BatchOutcome
from rollout.inventory import Instance, Inventory
from rollout.plan import Plan

_SENT = {Cell.DONE, Cell.FAILED, Cell.ROLLED_BACK, *IN_PROGRESS}


@dataclass(frozen=True)
class Tally:
    """By instance id: its cell, the reason for that if there is one, and the number of the batch in
    which it was last sent to Azure.
    """

    cells: Mapping[str, Cell] = field(default_factory=dict[str, Cell])
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    touched: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def failed(self) -> list[str]:
        """The instances that have failed, in order."""
        return [instance_id for instance_id, cell in self.cells.items() if cell is Cell.FAILED]

    @property
    def in_progress(self) -> list[str]:
        """The instances that may be in the middle of their upgrade."""
        return [instance_id for instance_id, cell in self.cells.items() if cell in IN_PROGRESS]

    @property
    def given_up(self) -> list[str]:
        """The instances that were touched and then left alone."""
        return [
            instance_id for instance_id in self.touched if self.cells[instance_id] in LEFT_ALONE
        ]

    def lacking(self, inventory: Inventory) -> list[str]:
        """The instances that were there and are not in this inventory."""
        there = {instance.instance_id for instance in inventory.instances}
        cells = self.cells.items()
        return [key for key, cell in cells if cell is not Cell.GONE and key not in there]

    def any_done(self, instance_ids: Iterable[str]) -> bool:
        """Whether at least one of them was upgraded and healthy to the end of its batch."""
        return any(self.cells.get(each) is Cell.DONE for each in instance_ids)

    def count(self, *cells: Cell) -> int:
        """How many instances are in one of these states."""
        return sum(cell in cells for cell in self.cells.values())

    def planned(self, plan: Plan, there: Mapping[str, Instance]) -> "Tally":
        """With what the plan does to its instances."""
        changes = self._changes(plan, there)
        reasons = {**self.reasons, **{key: reason for key, (_, reason) in changes.items()}}
        return replace(
            self,
            cells={**self.cells, **{key: cell for key, (cell, _) in changes.items()}},
            reasons={key: reason for key, reason in reasons.items() if reason},
        )

    def _changes(self, plan: Plan, there: Mapping[str, Instance]) -> dict[str, tuple[Cell, str]]:
        """The new cells, each with its reason if there is one."""
        moving = dict.fromkeys(plan.instance_ids, (Cell.PENDING, ""))
        skipped = {
            skip.instance_id: (Cell.SKIPPED, skip.reason)
            for skip in plan.skipped
            if self.cells.get(skip.instance_id, Cell.PENDING) is Cell.PENDING
        }
        left = [key for key, cell in self.cells.items() if cell is not Cell.FAILED]
        gone = dict.fromkeys((key for key in left if key not in there), (Cell.GONE, GONE))
        return {**gone, **skipped, **moving}

    def after(self, number: int, instance_ids: list[str], outcome: BatchOutcome) -> "Tally":
        """With the result of the batch of that number."""
        cells = outcome.by_instance(instance_ids)
        sent = [instance_id for instance_id, cell in cells.items() if cell in _SENT]
        return Tally(
            cells={**self.cells, **cells},
            reasons={**self.reasons, **outcome.reasons},
            touched={**self.touched, **dict.fromkeys(sent, number)},
        )

    def skipping(self, instance_ids: Iterable[str], reason: str) -> "Tally":
        """With these instances given up: they no longer count."""
        chosen = list(instance_ids)
        return replace(
            self,
            cells={**self.cells, **dict.fromkeys(chosen, Cell.SKIPPED)},
            reasons={**self.reasons, **dict.fromkeys(chosen, reason)},
        )

    def joined_by(self, number: int, instance_ids: Iterable[str]) -> "Tally":
        """With instances created from our model since, as if that batch had upgraded them."""
        came = list(instance_ids)
        return replace(
            self,
            cells={**self.cells, **dict.fromkeys(came, Cell.DONE)},
            touched={**self.touched, **dict.fromkeys(came, number)},
        )
