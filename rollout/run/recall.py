"""What the log of a rollout says of it, once Durable has forgotten its status: it was restarted
under its own id.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from rollout.base import Cell, EventKind, Phase, Value
from rollout.batch import BatchOutcome
from rollout.inventory import HeatMap, ImageChange, Inventory
from rollout.plan import Batch
from rollout.run.baseline import Baseline
from rollout.run.handover import Handover
from rollout.run.log import State
from rollout.run.progress import Progress
from rollout.run.record import events_since_start, model_was_set
from rollout.run.tally import Tally

_OF_THE_WATCH = {
    EventKind.BROKEN_OFF,
    EventKind.REPAIRS_RESTORED,
    EventKind.REPAIRS_NOT_RESTORED,
}


class Recalled(Value):
    """Its images, its last batch, the packed inventory from before it, and by instance id what it
    has done. `touched` is empty, and `model_set` false, if all of that was put back.
    """

    image: ImageChange
    baseline: dict[str, Any]
    batch: int = 0
    started_at: datetime | None = None
    model_set: bool = False
    cells: dict[str, Cell] = {}
    touched: dict[str, int] = {}
    reasons: dict[str, str] = {}

    @property
    def goes_back(self) -> bool:
        """Whether there is something to put back."""
        return bool(self.touched or self.model_set)


class Resumed(Protocol):
    """How something goes on that broke off."""

    @property
    def attempt(self) -> int: ...
    @property
    def events(self) -> int: ...


class SentBack(Protocol):
    """How something goes back that has ended."""

    @property
    def events(self) -> int: ...


class Start(Protocol):
    """What an orchestration was started with."""

    @property
    def run(self) -> str: ...
    @property
    def resume(self) -> Resumed | None: ...
    @property
    def rollback(self) -> SentBack | None: ...


def begun_before(start: Start, record: State | None) -> bool:
    """Whether an orchestration has begun with that very start, by its log: then this one was
    restarted, and would take what it has left for what was there before.
    """
    events: list[State] = (record or {}).get("events", [])
    return any(_begins_with(start, event) for event in events)


def gone_on(handed: Handover, record: State | None) -> bool:
    """Whether the generation that was handed that has done something, by its log: then it was
    restarted. What the watch has written since is not its own.
    """
    events: list[State] = (record or {}).get("events", [])
    own = [each for each in events if each["kind"] not in _OF_THE_WATCH]
    return any(next(iter(each.get("position", [])), 0) > handed.events for each in own)


def _begins_with(start: Start, event: State) -> bool:
    evidence, number = event["evidence"], next(iter(event.get("position", [])), 0)
    match event["kind"]:
        case EventKind.TAKEN_UP if resume := start.resume:
            return number > resume.events and evidence.get("attempt") == resume.attempt
        case EventKind.ROLLING_BACK if start.rollback and not start.resume:
            return number > start.rollback.events
        case EventKind.STARTED if not (start.resume or start.rollback):
            return bool(start.run) and evidence.get("run") == start.run
        case _:
            return False


def recalled(record: State | None) -> Recalled | None:
    """What a rollout has done, by its record; None if it had not come to a plan."""
    events = events_since_start(record)
    plans = [each["evidence"] for each in events if each["kind"] == EventKind.PLANNED]
    if record is None or not record.get("baseline") or not plans:
        return None
    tally, batch = _done(events)
    back = _ended_in(events) == Phase.ROLLED_BACK
    return Recalled(
        image=ImageChange.from_json(plans[0]["image"]),
        baseline=record["baseline"],
        batch=batch,
        started_at=datetime.fromisoformat(events[0]["at"]),
        model_set=not back and model_was_set({**record, "events": events}),
        cells=dict(tally.cells),
        touched={} if back else dict(tally.touched),
        reasons=record.get("reasons", {}),
    )


def recalling(progress: Progress, earlier: Recalled) -> Progress:
    """The progress with what its log says."""
    instances = Inventory.unpack(earlier.baseline).instances
    return replace(
        progress,
        image=earlier.image,
        baseline=Baseline.unpack(earlier.baseline),
        batch=earlier.batch,
        batches=earlier.batch,
        model_set=earlier.model_set,
        started_at=earlier.started_at or progress.started_at,
        tally=Tally(cells=earlier.cells, reasons=earlier.reasons, touched=earlier.touched),
        heat_map=HeatMap.of(instances, progress.order.request.policy.batch_by),
    )


def _ended_in(events: Iterable[State]) -> str:
    """The phase in which it has ended; empty if it has not, or has begun again since."""
    phase = ""
    for each in events:
        if each["kind"] == EventKind.FINISHED:
            phase = str(each["evidence"].get("phase", ""))
        elif each["kind"] in {EventKind.ROLLING_BACK, EventKind.TAKEN_UP}:
            phase = ""
    return phase


def _done(events: Iterable[State]) -> tuple[Tally, int]:
    """What has become of every instance, and the number of the last batch. Of a batch that has no
    end in the log anything may have been sent.
    """
    tally, begun = Tally(), dict[int, Batch]()
    last = 0
    for each in events:
        evidence = each["evidence"]
        match each["kind"]:
            case EventKind.PLANNED:
                tally = _planned(tally, evidence)
            case EventKind.BATCH_STARTED:
                batch = Batch.from_json(evidence)
                begun[batch.number], last = batch, max(last, batch.number)
            case EventKind.BATCH_FINISHED if batch := begun.pop(evidence["number"], None):
                outcome = BatchOutcome.from_json(evidence)
                tally = tally.after(batch.number, batch.instance_ids, outcome)
            case _:
                pass
    for batch in begun.values():
        sent = BatchOutcome(cells=Cell.UPGRADING.value * len(batch.instance_ids))
        tally = tally.after(batch.number, batch.instance_ids, sent)
    return tally, last


def _planned(tally: Tally, plan: State) -> Tally:
    """With the instances that this plan is the first to name."""
    skipped = [each for ids in plan["skipped"].values() for each in ids]
    moving = [each for batch in plan["batches"] for each in batch["instanceIds"]]
    new = dict.fromkeys(skipped, Cell.SKIPPED) | dict.fromkeys(moving, Cell.PENDING)
    return replace(tally, cells={**new, **tally.cells})
