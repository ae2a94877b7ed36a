"""What the rollback of an ended rollout needs to know about it."""

from datetime import datetime
from typing import Any

from rollout.base import IN_PROGRESS, Cell, Value
from rollout.inventory import HeatMap, ImageChange, Inventory, Row
from rollout.run.command import Command


class RollbackRequest(Value):
    """The rollout as it ended: its images, its cells, the packed inventory from before it, and the
    command. `given_up` are instances that an operator skipped after they had failed.
    """

    command: Command
    image: ImageChange
    batch: int
    baseline: dict[str, Any]
    rows: list[Row]
    given_up: list[str] = []
    started_at: datetime | None = None

    @property
    def inventory(self) -> Inventory:
        return Inventory.unpack(self.baseline)

    def cells(self, heat_map: HeatMap) -> dict[str, Cell]:
        """The cells by instance id."""
        return heat_map.read(self.rows)

    def touched(self, heat_map: HeatMap) -> dict[str, int]:
        """The touched instances, numbered by row: domains were upgraded in that order."""
        cells = self.cells(heat_map)
        moved = {Cell.DONE, Cell.FAILED, *IN_PROGRESS}
        return {
            instance_id: number
            for number, (_, ids) in enumerate(heat_map.rows, start=1)
            for instance_id in ids
            if cells[instance_id] in moved or instance_id in self.given_up
        }
