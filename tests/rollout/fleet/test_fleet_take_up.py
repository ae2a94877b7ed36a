"""A fleet rollout that broke off is taken up; and what only one may have."""

from datetime import timedelta
from typing import Any

import pytest
from builders import START, fleet_rollout

from rollout.base import Phase
from rollout.fleet import (
    FleetOrder,
    FleetProgress,
    WaveOutcome,
    fleet_attempts,
    fleet_lock_id,
    fleet_taken_up,
)
from rollout.fleet.order import FleetResumption, FleetRollbackRequest
from rollout.inventory import ScaleSetId
from rollout.run import Command, Control, Verb, lock_id

END = START + timedelta(days=30)
LATER = START + timedelta(hours=1)
SECOND = START + timedelta(minutes=30)
"""When the second wave began."""
PAUSE, ABORT, ROLLBACK, RETRY = (
    Command(verb=verb, by="ann") for verb in (Verb.PAUSE, Verb.ABORT, Verb.ROLLBACK, Verb.RETRY)
)
REASON = "CVE-2026-1234"
ORDER = fleet_rollout(2, 3, reason=REASON)


def under_way() -> FleetProgress:
    """Its first wave is through, its second under way."""
    progress = FleetProgress.begun(ORDER, START).wave_started(0, START)
    done = progress.wave_finished(0, WaveOutcome(cells="df"), ORDER.wave(0, END))
    return done.wave_started(1, SECOND)


def recorded(progress: FleetProgress) -> dict[str, Any]:
    """Its record, in which seven events were written by the fleet rollout itself."""
    back: dict[str, Any] = {
        "kind": "rollingBack",
        "message": "Rolling back. Bad image",
        "evidence": {},
    }
    finished: dict[str, Any] = {
        "kind": "waveFinished",
        "message": "",
        "evidence": {"reasons": {"m2": "sick"}},
    }
    begun: dict[str, Any] = {
        "kind": "waveStarted",
        "at": START.isoformat(),
        "message": "",
        "evidence": {"wave": ORDER.request.waves[0].name},
    }
    events = [finished, begun, *([back] if progress.rolling_back else [])]
    placed = [{**event, "position": [7 - number]} for number, event in enumerate(events)]
    return {"baseline": None, "reasons": {}, "events": placed}


def resumed(progress: FleetProgress, command: Command | None = None) -> FleetResumption:
    """What it goes on from after it broke off in that state."""
    view = progress.view(START)
    order = fleet_taken_up(progress.order, view, recorded(progress), "its worker died", command)
    assert order.resume is not None
    assert order.model_copy(update={"resume": None}) == progress.order
    return order.resume


def test_what_is_known_of_it_is_handed_on() -> None:
    resume = resumed(under_way())
    assert (resume.cells, resume.wave, resume.started_at) == (["df", "ppp"], 2, START)
    assert (resume.reason, resume.events, resume.attempt) == ("its worker died", 7, 1)
    assert resume.reasons == {"m2": "sick"}


def test_it_goes_on_where_it_was() -> None:
    order = ORDER.model_copy(update={"resume": resumed(under_way().apply(PAUSE))})
    progress = FleetProgress.begun(order, LATER)
    assert (progress.wave_before_began_at, progress.wave_began_at) == (START, SECOND)
    assert (progress.cells, progress.wave, progress.started_at) == (("df", "ppp"), 2, START)
    assert progress.control == Control(paused=PAUSE)


def test_a_rollback_that_is_taken_up_begins_where_it_broke_off() -> None:
    back = FleetRollbackRequest(command=ROLLBACK, cells=["dd", "ddd"], started_at=START)
    resume = FleetResumption(cells=["dd", "rrp"], wave=2, attempt=1, reason="x")
    order = ORDER.model_copy(update={"rollback": back, "resume": resume})
    progress = FleetProgress.begun(order, LATER)
    assert (progress.cells, progress.wave, progress.started_at) == (("dd", "rrp"), 2, LATER)


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        pytest.param([PAUSE], None, Control(paused=PAUSE), id="a pause stays"),
        pytest.param([ABORT], None, Control(ending=ABORT), id="an abort stays"),
        pytest.param([PAUSE], RETRY, Control(), id="a retry ends a pause"),
        pytest.param([], ABORT, Control(ending=ABORT), id="an abort applies"),
        pytest.param([], ROLLBACK, Control(ending=ROLLBACK), id="a rollback applies"),
    ],
)
def test_what_the_operator_wants_of_a_fleet_rollout_holds_on(
    before: list[Command], command: Command | None, after: Control
) -> None:
    progress = under_way()
    for said in before:
        progress = progress.apply(said)
    assert resumed(progress, command).control == after


def test_a_fleet_rollout_that_was_rolling_back_goes_on_rolling_back() -> None:
    assert resumed(under_way()).rolling_back is None
    assert resumed(under_way().starting_rollback().wave_started(0)).rolling_back == "Bad image"


def test_a_fleet_rollback_that_an_unexpected_error_ended_goes_on_as_a_rollback() -> None:
    """Its last view says Failed, and it must not go forward again."""
    back = under_way().starting_rollback().finished(Phase.FAILED, "x", START, unforeseen=True)
    assert Verb.RETRY in back.verbs
    assert resumed(back, RETRY).rolling_back


@pytest.mark.parametrize(("wave", "count"), [(2, 2), (1, 0), (3, 0)])
def test_attempts_are_counted_within_a_wave(wave: int, count: int) -> None:
    resume = resumed(under_way()).model_copy(update={"attempt": 2})
    assert fleet_attempts(ORDER.model_copy(update={"resume": resume}), wave) == count
    assert fleet_attempts(ORDER, wave) == 0


def test_one_more_attempt_is_counted_when_it_is_taken_up_in_the_same_wave() -> None:
    once = fleet_taken_up(ORDER, under_way().view(START), None, "x")
    twice = fleet_taken_up(once, FleetProgress.begun(once, LATER).view(LATER), None, "x")
    assert twice.resume is not None
    assert (twice.resume.attempt, twice.resume.started_at) == (2, START)


@pytest.mark.parametrize("unforeseen", [True, False])
def test_after_an_unforeseen_end_of_a_fleet_rollout_a_retry_is_offered(*, unforeseen: bool) -> None:
    ended = under_way().finished(Phase.FAILED, "x", LATER, unforeseen=unforeseen)
    assert ended.verbs == [*([Verb.RETRY] if unforeseen else []), Verb.ROLLBACK]
    nothing = FleetProgress.begun(ORDER, START)
    ended = nothing.finished(Phase.FAILED, "x", LATER, unforeseen=unforeseen)
    assert ended.verbs == ([Verb.RETRY, Verb.ROLLBACK] if unforeseen else [])


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.SKIP])
def test_a_fleet_rollout_that_runs_takes_neither_a_retry_nor_a_skip(verb: Verb) -> None:
    assert verb not in under_way().verbs


def test_the_same_fleet_rollout_sent_twice_has_one_fingerprint() -> None:
    again = fleet_taken_up(ORDER, under_way().view(START), None, "x")
    assert again.fingerprint == ORDER.fingerprint == fleet_rollout(2, 3, reason=REASON).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(fleet_rollout(2, 2, reason=REASON), id="other scale sets"),
        pytest.param(fleet_rollout(2, 3, reason="other"), id="another reason"),
        pytest.param(ORDER.model_copy(update={"id": "f2"}), id="another id"),
        pytest.param(
            ORDER.model_copy(
                update={
                    "rollback": FleetRollbackRequest(command=ROLLBACK, cells=[], started_at=START)
                }
            ),
            id="its rollback",
        ),
    ],
)
def test_another_fleet_rollout_has_another_fingerprint(other: FleetOrder) -> None:
    assert other.fingerprint != ORDER.fingerprint


def test_the_rollback_of_a_fleet_rollout_is_another_instance() -> None:
    back: dict[str, Any] = {
        "rollback": FleetRollbackRequest(command=ROLLBACK, cells=[], started_at=START)
    }
    assert ORDER.instance_id == "f1"
    assert ORDER.model_copy(update=back).instance_id == "f1:rollback"


def test_every_fleet_rollout_takes_its_scale_sets_in_the_same_order() -> None:
    """Two that want the same two can so never hold one each."""
    turned = ORDER.model_copy(
        update={"members": [list(each[::-1]) for each in ORDER.members[::-1]]}
    )
    assert turned.scale_sets == ORDER.scale_sets
    assert len(set(map(str, ORDER.scale_sets))) == 5


def test_a_scale_set_has_one_lock_for_fleets_and_one_for_rollouts() -> None:
    web = ScaleSetId("s-1", "demo", "web")
    assert fleet_lock_id(web) == fleet_lock_id(ScaleSetId("S-1", "DEMO", "WEB"))
    assert fleet_lock_id(web) != lock_id(web)
