"""A fleet rollout as users see it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from rollout.base import LEFT_ALONE, LONGEST_MESSAGE, Cell, Phase, Value
from rollout.callbacks import ShownQuestion
from rollout.fleet.eta import WaveWork, estimate_end
from rollout.fleet.order import FleetMember, FleetOrder, WaveStatus, cells_of
from rollout.gates import STATIC, GateLine, completed
from rollout.inventory import ImageRequest, ScaleSetIdField
from rollout.run import (
    WAITING_TO_BEGIN,
    Control,
    Counts,
    ProgressSummary,
    ProgressView,
    RolloutSummary,
    RolloutView,
)


class InstanceCounts(Value):
    """How many instances the scale sets have, and how many of them are done. Of a scale set that
    has failed or was aborted, none counts as done; `leftAlone` need nothing.
    """

    total: int = 0
    done: int = 0
    left_alone: int = 0

    @property
    def percent(self) -> int | None:
        """None if there is nothing to move."""
        return 100 * self.done // self.moving if self.moving else None

    @property
    def moving(self) -> int:
        """How many are to be moved, or were."""
        return self.total - self.left_alone

    def plus(self, member: FleetMember, cell: Cell, live: Counts | None) -> "InstanceCounts":
        """With those of one more scale set; `live` are those of its rollout, if it is running."""
        total = live.total if live and live.total else member.weight
        done = total if cell is Cell.DONE else 0
        left = total if cell in LEFT_ALONE else 0
        if live and live.total:
            done, left = live.done, live.skipped
        return InstanceCounts(
            total=self.total + total, done=self.done + done, left_alone=self.left_alone + left
        )


class WaveView(Value):
    """A wave: a letter per scale set (see Cell), in the order in which they begin. `approval` is
    whether it has to be approved before it begins, `bakeAfter` how long it is watched at its end.
    """

    name: str
    cells: str
    counts: Counts
    message: str = ""
    instances: InstanceCounts = InstanceCounts()
    baking_until: datetime | None = None
    approval: Literal["none", "before"] = "none"
    bake_after: timedelta = timedelta(0)


_SHORTEST_MESSAGE, _ROOM_OF_A_GATE, _ROOM_OF_A_QUESTION = 500, 100, 70
"""In characters of JSON: the message is cut shorter if there are many gates."""
_NOT_PUBLISHED: Any = {
    "id": True,
    "image": True,
    "waves": True,
    "wave_count": True,
    "counts": True,
    "percent": True,
    "instances": True,
    "eta": True,
    "reason": True,
    "by": True,
    "notice": True,
    "gates": {"__all__": STATIC},
}


class FleetRolloutView(ProgressView):
    """A fleet rollout as users see it; counts are of scale sets, `instances` and `percent` of
    their instances. `wave` is the number of the current or last wave, 0 before the first has begun.
    `eta` is an estimate, and null while it waits for people or goes back. `gates` are those between
    its waves, each with its last answer; `questions` those whose answers are awaited at an address
    of the app's.
    """

    image: ImageRequest
    wave: int = 0
    wave_count: int = 0
    waves: list[WaveView] = []
    wave_began_at: datetime | None = None
    instances: InstanceCounts = InstanceCounts()
    eta: datetime | None = None
    gates: list[GateLine] = []
    questions: list[ShownQuestion] = []

    @property
    def step(self) -> int:
        return self.wave

    @classmethod
    def waiting(cls, order: FleetOrder) -> "FleetRolloutView":
        """The view of a fleet rollout that was accepted but has not begun."""
        cells = [cells_of(len(members)) for members in order.members]
        glass = Control().glass_verbs(Phase.PENDING) if order.held_up else []
        verbs = [*Control().verbs(Phase.PENDING), *glass]
        shown = {"message": WAITING_TO_BEGIN, "verbs": verbs, "version": order.version}
        return cls.made(order, cells, phase=Phase.PENDING, **shown)

    @classmethod
    def made(cls, order: FleetOrder, cells: list[str], **shown: Any) -> "FleetRolloutView":
        """The view with these cells, wave by wave; `shown` are other fields."""
        return cls(**cls._known(order, cells), **shown)

    @classmethod
    def from_status(cls, status: dict[str, Any], order: FleetOrder) -> "FleetRolloutView":
        """The view that was published as `status`, completed from the order."""
        gates = {"gates": completed(order.gates, status.get("gates", []))}
        known = cls._known(order, status["cells"])
        return cls.from_json({**known, **status, **gates}).with_notice()

    @staticmethod
    def _known(order: FleetOrder, cells: list[str]) -> dict[str, Any]:
        counts = Counts.of("".join(cells))
        waves = [
            WaveView(
                name=wave.name,
                cells=letters,
                counts=Counts.of(letters),
                instances=_counted(members, letters, {}),
                approval=wave.approval,
                bake_after=wave.bake_after,
            )
            for wave, members, letters in zip(
                order.request.waves, order.members, cells, strict=True
            )
        ]
        instances = _sum(waves)
        return {
            "id": order.id,
            "image": order.request.image,
            "waves": waves,
            "waveCount": len(waves),
            "counts": counts,
            "instances": instances,
            "percent": counts.percent if instances.percent is None else instances.percent,
            "reason": order.request.reason,
            "by": order.request.by,
        }

    @property
    def cells(self) -> list[str]:
        return [wave.cells for wave in self.waves]

    def published(self) -> dict[str, Any]:
        """The fields that the order does not have."""
        beside = _ROOM_OF_A_GATE * len(self.gates) + _ROOM_OF_A_QUESTION * len(self.questions)
        short = self.shortened(max(_SHORTEST_MESSAGE, LONGEST_MESSAGE - beside))
        shown = short.model_dump(mode="json", exclude=_NOT_PUBLISHED, exclude_none=True)
        empty = [name for name in ("gates", "questions") if not shown[name]]
        return {**{key: shown[key] for key in shown if key not in empty}, "cells": self.cells}

    def summary(self) -> "FleetSummary":
        return FleetSummary.of(self)

    def with_wave(self, status: WaveStatus) -> "FleetRolloutView":
        """This view with the progress of the running wave. In a rollback, a scale set that has yet
        to go back is what it was; and a wave that has only some of its scale sets tells only its
        message.
        """
        waves = list(self.waves)
        running = waves[self.wave - 1]
        if len(status.cells) == len(running.cells):
            letters = zip(status.cells, running.cells, strict=True)
            cells = "".join(was if new == Cell.PENDING else new for new, was in letters)
            shown = {**dict(status), "cells": cells, "counts": Counts.of(cells)}
            waves[self.wave - 1] = running.model_copy(update=_only(WaveView, shown))
        cells = "".join(wave.cells for wave in waves)
        return self.recounted(cells, status.message, status.updated_at, waves=waves)

    def weighed(
        self, order: FleetOrder, live: Mapping[str, Counts], now: datetime
    ) -> "FleetRolloutView":
        """With the instances of its scale sets; `live` are the counts of the rollouts under way, by
        their ids, as they were then.
        """
        waves = [
            wave.model_copy(update={"instances": _counted(members, wave.cells, live)})
            for wave, members in zip(self.waves, order.members, strict=True)
        ]
        instances = _sum(waves)
        percent = self.counts.percent if instances.percent is None else instances.percent
        shown = self.model_copy(update={"waves": waves, "instances": instances, "percent": percent})
        return shown.model_copy(update={"eta": shown.estimated(order, now)})

    def estimated(self, order: FleetOrder, now: datetime) -> datetime | None:
        """When it will be done, if it goes on now and that can be said."""
        if self.phase is not Phase.PROGRESSING or not self.wave or self.wave_began_at is None:
            return None
        rest = list(zip(order.request.waves, self.waves, strict=True))[self.wave - 1 :]
        work = [
            WaveWork(rules=rules, total=wave.instances.moving, done=wave.instances.done)
            for rules, wave in rest
        ]
        return estimate_end(now, self.wave_began_at, self.waves[self.wave - 1].baking_until, work)


def _counted(members: list[FleetMember], cells: str, live: Mapping[str, Counts]) -> InstanceCounts:
    counts = InstanceCounts()
    for member, letter in zip(members, cells, strict=True):
        counts = counts.plus(member, Cell(letter), live.get(member.rollout_id))
    return counts


def _sum(waves: list[WaveView]) -> InstanceCounts:
    return InstanceCounts(
        total=sum(wave.instances.total for wave in waves),
        done=sum(wave.instances.done for wave in waves),
        left_alone=sum(wave.instances.left_alone for wave in waves),
    )


def _only(kind: type[Value], fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in kind.model_fields}


class FleetSummary(ProgressSummary):
    """A line in the list of fleet rollouts."""

    image: ImageRequest
    wave: int = 0
    wave_count: int = 0
    instances: InstanceCounts = InstanceCounts()
    eta: datetime | None = None


class ScaleSetRow(Value):
    """A scale set of a fleet rollout: its wave, its rollout, and the state of that; the last four
    only if its rollout has begun.
    """

    scale_set: ScaleSetIdField
    wave: str
    rollout_id: str
    state: str
    message: str = ""
    phase: Phase | None = None
    counts: Counts | None = None
    percent: int | None = None
    eta: datetime | None = None

    def of_rollout(self, rollout: RolloutSummary | RolloutView) -> "ScaleSetRow":
        """With where its rollout stands."""
        shown = {
            "message": rollout.message,
            "phase": rollout.phase,
            "counts": rollout.counts,
            "percent": rollout.percent,
            "eta": rollout.eta,
        }
        return self.model_copy(update=shown)
