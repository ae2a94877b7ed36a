"""What one batch is told, and what came of it."""

from datetime import datetime

from rollout.cell import IN_PROGRESS, Cell
from rollout.model import Model
from rollout.request import Policy
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value


class Upgrade(Value):
    """Everything the upgrade of one batch needs to know.

    No instance outside of `zone` and `update_domain` may be upgraded with it.
    `row`, `row_cells` and `offsets` say where the batch stands in the heat map, so that its
    progress can be shown while it runs. `not_after` is the rollout's deadline. With `again`, also
    instances that run the image already are watched until they are healthy. `done` is the cell of
    an instance that is through. Of `upgraded`, those that went before it, at most
    `upgraded_budget` may be unhealthy when it begins; there are none on the way back or in a retry.
    """

    rollout_id: str
    scale_set: ScaleSetIdField
    number: int
    batches: int
    place: str
    canary: bool
    instance_ids: list[str]
    model: Model
    policy: Policy
    baseline_unhealthy: list[str]
    not_after: datetime
    zone: str | None = None
    update_domain: int | None = None
    row: int
    row_cells: str
    offsets: list[int]
    again: bool = False
    done: Cell = Cell.DONE
    upgraded: list[str] = []
    upgraded_budget: int = 0


class BatchStatus(Value):
    """What a running batch publishes: its row of the heat map as it is now."""

    row: int
    cells: str
    message: str
    updated_at: datetime


class BatchOutcome(Value):
    """What became of a batch: a letter per instance in the batch's order, the reason for each one
    that failed or was left out, and why the rollout must halt, if it must; `sick` when that is the
    health of the fleet.
    """

    cells: str
    reasons: dict[str, str] = {}
    halt: str | None = None
    sick: bool = False

    @property
    def unbegun(self) -> bool:
        """Whether no instance of it was sent to Azure."""
        return not IN_PROGRESS & {Cell(letter) for letter in self.cells}

    def by_instance(self, instance_ids: list[str]) -> dict[str, Cell]:
        return {one: Cell(letter) for one, letter in zip(instance_ids, self.cells, strict=True)}


def row_with(upgrade: Upgrade, cells: dict[str, Cell]) -> str:
    """The batch's row of the heat map with these cells put in."""
    row = list(upgrade.row_cells)
    for one, offset in zip(upgrade.instance_ids, upgrade.offsets, strict=True):
        cell = cells.get(one, Cell(row[offset]))
        row[offset] = upgrade.done if cell is Cell.DONE else cell
    return "".join(row)
