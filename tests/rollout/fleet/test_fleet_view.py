"""What people see of a fleet rollout."""

import json
from datetime import timedelta

import pytest
from builders import START, fleet_rollout, seconds

from rollout.base import Phase
from rollout.fleet import FleetProgress, FleetRolloutView, FleetSummary, WaveOutcome, WaveStatus
from rollout.run import Command, Counts, Verb

ORDER = fleet_rollout(2, 3, reason="CVE-2026-1234", by="ann")
END = START + timedelta(days=30)
CUSTOM_STATUS = 16 * 1024
"""Bytes of UTF-16 JSON that Durable takes as a custom status (Durable extension source)."""


def running(wave: int = 0, *, rolling_back: bool = False) -> FleetRolloutView:
    """The view of a fleet rollout in which that wave has just begun."""
    progress = FleetProgress.begun(ORDER, START)
    if rolling_back:
        outcome = WaveOutcome(cells="dfd")
        progress = progress.wave_finished(1, outcome, ORDER.wave(1, END)).starting_rollback()
    return progress.wave_started(wave).view(START)


def status(cells: str, message: str = "2 under way") -> WaveStatus:
    return WaveStatus(cells=cells, message=message, updated_at=START + seconds(30))


def test_a_fleet_rollout_that_has_not_begun_has_a_view() -> None:
    view = FleetRolloutView.waiting(ORDER)
    assert (view.id, view.phase, view.message) == ("f1", Phase.PENDING, "Waiting to begin")
    assert (view.wave, view.cells) == (0, ["pp", "ppp"])
    assert (view.counts, view.percent) == (Counts(total=5, pending=5), 0)
    assert view.verbs == [Verb.PAUSE, Verb.ABORT, Verb.ROLLBACK]
    assert (view.reason, view.by) == ("CVE-2026-1234", "ann")


def test_the_fields_of_a_fleet_view_are_always_there() -> None:
    assert set(FleetRolloutView.waiting(ORDER).to_json()) == {
        "id", "phase", "message", "notice", "verbs", "control", "counts", "percent", "reason",
        "by", "startedAt", "finishedAt", "updatedAt", "standingStillSince", "image", "wave",
        "waves", "version", "waveBeganAt", "instances", "eta", "waveCount", "waits",
        "rollbackIncomplete", "stopped", "gates", "questions",
    }  # fmt: skip


def test_a_fleet_view_is_read_as_it_was_written() -> None:
    view = running()
    assert FleetRolloutView.from_json(json.loads(json.dumps(view.to_json()))) == view


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(FleetRolloutView.waiting(ORDER), id="before it begins"),
        pytest.param(running(), id="while it runs"),
        pytest.param(running(1, rolling_back=True), id="while it rolls back"),
        pytest.param(
            FleetProgress.begun(ORDER, START)
            .apply(Command(verb=Verb.PAUSE, by="ann"))
            .apply(Command(verb=Verb.ABORT, reason="wrong image"))
            .finished(Phase.ABORTED, "Aborted", END)
            .view(END),
            id="after its end, with all that was said",
        ),
    ],
)
def test_what_was_published_and_the_order_make_the_same_view(view: FleetRolloutView) -> None:
    shown = json.loads(json.dumps(view.published()))
    assert FleetRolloutView.from_status(shown, ORDER) == view


def test_what_stands_in_the_order_is_not_published() -> None:
    assert running().published().keys() == {
        "phase", "message", "verbs", "control", "wave", "startedAt", "updatedAt", "cells",
        "version", "rollbackIncomplete",
    }  # fmt: skip


def test_the_running_wave_is_put_into_the_view() -> None:
    view = running().with_wave(status("du"))
    assert (view.cells, view.counts.done, view.counts.in_progress) == (["du", "ppp"], 1, 1)
    assert (view.percent, view.message) == (20, "2 under way")
    assert view.updated_at == START + seconds(30)
    first, second = view.waves
    assert (first.name, first.message, first.counts) == (
        "wave-1",
        "2 under way",
        Counts(total=2, done=1, in_progress=1),
    )
    assert second == running().waves[1]


def test_of_the_waves_only_the_running_one_changes() -> None:
    view = running(1).with_wave(status("duf"))
    assert view.cells == ["pp", "duf"]


def test_a_wave_that_goes_back_in_part_tells_its_message_only() -> None:
    before = running(1, rolling_back=True)
    view = before.with_wave(status("ru", "going back"))
    assert (view.waves, view.counts) == (before.waves, before.counts)
    assert (view.message, view.updated_at) == ("going back", START + seconds(30))


def test_a_scale_set_that_has_yet_to_go_back_is_what_it_was() -> None:
    view = running(1, rolling_back=True).with_wave(status("upr", "going back"))
    assert view.cells == ["pp", "ufr"]
    assert view.waves[1].counts.failed == 1


def test_only_the_verbs_that_are_still_heard_are_shown() -> None:
    assert running().hearing(lambda verb: verb.ends).verbs == [Verb.ABORT, Verb.ROLLBACK]


def test_a_line_of_the_list_of_fleet_rollouts_says_what_the_view_says() -> None:
    view = running()
    line = FleetSummary.of(view)
    assert FleetSummary.from_json(line.to_json()) == line
    assert (line.id, line.phase, line.counts, line.wave) == (
        view.id,
        view.phase,
        view.counts,
        view.wave,
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("One of the disks could not be attached. " * 200, id="many"),
        pytest.param("磁盘无法附加。" * 200, id="of another script, six characters each in JSON"),
    ],
)
def test_the_status_of_a_thousand_scale_sets_in_fifty_waves_fits_into_durables_custom_status(
    words: str,
) -> None:
    order = fleet_rollout(*[20] * 50, id="f" * 60, reason="x" * 256, by="y" * 256)
    by, reason = words[:256], words[-256:]
    progress = (
        FleetProgress.begun(order, START)
        .apply(Command(verb=Verb.PAUSE, by=by, reason=reason))
        .apply(Command(verb=Verb.ABORT, by=by, reason=reason))
        .finished(Phase.FAILED, words, END)
    )
    running_still = progress.doing(words)
    for shown in (progress.view(END), running_still.view(END)):
        assert len(json.dumps(shown.published()).encode("utf-16-le")) < CUSTOM_STATUS


def test_a_verb_of_a_later_version_is_passed_over() -> None:
    line = FleetSummary.of(running()).to_json()
    assert FleetSummary.from_json({**line, "verbs": ["rollback", "later"]}).verbs == [Verb.ROLLBACK]
