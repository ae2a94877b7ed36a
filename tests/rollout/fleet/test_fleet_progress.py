"""The state of a running fleet rollout."""

from datetime import timedelta

import pytest
from builders import START, fleet_rollout

from rollout.base import Phase
from rollout.fleet import FleetOrder, FleetProgress, WaveOutcome
from rollout.fleet.order import FleetRollbackRequest
from rollout.run import Command, Verb

END = START + timedelta(days=30)
ABORT = Command(verb=Verb.ABORT, by="ann")
ROLLBACK = Command(verb=Verb.ROLLBACK, by="ann")


def begun(*sizes: int) -> FleetProgress:
    return FleetProgress.begun(fleet_rollout(*sizes), START)


def turned(*cells: str) -> FleetOrder:
    """A fleet rollout that ended with these cells an hour ago and is to be rolled back."""
    back = FleetRollbackRequest(
        command=ROLLBACK, cells=list(cells), started_at=START - timedelta(hours=1)
    )
    return fleet_rollout(*map(len, cells)).model_copy(update={"rollback": back})


def with_cells(*cells: str) -> FleetProgress:
    """One whose waves came to these cells."""
    progress = begun(*map(len, cells))
    for index, letters in enumerate(cells):
        progress = finished(progress, index, letters)
    return progress


def finished(progress: FleetProgress, index: int, cells: str) -> FleetProgress:
    """The same after that wave, about all of its scale sets, came to these cells."""
    order = progress.order.wave(index, END)
    failed = zip(order.members, cells, strict=True)
    reasons = {member.rollout_id: "it failed" for member, letter in failed if letter == "f"}
    outcome = WaveOutcome(cells=cells, reasons=reasons)
    return progress.wave_started(index).wave_finished(index, outcome, order)


def test_a_fleet_rollout_begins_with_nothing_under_way() -> None:
    progress = begun(1, 3)
    assert (progress.cells, progress.wave, progress.started_at) == (("p", "ppp"), 0, START)
    assert (progress.phase, progress.message) == (Phase.PENDING, "Waiting to begin")


def test_a_rollback_begins_where_the_way_forward_ended() -> None:
    progress = FleetProgress.begun(turned("dd", "fp"), START)
    assert (progress.cells, progress.wave) == (("dd", "fp"), 2)
    assert progress.started_at == START - timedelta(hours=1)


def test_a_wave_that_begins_is_counted_and_said() -> None:
    progress = begun(1, 3).wave_started(1)
    assert (progress.wave, progress.phase) == (2, Phase.PROGRESSING)
    assert progress.message == "Wave 2 of 2 (wave-2): 3 scale set(s)"


def test_a_wave_that_goes_back_is_said_to_do_so() -> None:
    progress = FleetProgress.begun(turned("d", "ddd"), START).starting_rollback().wave_started(1)
    assert (progress.wave, progress.phase) == (2, Phase.ROLLING_BACK)
    assert progress.message == "Rolling back wave 2 of 2 (wave-2): 3 scale set(s)"


def test_a_wave_that_goes_back_counts_only_what_was_moved() -> None:
    progress = FleetProgress.begun(turned("d", "dkp"), START).starting_rollback().wave_started(1)
    assert progress.message == "Rolling back wave 2 of 2 (wave-2): 1 scale set(s)"


def test_what_became_of_a_wave_is_kept_and_the_other_waves_stay_as_they_are() -> None:
    progress = finished(begun(2, 2, 1), 1, "df")
    assert progress.cells == ("pp", "df", "p")
    failed = progress.order.members[1][1].rollout_id
    assert progress.reasons == {failed: "it failed"}


def test_the_reasons_of_earlier_waves_are_not_forgotten() -> None:
    progress = with_cells("f", "f")
    ids = [member.rollout_id for members in progress.order.members for member in members]
    assert list(progress.reasons) == ids


def test_a_wave_about_some_of_its_scale_sets_changes_only_those() -> None:
    progress = with_cells("dpfk")
    order = progress.only_moved(0, progress.order.wave(0, END, ROLLBACK))
    assert [member.scale_set.name for member in order.members] == ["set-0", "set-2"]
    outcome = WaveOutcome(cells="rf", reasons={order.members[1].rollout_id: "still on the image"})
    after = progress.wave_finished(0, outcome, order)
    assert after.cells == ("rpfk",)
    assert after.reasons == {order.members[1].rollout_id: "still on the image"}


@pytest.mark.parametrize(
    ("letter", "moved"),
    [
        pytest.param("p", False, id="pending: nothing of it has begun"),
        pytest.param("u", True, id="under way"),
        pytest.param("d", True, id="done"),
        pytest.param("f", True, id="failed: part of it may have moved"),
        pytest.param("r", False, id="rolled back already"),
        pytest.param("k", False, id="skipped"),
        pytest.param("g", False, id="gone"),
    ],
)
def test_a_scale_set_goes_back_when_it_was_moved(letter: str, *, moved: bool) -> None:
    progress = with_cells(letter)
    order = progress.only_moved(0, progress.order.wave(0, END, ROLLBACK))
    assert (len(order.members), progress.moved_waves) == ((1, [0]) if moved else (0, []))


def test_waves_in_which_something_was_moved_go_back_the_newest_first() -> None:
    assert with_cells("d", "rr", "pf", "p").moved_waves == [2, 0]


@pytest.mark.parametrize(("cells", "pending"), [("dd", False), ("dp", True), ("fk", False)])
def test_a_wave_has_scale_sets_that_have_not_begun(cells: str, *, pending: bool) -> None:
    assert with_cells(cells).has_pending(0) is pending


def test_the_rollouts_that_failed_are_known_by_their_wave() -> None:
    progress = with_cells("df", "dd", "ff")
    names = [[rollout_id.split("~")[1] for rollout_id in progress.failed(at)] for at in range(3)]
    assert names == [["set-1"], [], ["set-4", "set-5"]]


@pytest.mark.parametrize(
    ("progress", "verbs"),
    [
        pytest.param(begun(1), "pause abort rollback", id="before it begins"),
        pytest.param(begun(1).wave_started(0), "pause abort rollback", id="while a wave runs"),
        pytest.param(
            begun(1).waiting_for_operator(Phase.PAUSED, "paused"),
            "resume pause abort rollback",
            id="while it is paused",
        ),
        pytest.param(
            begun(1).waiting_for_operator(Phase.AWAITING_APPROVAL, "asked"),
            "approve pause abort rollback",
            id="while it waits for approval",
        ),
        pytest.param(begun(1).wave_started(0).apply(ABORT), "", id="after an abort"),
        pytest.param(begun(1).starting_rollback().doing("back"), "abort", id="while it rolls back"),
        pytest.param(with_cells("d", "p").finished(Phase.ABORTED, "", END), "rollback", id="moved"),
        pytest.param(with_cells("p").finished(Phase.ABORTED, "", END), "", id="nothing moved"),
        pytest.param(
            with_cells("d").starting_rollback().finished(Phase.FAILED, "", END),
            "rollback",
            id="after a rollback that failed",
        ),
        pytest.param(
            with_cells("d").starting_rollback().finished(Phase.ROLLED_BACK, "", END),
            "",
            id="after a rollback",
        ),
    ],
)
def test_the_verbs_a_fleet_rollout_takes(progress: FleetProgress, verbs: str) -> None:
    assert progress.verbs == verbs.split()


def test_a_rollback_that_is_asked_for_while_it_rolls_back_changes_nothing() -> None:
    progress = begun(1).starting_rollback()
    assert progress.apply(ROLLBACK) == progress


def test_the_view_says_what_is_known() -> None:
    order = fleet_rollout(2, 1, reason="CVE-2026-1234", by="ann")
    progress = finished(FleetProgress.begun(order, START), 0, "df").wave_started(1).apply(ABORT)
    view = progress.view(END)
    assert (view.id, view.image, view.wave) == ("f1", order.request.image, 2)
    assert [(wave.name, wave.cells) for wave in view.waves] == [("wave-1", "df"), ("wave-2", "p")]
    assert [wave.counts.failed for wave in view.waves] == [1, 0]
    assert (view.counts.total, view.counts.done, view.percent) == (3, 1, 33)
    assert (view.phase, view.verbs) == (Phase.PROGRESSING, [])
    assert str(view.notice).startswith("Abort requested by ann")
    assert view.control.ending == ABORT
    assert (view.reason, view.by) == ("CVE-2026-1234", "ann")
    assert (view.started_at, view.updated_at, view.finished_at) == (START, END, None)


def test_the_view_of_one_that_has_ended_says_when_and_has_no_notice() -> None:
    view = with_cells("d").apply(ABORT).finished(Phase.ABORTED, "Aborted by ann.", END).view(END)
    assert (view.phase, view.message, view.notice) == (Phase.ABORTED, "Aborted by ann.", None)
    assert view.finished_at == END
