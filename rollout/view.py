"""What people see of a rollout: the same for the API, the terminal and the dashboard."""

from collections import Counter
from datetime import datetime
from typing import Any

from rollout.cell import IN_PROGRESS, LEFT_ALONE, Cell
from rollout.control import Control, the_end_of
from rollout.image import ImageChange
from rollout.phase import Phase, Verb
from rollout.problem import shortened
from rollout.request import Policy, RolloutRequest
from rollout.scale_set_id import ScaleSetIdField
from rollout.upgrade import BatchStatus
from rollout.value import Value


class Counts(Value):
    """Instances by state. They add up: total = done + skipped + failed + inProgress + pending.
    Those that were rolled back are pending again: they run the image they had.
    """

    total: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    in_progress: int = 0
    pending: int = 0

    @classmethod
    def of(cls, cells: str) -> "Counts":
        """Count the letters of the heat map."""
        by = Counter(Cell(letter) for letter in cells)
        return cls(
            total=len(cells),
            done=by[Cell.DONE],
            skipped=sum(by[cell] for cell in LEFT_ALONE),
            failed=by[Cell.FAILED],
            in_progress=sum(by[cell] for cell in IN_PROGRESS),
            pending=by[Cell.PENDING] + by[Cell.ROLLED_BACK],
        )

    @property
    def percent(self) -> int:
        """How much of what was to be moved is done, in percent; 100 when there was nothing."""
        moving = self.total - self.skipped
        return 100 * self.done // moving if moving else 100


class Row(Value):
    """One row of the heat map: an update domain (of a zone), a letter per instance (see Cell)."""

    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    cells: str


_IN_REQUEST = ("scaleSet", "policy", "reason", "by")
_MESSAGE, _NOTICE = 2000, 400  # characters of JSON


class RolloutView(Value):
    """A rollout as people see it. `updatedAt` is the moment it describes; `eta` an estimate;
    `verbs` are those it takes now.
    """

    id: str
    scale_set: ScaleSetIdField
    image: ImageChange
    phase: Phase
    message: str
    notice: str | None = None
    verbs: list[Verb] = []
    batch: int = 0
    batches: int = 0
    counts: Counts = Counts()
    percent: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    eta: datetime | None = None
    reason: str | None = None
    by: str | None = None
    policy: Policy
    rows: list[Row] = []

    def to_json(self) -> dict[str, Any]:
        """Like any value, but its own fields are always there, null when they have no value."""
        return self.model_dump(mode="json") | super().to_json()

    @classmethod
    def waiting(cls, rollout_id: str, request: RolloutRequest) -> "RolloutView":
        """A rollout that has been accepted and has not begun."""
        return cls(
            id=rollout_id,
            scale_set=request.scale_set,
            image=ImageChange(),
            phase=Phase.PENDING,
            message="Waiting to begin",
            verbs=Control().verbs(Phase.PENDING),
            policy=request.policy,
            reason=request.reason,
            by=request.by,
        )

    def taking_only_the_end(self) -> "RolloutView":
        """This view of a rollout that can hear but one more verb."""
        return self.model_copy(update={"verbs": the_end_of(self.verbs)})

    def status(self) -> dict[str, Any]:
        """What is published of it. A custom status holds 16 KB, so what stands in the request is
        left out (a policy may name a thousand instances), and long texts are cut.
        """
        short = {
            "message": shortened(self.message, _MESSAGE),
            "notice": self.notice and shortened(self.notice, _NOTICE),
        }
        view = self.model_copy(update=short).to_json()
        return {name: value for name, value in view.items() if name not in _IN_REQUEST}

    @classmethod
    def from_status(cls, status: dict[str, Any], request: RolloutRequest) -> "RolloutView":
        """The view that was published as `status`."""
        asked = request.to_json()
        return cls.from_json({**status, **{name: asked.get(name) for name in _IN_REQUEST}})

    def with_batch(self, status: BatchStatus) -> "RolloutView":
        """This view with the progress of the batch that is running."""
        rows = [
            row.model_copy(update={"cells": status.cells}) if index == status.row else row
            for index, row in enumerate(self.rows)
        ]
        counts = Counts.of("".join(row.cells for row in rows))
        return self.model_copy(
            update={
                "rows": rows,
                "counts": counts,
                "percent": counts.percent,
                "message": status.message,
                "updated_at": status.updated_at,
            }
        )


class StartedRollout(RolloutView):
    """The answer to a start: the view, and Durable's own URIs for whoever wants those."""

    status_query_get_uri: str
    send_event_post_uri: str
    terminate_post_uri: str
    suspend_post_uri: str
    resume_post_uri: str
    restart_post_uri: str
    rewind_post_uri: str
    purge_history_delete_uri: str
