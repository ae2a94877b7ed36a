"""A fleet rollout as users see it."""

from typing import Any

from rollout.base import Phase, Value
from rollout.fleet.order import FleetOrder, WaveStatus, cells_of
from rollout.inventory import ImageRequest, ScaleSetIdField
from rollout.run import (
    WAITING_TO_BEGIN,
    Control,
    Counts,
    ProgressSummary,
    ProgressView,
    fleet_verbs,
)


class WaveView(Value):
    """A wave: a letter per scale set (see Cell), in the order in which they begin."""

    name: str
    cells: str
    counts: Counts
    message: str = ""


_NOT_PUBLISHED = {"id", "image", "waves", "counts", "percent", "reason", "by", "notice"}


class FleetRolloutView(ProgressView):
    """A fleet rollout as users see it; counts are of scale sets. `wave` is the number of the
    current or last wave, 0 before the first has begun.
    """

    image: ImageRequest
    wave: int = 0
    waves: list[WaveView] = []

    @property
    def step(self) -> int:
        return self.wave

    @classmethod
    def waiting(cls, order: FleetOrder) -> "FleetRolloutView":
        """The view of a fleet rollout that was accepted but has not begun."""
        cells = [cells_of(len(members)) for members in order.members]
        verbs = fleet_verbs(Control().verbs(Phase.PENDING))
        shown = {"message": WAITING_TO_BEGIN, "verbs": verbs, "version": order.version}
        return cls.made(order, cells, phase=Phase.PENDING, **shown)

    @classmethod
    def made(cls, order: FleetOrder, cells: list[str], **shown: Any) -> "FleetRolloutView":
        """The view with these cells, wave by wave; `shown` are other fields."""
        return cls(**cls._known(order, cells), **shown)

    @classmethod
    def from_status(cls, status: dict[str, Any], order: FleetOrder) -> "FleetRolloutView":
        """The view that was published as `status`, completed from the order."""
        return cls.from_json({**cls._known(order, status["cells"]), **status}).with_notice()

    @staticmethod
    def _known(order: FleetOrder, cells: list[str]) -> dict[str, Any]:
        counts = Counts.of("".join(cells))
        waves = [
            WaveView(name=wave.name, cells=letters, counts=Counts.of(letters))
            for wave, letters in zip(order.request.waves, cells, strict=True)
        ]
        return {
            "id": order.id,
            "image": order.request.image,
            "waves": waves,
            "counts": counts,
            "percent": counts.percent,
            "reason": order.request.reason,
            "by": order.request.by,
        }

    @property
    def cells(self) -> list[str]:
        return [wave.cells for wave in self.waves]

    def published(self) -> dict[str, Any]:
        """The fields that the order does not have."""
        shown = self.shortened().model_dump(mode="json", exclude=_NOT_PUBLISHED, exclude_none=True)
        return {**shown, "cells": self.cells}

    def summary(self) -> "FleetSummary":
        return FleetSummary.of(self)

    def with_wave(self, status: WaveStatus) -> "FleetRolloutView":
        """This view with the progress of the running wave. In a rollback, a wave has only some of
        its scale sets, and only its message is shown.
        """
        waves = list(self.waves)
        running = waves[self.wave - 1]
        if len(status.cells) == len(running.cells):
            shown = {"counts": Counts.of(status.cells), **dict(status)}
            waves[self.wave - 1] = WaveView(name=running.name, **_only(WaveView, shown))
        cells = "".join(wave.cells for wave in waves)
        return self.recounted(cells, status.message, status.updated_at, waves=waves)


def _only(kind: type[Value], fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in kind.model_fields}


class FleetSummary(ProgressSummary):
    """A line in the list of fleet rollouts."""

    image: ImageRequest
    wave: int = 0


class ScaleSetRow(Value):
    """A scale set of a fleet rollout: its wave, its rollout, and the state of that."""

    scale_set: ScaleSetIdField
    wave: str
    rollout_id: str
    state: str
    message: str = ""
