"""What the progress of a rollout, of a fleet rollout and of a wave have in common."""

from datetime import timedelta

import pytest
from builders import START, fleet_rollout, inventory, planned, spread

from rollout.base import Phase
from rollout.fleet import FleetProgress, WaveProgress
from rollout.run import Command, Control, Progress, RunProgress, Verb

ORDER = fleet_rollout(2)
END = START + timedelta(days=1)
EACH_KIND = pytest.mark.parametrize(
    "progress",
    [
        pytest.param(planned(inventory(spread(5))), id="a rollout"),
        pytest.param(FleetProgress.begun(ORDER, START), id="a fleet rollout"),
        pytest.param(WaveProgress.begun(ORDER.wave(0, END), START), id="a wave"),
    ],
)


def said(verb: Verb, by: str = "ann") -> Command:
    return Command(verb=verb, by=by)


@EACH_KIND
def test_what_the_operator_says_is_kept_and_what_is_known_stays(progress: RunProgress) -> None:
    after = progress.apply(said(Verb.PAUSE))
    assert after.control == Control(paused=said(Verb.PAUSE))
    assert (type(after), after.phase, after.message) == (
        type(progress),
        progress.phase,
        progress.message,
    )


@EACH_KIND
@pytest.mark.parametrize("before", [[], [Verb.PAUSE], [Verb.ABORT]])
def test_a_rollback_that_is_wanted_while_it_rolls_back_changes_nothing(
    progress: RunProgress, before: list[Verb]
) -> None:
    progress = progress.starting_rollback()
    for verb in before:
        progress = progress.apply(said(verb))
    assert progress.apply(said(Verb.ROLLBACK, "bob")) == progress


@EACH_KIND
def test_an_abort_is_heard_while_it_rolls_back(progress: RunProgress) -> None:
    after = progress.starting_rollback().apply(said(Verb.ABORT))
    assert after.control.ending == said(Verb.ABORT)


@EACH_KIND
def test_what_led_to_a_rollback_has_taken_effect_when_it_begins(progress: RunProgress) -> None:
    heard = progress.apply(said(Verb.PAUSE)).apply(said(Verb.ROLLBACK))
    stuck = heard.waiting_for_operator(Phase.PAUSED, "failed", needs_decision=True)
    back = stuck.starting_rollback()
    assert (back.control, back.needs_decision, back.rolling_back) == (Control(), False, True)


@EACH_KIND
def test_it_says_what_it_does_on_its_way_forward_and_back(progress: RunProgress) -> None:
    forward = progress.doing("Verifying")
    assert (forward.phase, forward.message) == (Phase.PROGRESSING, "Verifying")
    assert progress.starting_rollback().doing("Verifying").phase is Phase.ROLLING_BACK


@EACH_KIND
def test_while_it_waits_for_the_operator_it_says_so_and_what_for(progress: RunProgress) -> None:
    stuck = progress.waiting_for_operator(Phase.PAUSED, "failed", needs_decision=True)
    assert (stuck.phase, stuck.message, stuck.needs_decision) == (Phase.PAUSED, "failed", True)
    assert not stuck.waiting_for_operator(Phase.PAUSED, "paused").needs_decision


@EACH_KIND
def test_what_was_said_for_one_step_is_used_up_by_it(progress: RunProgress) -> None:
    heard = progress
    for verb in (Verb.APPROVE, Verb.RETRY, Verb.PAUSE):
        heard = heard.apply(said(verb))
    stuck = heard.waiting_for_operator(Phase.PAUSED, "failed", needs_decision=True).consumed()
    assert (stuck.control, stuck.needs_decision) == (Control(paused=said(Verb.PAUSE)), False)


@EACH_KIND
def test_its_end_is_final(progress: RunProgress) -> None:
    stuck = progress.apply(said(Verb.ABORT)).waiting_for_operator(
        Phase.PAUSED, "failed", needs_decision=True
    )
    assert str(stuck.notice).startswith("Abort requested by ann")
    ended = stuck.finished(Phase.ABORTED, "Aborted by ann.", END)
    assert (ended.phase, ended.message, ended.finished_at) == (
        Phase.ABORTED,
        "Aborted by ann.",
        END,
    )
    assert (ended.needs_decision, ended.notice) == (False, None)


def test_a_batch_that_was_under_way_is_not_when_the_rollout_turns_back_or_ends() -> None:
    progress = planned(inventory(spread(5)))
    running: Progress = progress.doing("Batch 1 of 5")
    for turned in (running.starting_rollback(), running.finished(Phase.FAILED, "Stopped", END)):
        assert turned.batch_began is None
