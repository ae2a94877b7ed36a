"""What the log of a fleet rollout says of it, once Durable has forgotten its status: it was
restarted under its own id.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from rollout.base import Cell, EventKind, Value
from rollout.fleet.order import FleetOrder, WaveOrder, WaveOutcome
from rollout.fleet.progress import FleetProgress
from rollout.fleet.wave import cell_after
from rollout.run import State, events_since_start


class RecalledFleet(Value):
    """Its cells, wave by wave, its last wave, and why members have failed, by the ids of their
    rollouts.
    """

    started_at: datetime
    wave: int
    cells: list[str]
    reasons: dict[str, str] = {}
    unverified: list[str] = []

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of its progress that this sets, by name."""
        shown = {name: getattr(self, name) for name in ("started_at", "wave", "reasons")}
        return {**shown, "cells": tuple(self.cells), "unverified": tuple(self.unverified)}


def recalled_fleet(order: FleetOrder, record: State | None) -> RecalledFleet | None:
    """What a fleet rollout has done, by its record; None if it had not begun."""
    events = events_since_start(record)
    if not events:
        return None
    log = _Log(order, datetime.fromisoformat(events[0]["at"]))
    for event in events:
        log.hear(event)
    progress = log.progress
    return RecalledFleet(
        started_at=progress.started_at,
        wave=progress.wave,
        cells=log.cells,
        reasons=progress.reasons,
        unverified=list(progress.unverified),
    )


def recalling_fleet(progress: FleetProgress, earlier: RecalledFleet) -> FleetProgress:
    """The progress with what its log says."""
    return replace(progress, **earlier.fields)


class _Log:
    """The log, line by line. What the rollouts of a wave have done counts until the wave says it
    all at its end.
    """

    def __init__(self, order: FleetOrder, began: datetime) -> None:
        fresh = order.model_copy(update={"resume": None, "rollback": None})
        self.progress = FleetProgress.begun(fresh, began)
        self._names = [wave.name for wave in order.request.waves]
        self._asked: WaveOrder | None = None
        self._members: dict[str, Cell] = {}

    def hear(self, event: State) -> None:
        evidence = event["evidence"]
        match event["kind"]:
            case EventKind.ROLLING_BACK:
                self.progress = replace(self.progress, rolling_back=True)
            case EventKind.WAVE_STARTED:
                self._wave_started(self._names.index(evidence["wave"]), event["at"])
            case EventKind.SCALE_SET_STARTED:
                self._members[evidence["rolloutId"]] = Cell.UPGRADING
            case EventKind.SCALE_SET_FINISHED:
                self._members[evidence["rolloutId"]] = cell_after(evidence["phase"])
            case EventKind.WAVE_FINISHED:
                self._wave_finished(self._names.index(evidence["wave"]), evidence)
            case _:
                pass

    def _wave_started(self, index: int, at: str) -> None:
        order = self.progress.order.wave(index, datetime.fromisoformat(at))
        back = self.progress.rolling_back
        self._asked = self.progress.only_moved(index, order) if back else order
        self.progress = self.progress.wave_started(index)

    def _wave_finished(self, index: int, evidence: State) -> None:
        outcome = WaveOutcome.from_json(evidence)
        if self._asked and len(outcome.cells) == len(self._asked.members):
            self.progress = self.progress.wave_finished(index, outcome, self._asked)
            self._members = {}

    @property
    def cells(self) -> list[str]:
        """Wave by wave, those of the wave that has no end as its rollouts have said."""
        members, cells = self.progress.order.members, self.progress.cells
        return [
            "".join(
                self._members.get(member.rollout_id, letter)
                for member, letter in zip(wave, letters, strict=True)
            )
            for wave, letters in zip(members, cells, strict=True)
        ]
