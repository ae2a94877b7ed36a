"""A rollout as users see it: the same for the API, the terminal and the page."""

from datetime import datetime
from typing import Any, override

from rollout.base import LEFT_ALONE, LONGEST_MESSAGE, Cell, Phase, Value
from rollout.batch import BatchStatus
from rollout.callbacks import ShownQuestion
from rollout.gates import STATIC, GateLine, completed
from rollout.hooks import HOOK_STATIC, HookLine, completed_hooks
from rollout.inventory import (
    HeatMap,
    ImageChange,
    Row,
    ScaleSetIdField,
    UsedHealthSource,
    overlaid,
)
from rollout.plan import Policy, RolloutRequest
from rollout.run.control import Control
from rollout.run.progress_view import WAITING_TO_BEGIN, ProgressSummary, ProgressView
from rollout.run.repairs import RepairsLine, SuspendedRepairs
from rollout.run.room import with_room
from rollout.run.verb import Verb

_SHORTEST_MESSAGE, _ROOM_OF_A_ROW, _ROOM_OF_A_GATE, _ROOM_OF_A_QUESTION = 500, 12, 100, 70
"""In characters of JSON: the message is cut shorter if there are many rows, or gates."""
_UNTOUCHED = LEFT_ALONE | {Cell.PENDING}
_NOT_PUBLISHED: Any = {
    "scale_set": True,
    "policy": True,
    "reason": True,
    "by": True,
    "notice": True,
    "rows": {"__all__": {"instance_ids", "placement_groups"}},
    "gates": {"__all__": STATIC},
    "hooks": {"__all__": HOOK_STATIC},
}


class RolloutView(ProgressView):
    """A rollout as users see it; counts are of instances. `eta` is an estimate. `batch` is the
    number of the current or last batch, 0 before the first has begun; `batchBeganAt` is null while
    none is under way; `batchUpgradedAt` is when all of its instances ran the image,
    `batchHealthyAt` since when all of them are healthy. `healthSource` is where the health of an
    instance really comes from, null until that is known; `healthAsIn` is the earlier rollout whose
    policy accepted the power state, if that is why. `eta` is null while it waits for people.
    `repairs` says since when it keeps automatic instance repairs suspended or could not resume
    them, and why; null if they run, or if it did not suspend them. `repairsSuspended` is whether it
    says something. `gates` and `hooks` are those of the policy, each with its last answer.
    `modelSet` is whether it has set the scale set's model to the new image, and has not begun to
    roll back. `questions` are those whose answers are awaited at an address of the app's. `opensAt`
    is until when it waits for a window, or for the end of a freeze; null while it does not.
    """

    scale_set: ScaleSetIdField
    image: ImageChange
    model_set: bool = False
    batch: int = 0
    batches: int = 0
    batch_began_at: datetime | None = None
    batch_upgraded_at: datetime | None = None
    batch_healthy_at: datetime | None = None
    eta: datetime | None = None
    opens_at: datetime | None = None
    health_source: UsedHealthSource | None = None
    health_as_in: str | None = None
    policy: Policy
    rows: list[Row] = []
    repairs: SuspendedRepairs | None = None
    repairs_suspended: bool = False
    gates: list[GateLine] = []
    questions: list[ShownQuestion] = []
    hooks: list[HookLine] = []

    @property
    def step(self) -> int:
        return self.batch

    @property
    def untouched(self) -> bool:
        """Whether it has ended, and never touched an instance."""
        cells = "".join(row.cells for row in self.rows)
        return self.phase.ended and {Cell(cell) for cell in cells} <= _UNTOUCHED

    @override
    def noticed(self, control: Control) -> str | None:
        """An abort puts nothing back: what a scale-out boots from then on is said with it."""
        notice, ending = super().noticed(control), control.ending
        aborts = ending is not None and ending.verb is Verb.ABORT
        if notice is None or not aborts or not self.model_set:
            return notice
        return (
            f"{notice}. A scale-out boots {self.image.to_image} until you roll back: that is "
            "offered as soon as it has ended"
        )

    @classmethod
    def waiting(cls, rollout_id: str, request: RolloutRequest) -> "RolloutView":
        """The view of a rollout that was accepted but has not begun."""
        return cls(
            id=rollout_id,
            scale_set=request.scale_set,
            image=ImageChange(to_image=request.image.named),
            phase=Phase.PENDING,
            message=WAITING_TO_BEGIN,
            verbs=Control().verbs(Phase.PENDING),
            policy=request.policy,
            reason=request.reason,
            by=request.by,
        )

    @classmethod
    def from_status(cls, status: dict[str, Any], request: RolloutRequest) -> "RolloutView":
        """The view that was published as `status`, completed from the request."""
        asked = {
            "scaleSet": request.scale_set,
            "policy": request.policy,
            "reason": request.reason,
            "by": request.by,
            "gates": completed(request.policy.gates, status.get("gates", [])),
            "hooks": completed_hooks(request.policy.hooks, status.get("hooks", [])),
        }
        return cls.from_json({**status, **asked}).with_notice()

    def published(self) -> dict[str, Any]:
        """Omits what the request has (a policy may list a thousand instances), the ids of the
        instances, and what there is no room for.
        """
        checks = len(self.gates) + len(self.hooks)
        beside = _ROOM_OF_A_ROW * len(self.rows) + _ROOM_OF_A_GATE * checks
        beside += _ROOM_OF_A_QUESTION * len(self.questions)
        short = self.shortened(max(_SHORTEST_MESSAGE, LONGEST_MESSAGE - beside))
        return with_room(short.model_dump(mode="json", exclude_none=True, exclude=_NOT_PUBLISHED))

    def summary(self) -> "RolloutSummary":
        return RolloutSummary.of(self)

    def with_batch(self, status: BatchStatus, positions: list[int]) -> "RolloutView":
        """This view with the progress of the running batch, whose cells have these positions."""
        known = len(positions) == len(status.cells)
        rows = overlaid(self.rows, positions, status.cells) if known else self.rows
        cells = "".join(row.cells for row in rows)
        times = {"batch_upgraded_at": status.upgraded_at, "batch_healthy_at": status.healthy_at}
        return self.recounted(cells, status.message, status.updated_at, rows=rows, **times)

    def with_repairs(self, line: RepairsLine) -> "RolloutView":
        """This view of a rollout that has ended, with what has become of its repairs since."""
        return self.model_copy(update=_since_the_end(self, line))

    def identified(self, heat_map: HeatMap) -> "RolloutView":
        """This view with instance ids in its rows, if they are the rows of this heat map."""
        if not heat_map.fits(self.rows):
            return self
        return self.model_copy(update={"rows": heat_map.identified(self.rows)})


class RolloutSummary(ProgressSummary):
    """A line in the list of rollouts."""

    scale_set: ScaleSetIdField
    image: ImageChange = ImageChange()
    batch: int = 0
    batches: int = 0
    eta: datetime | None = None
    repairs: SuspendedRepairs | None = None

    def with_repairs(self, line: RepairsLine) -> "RolloutSummary":
        """This line of a rollout that has ended, with what has become of its repairs since."""
        return self.model_copy(update=_since_the_end(self, line))


def _since_the_end(shown: RolloutView | RolloutSummary, line: RepairsLine) -> dict[str, Any]:
    """What changes in it. Its message is about the end, and is not told anew."""
    if shown.repairs is None:
        return {}
    repairs = line.shown(shown.repairs)
    if repairs:
        return {"repairs": repairs}
    message = f"{shown.message} By now: {line.ended_with}."
    flag = {"repairs_suspended": False} if isinstance(shown, RolloutView) else {}
    return {"repairs": None, "message": message, **flag}


class StartedRollout(RolloutView):
    """The response to a start: the view, and Durable's own address of its status, unless a setting
    (ROLLOUT_STATUS_URI) leaves that out.
    """

    status_query_get_uri: str | None = None


class ManagementLinks(Value):
    """Durable's own management URIs, for the orchestration of that id. Each has a key in it that
    opens every orchestration of the app.
    """

    id: str
    status_query_get_uri: str
    send_event_post_uri: str
    terminate_post_uri: str
    suspend_post_uri: str
    resume_post_uri: str
    restart_post_uri: str
    rewind_post_uri: str
    purge_history_delete_uri: str
