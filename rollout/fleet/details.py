"""A fleet rollout as it is answered: with what follows from its view."""

from enum import StrEnum
from typing import Self

from rollout.base import LEFT_ALONE, NOT_ARRIVED, Cell, Phase
from rollout.fleet.consequences import fleet_consequences_of
from rollout.fleet.view import FleetRolloutView, FleetSummary, WaveView
from rollout.run import Need, Verb, need_of, until_decided


class WaveState(StrEnum):
    """Where a wave stands. failed: some of its scale sets have not arrived."""

    PENDING = "pending"
    AWAITING_APPROVAL = "awaitingApproval"
    RUNNING = "running"
    BAKING = "baking"
    DONE = "done"
    FAILED = "failed"
    ROLLED_BACK = "rolledBack"


class WaveDetails(WaveView):
    """A wave, and where it stands."""

    state: WaveState = WaveState.PENDING


class FleetDetails(FleetRolloutView):
    """A fleet rollout as users see it, with what it needs people for (`needs`, null if it does
    not), what each verb would do now (`consequences`), and how far its event log goes
    (`lastEvent`): what `after` takes for what comes then.
    """

    waves: list[WaveDetails] = []  # pyright: ignore[reportIncompatibleVariableOverride]
    needs: Need | None = None
    consequences: dict[Verb, str] = {}
    last_event: str = ""

    @classmethod
    def of(cls, view: FleetRolloutView, last_event: str) -> Self:
        waves = [
            WaveDetails(**dict(wave), state=_state(view, number, wave))
            for number, wave in enumerate(view.waves, start=1)
        ]
        gates = [until_decided(gate, view.waits) for gate in view.gates]
        shown = view.model_copy(update={"waves": waves, "gates": gates})
        return cls.model_construct(
            **dict(shown),
            needs=need_of(view),
            consequences=fleet_consequences_of(view),
            last_event=last_event,
        )


class ListedFleet(FleetSummary):
    """A line in the list, with what the fleet rollout needs people for; null if it does not."""

    needs: Need | None = None

    @classmethod
    def of_line(cls, line: FleetSummary) -> Self:
        return cls.model_construct(**dict(line), needs=need_of(line))


def _state(view: FleetRolloutView, number: int, wave: WaveView) -> WaveState:
    cells = {Cell(letter) for letter in wave.cells}
    running = number == view.wave and not view.phase.ended
    if view.phase is Phase.AWAITING_APPROVAL and number == view.wave + 1:
        return WaveState.AWAITING_APPROVAL
    if running and wave.baking_until:
        return WaveState.BAKING
    if running and not cells <= {Cell.DONE, *LEFT_ALONE, *NOT_ARRIVED}:
        return WaveState.RUNNING
    if cells & NOT_ARRIVED:
        return WaveState.FAILED
    if Cell.ROLLED_BACK in cells:
        return WaveState.ROLLED_BACK
    return WaveState.DONE if number <= view.wave and Cell.PENDING not in cells else _PENDING


_PENDING = WaveState.PENDING
