"""What people see of a fleet rollout."""

from datetime import datetime
from typing import Any

from rollout.control import Control, the_end_of
from rollout.fleet_order import FleetOrder, WaveStatus, cells_of
from rollout.image import ImageRequest
from rollout.phase import Phase, Verb
from rollout.problem import shortened
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value
from rollout.view import Counts

_MESSAGE, _NOTICE = 2000, 400  # characters of JSON: a custom status holds 16 KB


class WaveView(Value):
    """A wave: a letter per scale set (see Cell), in the order in which they begin."""

    name: str
    cells: str
    counts: Counts
    message: str = ""


class FleetRolloutView(Value):
    """A fleet rollout as people see it; counts are of scale sets. `wave` is the number of the one
    that runs or ran last, 0 while none has begun.
    """

    id: str
    image: ImageRequest
    phase: Phase
    message: str
    notice: str | None = None
    verbs: list[Verb] = []
    wave: int = 0
    waves: list[WaveView] = []
    counts: Counts = Counts()
    percent: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    reason: str | None = None
    by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Like any value, but its own fields are always there, null when they have no value."""
        return self.model_dump(mode="json") | super().to_json()

    @classmethod
    def waiting(cls, order: FleetOrder) -> "FleetRolloutView":
        """One that has been accepted and has not begun."""
        cells = [cells_of(len(members)) for members in order.members]
        return cls.made(
            order, cells, phase=Phase.PENDING, message="Waiting to begin",
            verbs=fleet_verbs(Control().verbs(Phase.PENDING)),
        )  # fmt: skip

    @classmethod
    def made(cls, order: FleetOrder, cells: list[str], **told: Any) -> "FleetRolloutView":
        """One whose scale sets have these letters, wave by wave."""
        counts = Counts.of("".join(cells))
        waves = [
            WaveView(name=wave.name, cells=letters, counts=Counts.of(letters))
            for wave, letters in zip(order.request.waves, cells, strict=True)
        ]
        return cls(
            id=order.id,
            image=order.request.image,
            waves=waves,
            counts=counts,
            percent=counts.percent,
            reason=order.request.reason,
            by=order.request.by,
            **told,
        )

    @property
    def cells(self) -> list[str]:
        return [wave.cells for wave in self.waves]

    def taking_only_the_end(self) -> "FleetRolloutView":
        """This view of one that can hear but one more verb."""
        return self.model_copy(update={"verbs": the_end_of(self.verbs)})

    def status(self) -> dict[str, Any]:
        """What is published of it: what is not in the order, short enough for a custom status."""
        short = {
            "message": shortened(self.message, _MESSAGE),
            "notice": self.notice and shortened(self.notice, _NOTICE),
        }
        told = self.model_copy(update=short).model_dump(
            mode="json", exclude=_DERIVED, exclude_none=True
        )
        return {**told, "cells": self.cells}

    @classmethod
    def from_status(cls, status: dict[str, Any], order: FleetOrder) -> "FleetRolloutView":
        """The view that was published as `status`."""
        told = {name: value for name, value in status.items() if name != "cells"}
        known = cls.made(order, status["cells"], phase=Phase.PENDING, message="")
        return cls.from_json({**known.to_json(), **told})

    def with_wave(self, status: WaveStatus) -> "FleetRolloutView":
        """This view with the progress of the wave that is running. On the way back, a wave is about
        some of its scale sets only, and tells no more than its message.
        """
        waves = [
            wave.model_copy(
                update={
                    "cells": status.cells,
                    "counts": Counts.of(status.cells),
                    "message": status.message,
                }
            )
            if number == self.wave and len(status.cells) == len(wave.cells)
            else wave
            for number, wave in enumerate(self.waves, start=1)
        ]
        counts = Counts.of("".join(wave.cells for wave in waves))
        return self.model_copy(
            update={
                "waves": waves,
                "counts": counts,
                "percent": counts.percent,
                "message": status.message,
                "updated_at": status.updated_at,
            }
        )


_DERIVED = {"id", "image", "waves", "counts", "percent", "reason", "by"}


def fleet_verbs(verbs: list[Verb]) -> list[Verb]:
    """Retry and skip are about instances: those are told to the rollout that has them."""
    return [verb for verb in verbs if verb not in {Verb.RETRY, Verb.SKIP}]


class FleetSummary(Value):
    """A line of the list of fleet rollouts."""

    id: str
    image: ImageRequest
    phase: Phase
    message: str = ""
    wave: int = 0
    counts: Counts = Counts()
    percent: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @classmethod
    def of(cls, view: FleetRolloutView) -> "FleetSummary":
        """The line for one that is seen like this."""
        return cls.model_construct(**{name: getattr(view, name) for name in cls.model_fields})


class ScaleSetRow(Value):
    """A scale set of a fleet rollout: its wave, its rollout, and how that stands."""

    scale_set: ScaleSetIdField
    wave: str
    rollout_id: str
    state: str
    message: str = ""
