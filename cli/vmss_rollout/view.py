"""A rollout or a fleet rollout, as the screen and a line show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from vmss_rollout.gates import GateLine, gate_lines
from vmss_rollout.names import group
from vmss_rollout.values import Json, lines, moment, number, part, text, words

WAITS_FOR = {"approval", "decision", "resume"}
"""What it needs people for before it goes on. What else it may need does not hold it up."""


@dataclass(frozen=True)
class Need:
    """What it needs people for, and that in a sentence."""

    what: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A row of the heat map: a letter per instance, or per scale set."""

    label: str
    cells: str


@dataclass(frozen=True)
class View:
    """What there is to see of it at one moment. `before` and `after` are images."""

    id: str
    title: str
    phase: str
    message: str
    percent: int
    notice: str
    before: Json
    after: Json
    counts: Json
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime | None
    eta: datetime | None
    rows: list[Row]
    need: Need | None = None
    verbs: list[str] = field(default_factory=list[str])
    consequences: Mapping[str, str] = field(default_factory=dict[str, str])
    gates: list[GateLine] = field(default_factory=list[GateLine])
    opens_at: datetime | None = None
    """Until when it waits for a window."""
    unit: str = ""
    """What its counts are of, if that is not instances."""

    @classmethod
    def of_rollout(cls, body: Json) -> Self:
        """From GET /api/rollouts/{id}."""
        image = part(body, "image")
        rows = [Row(place(row), text(row, "cells")) for row in lines(body, "rows")]
        return cls._of(body, scale_set(text(body, "scaleSet")), image, rows, "")

    @classmethod
    def of_fleet(cls, body: Json) -> Self:
        """From GET /api/fleet-rollouts/{id}: a row per wave, a cell per scale set."""
        rows = [Row(text(row, "name"), text(row, "cells")) for row in lines(body, "waves")]
        title = f"fleet rollout {text(body, 'id')}"
        return cls._of(body, title, {"to": body.get("image")}, rows, "scale set")

    @classmethod
    def _of(cls, body: Json, title: str, image: Json, rows: list[Row], unit: str) -> Self:
        need, would = part(body, "needs"), part(body, "consequences")
        return cls(
            id=text(body, "id"),
            title=title,
            phase=text(body, "phase"),
            message=text(body, "message"),
            percent=number(body, "percent"),
            notice=text(body, "notice"),
            before=part(image, "from"),
            after=part(image, "to"),
            counts=part(body, "counts"),
            started_at=moment(body, "startedAt"),
            finished_at=moment(body, "finishedAt"),
            updated_at=moment(body, "updatedAt"),
            eta=moment(body, "eta"),
            rows=rows,
            need=Need(text(need, "what"), text(need, "sentence")) if need else None,
            verbs=words(body, "verbs"),
            consequences={verb: text(would, verb) for verb in would},
            gates=gate_lines(body),
            opens_at=moment(body, "opensAt"),
            unit=unit,
        )

    @property
    def ended(self) -> bool:
        return self.finished_at is not None

    @property
    def needed(self) -> str:
        """The sentence that says what it needs people for; "" if the message says it already."""
        said = self.need.sentence if self.need else ""
        return "" if said == self.message else said

    @property
    def waits(self) -> bool:
        """Whether it does not go on until somebody has said something; a notice is that somebody
        has.
        """
        needed = self.need is not None and self.need.what in WAITS_FOR
        return needed and not self.ended and not self.notice


def scale_set(arm_id: str) -> str:
    """A scale set and its resource group: "web (resource group demo)"."""
    parts = arm_id.split("/")
    return f"{parts[8]} (resource group {group(parts[4])})" if len(parts) > 8 else arm_id  # noqa: PLR2004


def place(row: Json) -> str:
    """Which part of the scale set a row is: "zone 1, update domain 0"."""
    parts = [
        ("zone", row.get("zone")),
        ("update domain", row.get("updateDomain")),
        ("fault domain", row.get("faultDomain")),
    ]
    named = [f"{word} {number}" for word, number in parts if number is not None]
    return ", ".join(named) or "all instances"
