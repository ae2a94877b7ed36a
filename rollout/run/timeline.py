"""When each batch of a rollout went through which step, told from its event log."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from rollout.base import Cell, EventKind, Value
from rollout.plan import Batch
from rollout.run.view import RolloutView

type Events = Sequence[dict[str, Any]]


class StepName(StrEnum):
    """What is done with a batch. checks: the scale set is looked at until the batch may be sent.
    upgrade: Azure puts the image on its instances. boot: they start until they are healthy.
    stable: they have to stay healthy. bake: so does the canary, for longer.
    """

    CHECKS = "checks"
    UPGRADE = "upgrade"
    BOOT = "boot"
    STABLE = "stable"
    BAKE = "bake"


class BatchState(StrEnum):
    """What has become of a batch. stopped: it ended before all of its instances were through."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class BatchStep(Value):
    """A step of a batch; `endedAt` is left out while it lasts."""

    step: StepName
    began_at: datetime
    ended_at: datetime | None = None


class TimelineBatch(Value):
    """A batch and its steps so far; `cells` has a letter per instance once it has ended."""

    number: int
    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    canary: bool = False
    instance_ids: list[str]
    place: str = ""
    state: BatchState = BatchState.PLANNED
    rolling_back: bool = False
    cells: str | None = None
    began_at: datetime | None = None
    sent_at: datetime | None = None
    upgraded_at: datetime | None = None
    healthy_at: datetime | None = None
    ended_at: datetime | None = None
    steps: list[BatchStep] = []

    def ended(self, event: dict[str, Any]) -> Self:
        """With what the event says with which it ended."""
        found: dict[str, Any] = event["evidence"]
        letters = {Cell(letter) for letter in found["cells"]}
        stopped = found.get("halt") or found.get("held")
        state = BatchState.FAILED if Cell.FAILED in letters else BatchState.DONE
        times = {"upgraded_at": found.get("upgradedAt"), "healthy_at": found.get("healthyAt")}
        return self._with(
            ended_at=event["at"],
            cells=found["cells"],
            state=BatchState.STOPPED if stopped else state,
            **times,
        )

    def under_way(self, view: RolloutView) -> Self:
        """As the running one of that rollout, or as one that nobody has seen to its end."""
        if not (view.batch_began_at and view.batch == self.number):
            return self.model_copy(update={"state": BatchState.STOPPED})
        times = {"upgraded_at": view.batch_upgraded_at, "healthy_at": view.batch_healthy_at}
        return self.model_copy(update={"state": BatchState.RUNNING, **times})

    def sent(self, event: dict[str, Any]) -> Self:
        return self if self.sent_at else self._with(sent_at=event["at"])

    def _with(self, **fields: Any) -> Self:
        """With these, as they stand in an event."""
        return self.model_validate({**dict(self), **fields}, by_name=True)

    def with_steps(self) -> Self:
        """With its steps, one after another."""
        place = Batch.model_construct(**dict(self)).place
        return self.model_copy(update={"steps": list(self._steps()), "place": place})

    def _steps(self) -> Iterator[BatchStep]:
        last = StepName.BAKE if self.canary and not self.rolling_back else StepName.STABLE
        moments = [
            (StepName.CHECKS, self.began_at),
            (StepName.UPGRADE, self.sent_at),
            (StepName.BOOT, self.upgraded_at),
            (last, self.healthy_at),
        ]
        known = [(name, moment) for name, moment in moments if moment]
        ends = [*(moment for _, moment in known[1:]), self.ended_at]
        for (name, began), end in zip(known, ends, strict=False):
            yield BatchStep(step=name, began_at=began, ended_at=end)


def timeline_of(events: Events, view: RolloutView) -> list[TimelineBatch]:
    """The batches that have begun, in order, and those that the last plan has after them."""
    begun = [each if each.ended_at else each.under_way(view) for each in _begun(events).values()]
    return [each.with_steps() for each in [*begun, *_to_come(events, begun, view)]]


def _begun(events: Events) -> dict[int, TimelineBatch]:
    """By the position of the event with which each began: its other events stand within that."""
    found: dict[int, TimelineBatch] = {}
    back = False
    for event in events:
        position: list[int] = event.get("position") or [0]
        match event["kind"]:
            case EventKind.ROLLING_BACK:
                back = True
            case EventKind.BATCH_STARTED:
                began = {**event["evidence"], "beganAt": event["at"], "rollingBack": back}
                found[position[0]] = TimelineBatch.from_json(began)
            case EventKind.UPGRADE_SENT if position[0] in found:
                found[position[0]] = found[position[0]].sent(event)
            case EventKind.BATCH_FINISHED:
                _end(found, event)
            case _:
                pass
    return found


def _end(found: dict[int, TimelineBatch], event: dict[str, Any]) -> None:
    """The one that began last is the one that has ended."""
    for at in reversed(found):
        if found[at].number == event["evidence"].get("number"):
            found[at] = found[at].ended(event)
            return


def _to_come(
    events: Events, begun: list[TimelineBatch], view: RolloutView
) -> Iterator[TimelineBatch]:
    """The batches of the last plan of which no instance was sent since."""
    plans = [event for event in events if event["kind"] == EventKind.PLANNED]
    if view.phase.ended or not plans or any(batch.rolling_back for batch in begun):
        return
    planned_at = datetime.fromisoformat(plans[-1]["at"])
    since = [batch for batch in begun if batch.began_at and batch.began_at >= planned_at]
    sent = {each for batch in since for each in batch.instance_ids}
    number = begun[-1].number if begun else 0
    for planned in map(TimelineBatch.from_json, plans[-1]["evidence"].get("batches", [])):
        if sent.isdisjoint(planned.instance_ids):
            number += 1
            yield planned.model_copy(update={"number": number})
