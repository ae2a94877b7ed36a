"""A rollout as an earlier orchestration left it: what the next one of the same id goes on from."""

from datetime import datetime
from typing import Any

from rollout.base import IN_PROGRESS, Caller, Cell, Phase, Value
from rollout.batch import BatchOrder
from rollout.callbacks import HeardAnswer, Questions
from rollout.hooks import Owed
from rollout.inventory import HeatMap, ImageChange, Inventory, Row
from rollout.run.baseline import Baseline
from rollout.run.command import Command
from rollout.run.control import Control
from rollout.run.repairs import SuspendedRepairs


class Earlier(Value):
    """Its images, its cells, and the packed inventory from before it. `given_up` are instances that
    an operator skipped after they had failed. `last` is the last batch, which may be `under_way`;
    `events` is how many events it has written, and `owed` what hooks have yet to put back.
    """

    image: ImageChange
    batch: int
    baseline: dict[str, Any] | None = None
    rows: list[Row] = []
    given_up: list[str] = []
    reasons: dict[str, str] = {}
    started_at: datetime | None = None
    model_set: bool = False
    repairs_suspended: bool = False
    repairs_since: datetime | None = None
    last: BatchOrder | None = None
    under_way: bool = False
    events: int = 0
    owed: Owed | None = None

    def repairs(self, now: datetime) -> SuspendedRepairs | None:
        """The automatic repairs that it has left suspended, if it has."""
        since = self.repairs_since or self.started_at or now
        return SuspendedRepairs(since=since) if self.repairs_suspended else None

    @property
    def inventory(self) -> Inventory | None:
        """The instances from before it; None if it had not come to that."""
        return Inventory.unpack(self.baseline) if self.baseline else None

    @property
    def before(self) -> Baseline:
        """The state of every instance before it."""
        return Baseline.unpack(self.baseline) if self.baseline else Baseline()

    def cells(self, heat_map: HeatMap) -> dict[str, Cell]:
        """The cells by instance id. Rows that were drawn from another inventory say nothing: then
        any instance may have been sent.
        """
        if heat_map.fits(self.rows):
            return heat_map.read(self.rows)
        return dict.fromkeys(heat_map.instance_ids, Cell.UPGRADING)

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


class RollbackRequest(Earlier):
    """To roll back a rollout that has ended, by an operator's command."""

    command: Command


class Resumption(Earlier):
    """To go on with a rollout that broke off. `attempt` counts the times without progress, from 1;
    `reason` is why it broke off. `control` is what the operator wants; `rolling_back` is why it was
    rolling back, if it was. `approved` if an operator has approved a batch before.
    """

    attempt: int
    reason: str
    control: Control = Control()
    rolling_back: str | None = None
    sent_back: list[str] = []
    """The instances that its rollback had sent to Azure."""
    approved: bool = False
    asked_by: Caller | None = None
    """Who was signed in and asked for it; None if it was taken up by itself."""
    answers: list[HeardAnswer] = []
    """Those to its questions that it could not count any more."""

    @property
    def standing(self) -> dict[str, Any]:
        """The fields of its progress that this sets, by name."""
        back = bool(self.rolling_back)
        return {
            "phase": Phase.ROLLING_BACK if back else Phase.PROGRESSING,
            "message": f"Taken up, because it broke off: {self.reason}",
            "control": self.control,
            "rolling_back": back,
            "questions": Questions(left=self.answers),
        }
