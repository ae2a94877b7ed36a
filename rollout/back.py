"""What a rollback of an ended rollout needs to know of it."""

from datetime import datetime
from typing import Any

from rollout.cell import IN_PROGRESS, Cell
from rollout.command import Command
from rollout.fleet import Fleet
from rollout.heat_map import HeatMap
from rollout.image import ImageChange
from rollout.value import Value
from rollout.view import Row


class Back(Value):
    """The rollout as it ended: its images and its cells; the packed fleet as it was before; and
    who wants it back.
    """

    command: Command
    image: ImageChange
    batch: int
    baseline: dict[str, Any]
    rows: list[Row]
    given_up: list[str] = []
    """The instances that an operator skipped after they had failed."""
    started_at: datetime | None = None

    @property
    def fleet(self) -> Fleet:
        return Fleet.unpack(self.baseline)

    def cells(self, heat_map: HeatMap) -> dict[str, Cell]:
        """The cells by instance id."""
        return heat_map.read(self.rows)

    def touched(self, heat_map: HeatMap) -> dict[str, int]:
        """The touched instances, numbered by their rows: domains were upgraded in that order."""
        cells = self.cells(heat_map)
        moved = {Cell.DONE, Cell.FAILED, *IN_PROGRESS}
        return {
            one: number
            for number, (_, ids) in enumerate(heat_map.rows, start=1)
            for one in ids
            if cells[one] in moved or one in self.given_up
        }
