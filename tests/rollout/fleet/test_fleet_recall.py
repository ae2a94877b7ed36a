"""What the log of a fleet rollout says of it, once its status is lost."""

from typing import Any

import pytest
from builders import START, fleet_rollout, seconds

from rollout.base import EventKind, Phase
from rollout.fleet import FleetProgress, WaveOutcome, recalled_fleet, recalling_fleet
from rollout.run import State

ORDER = fleet_rollout(2, 1)
IDS = [[member.rollout_id for member in members] for members in ORDER.members]
STARTED, BACK = EventKind.STARTED, EventKind.ROLLING_BACK


def line(kind: EventKind, **evidence: Any) -> State:
    return {"at": (START + seconds(60)).isoformat(), "kind": kind, "evidence": evidence}


def begins(rollout_id: str) -> State:
    return line(EventKind.SCALE_SET_STARTED, rolloutId=rollout_id)


def ends(rollout_id: str, phase: Phase) -> State:
    return line(EventKind.SCALE_SET_FINISHED, rolloutId=rollout_id, phase=phase)


def wave(number: int, cells: str = "", **outcome: Any) -> list[State]:
    """Its lines; without cells it has no end."""
    begun = line(EventKind.WAVE_STARTED, wave=f"wave-{number}")
    said = WaveOutcome(cells=cells, **outcome).to_json()
    ended = [line(EventKind.WAVE_FINISHED, wave=f"wave-{number}", **said)] if cells else []
    return [begun, *ended]


@pytest.mark.parametrize(
    ("events", "cells"),
    [
        pytest.param([], ["pp", "p"], id="nothing had begun"),
        pytest.param([*wave(1), begins(IDS[0][0])], ["up", "p"], id="in the middle of a wave"),
        pytest.param(
            [*wave(1), begins(IDS[0][0]), ends(IDS[0][0], Phase.SUCCEEDED)],
            ["dp", "p"],
            id="one is through",
        ),
        pytest.param([*wave(1, "df"), *wave(2, "d")], ["df", "d"], id="to its end"),
        pytest.param([*wave(1, "df"), line(BACK), *wave(1, "rf")], ["rf", "p"], id="back"),
        pytest.param(
            [*wave(1, "dk"), line(BACK), *wave(1, "r")], ["rk", "p"], id="back, but for one"
        ),
        pytest.param(
            [*wave(1, "dd"), line(BACK), *wave(1), begins(IDS[0][1])],
            ["du", "p"],
            id="in the middle of the way back",
        ),
        pytest.param(
            [*wave(1, "dd"), line(BACK), *wave(1, "rp"), *wave(1, "r")], ["rr", "p"], id="again"
        ),
        pytest.param(
            [*wave(1, "dd"), line(STARTED), *wave(1)], ["pp", "p"], id="another one of that id"
        ),
        pytest.param([*wave(1, "d")], ["pp", "p"], id="a wave that was refused"),
    ],
)
def test_the_log_says_what_its_status_said(events: list[State], cells: list[str]) -> None:
    known = recalled_fleet(ORDER, {"events": [line(STARTED), *events]})
    assert known
    assert known.cells == cells


def test_what_is_recalled_is_as_if_it_had_not_been_forgotten() -> None:
    why = {IDS[0][1]: "no quota"}
    events = [line(STARTED), *wave(1, "df", reasons=why), *wave(2, "d", unverified=True)]
    known = recalled_fleet(ORDER, {"events": events})
    assert known
    progress = recalling_fleet(FleetProgress.begun(ORDER, START + seconds(999)), known)
    assert (progress.reasons, progress.unverified, progress.wave) == (why, ("wave-2",), 2)
    assert progress.started_at == START + seconds(60)
    assert progress.moved_waves == [1, 0]


@pytest.mark.parametrize("record", [None, {"events": []}])
def test_of_one_that_had_not_begun_nothing_is_known(record: State | None) -> None:
    assert recalled_fleet(ORDER, record) is None
