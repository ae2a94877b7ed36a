"""The sentences with which a fleet rollout ends."""

from typing import Any

import pytest
from builders import START, fleet_rollout

from rollout.base import Phase
from rollout.fleet import FleetEnding, FleetProgress, WaveOutcome, wave_failure
from rollout.run import Command, End, RollBack, Verb, concluded_by


def after(*cells: str, rules: list[dict[str, Any]] | None = None) -> FleetProgress:
    """A fleet rollout whose waves came to these cells; what failed was unhealthy."""
    order = fleet_rollout(*map(len, cells), rules=rules or [])
    progress = FleetProgress.begun(order, START)
    for index, letters in enumerate(cells):
        wave = order.wave(index, START)
        members = zip(wave.members, letters, strict=True)
        reasons = {member.rollout_id: "it is ill." for member, letter in members if letter == "f"}
        outcome = WaveOutcome(cells=letters, reasons=reasons)
        progress = progress.wave_started(index).wave_finished(index, outcome, wave)
    return progress


def ids(progress: FleetProgress) -> list[str]:
    return [member.rollout_id for members in progress.order.members for member in members]


@pytest.mark.parametrize(
    ("cells", "allowed", "within"),
    [
        pytest.param("dd", 0, True, id="none failed, and none may"),
        pytest.param("df", 0, False, id="one failed, and none may"),
        pytest.param("df", 1, True, id="one failed, and one may"),
        pytest.param("ff", 1, False, id="two failed, and one may"),
        pytest.param("kg", 0, True, id="skipped and gone ones have not failed"),
    ],
)
def test_the_failures_of_a_wave_are_within_its_budget(
    cells: str, allowed: int, *, within: bool
) -> None:
    progress = after(cells, rules=[{"maxFailedScaleSets": allowed}])
    assert (wave_failure(progress, 0) is None) is within


def test_the_failures_of_another_wave_do_not_count() -> None:
    progress = after("f", "d", rules=[{"maxFailedScaleSets": 1}])
    assert wave_failure(progress, 1) is None


def test_a_wave_with_too_many_failures_says_which_and_why() -> None:
    progress = after("d", "fdf", rules=[{}, {"maxFailedScaleSets": 1}])
    _, first, _, second = ids(progress)
    assert wave_failure(progress, 1) == (
        "2 scale set(s) of wave wave-2 failed, and at most 1 may (maxFailedScaleSets): "
        f"{first}: it is ill; {second}: it is ill"
    )


def test_of_many_failures_the_first_three_are_named_and_the_rest_are_counted() -> None:
    progress = after("fffff")
    first, second, third, *_ = ids(progress)
    assert str(wave_failure(progress, 0)).endswith(
        f": {first}: it is ill; {second}: it is ill; {third}: it is ill; and 2 more"
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["dd", "d"], "3 scale set(s) in 2 wave(s) are done."),
        (["df", "d"], "2 scale set(s) in 2 wave(s) are done, 1 failed, within the budget."),
    ],
)
def test_a_success_says_how_many_are_done(cells: list[str], message: str) -> None:
    assert FleetEnding(after(*cells)).succeeded() == message


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        (["dd", "d"], "3 of 3 scale set(s) are done"),
        (["df", "p"], "1 of 3 scale set(s) are done, 1 failed, 1 were not touched"),
        (["pp", "p"], "0 of 3 scale set(s) are done, 3 were not touched"),
    ],
)
def test_one_that_stops_says_why_and_what_is_where(cells: list[str], where: str) -> None:
    ending = FleetEnding(after(*cells))
    assert (
        ending.stopped("the deadline has passed.") == f"Stopped: the deadline has passed. {where}."
    )
    assert ending.aborted("by ann (wrong image)") == f"Aborted by ann (wrong image). {where}."


@pytest.mark.parametrize(
    ("cells", "done"),
    [
        (["rr", "r"], "3 scale set(s) run the images they had"),
        (["pp", "p"], "Nothing had to be put back"),
    ],
)
def test_a_rollback_says_what_is_back_and_why(cells: list[str], done: str) -> None:
    message = FleetEnding(after(*cells)).rolled_back("Rollback requested by ann.")
    assert message == f"Rolled back: {done}. Rollback requested by ann."


def test_a_rollback_that_put_everything_back_has_not_failed() -> None:
    assert FleetEnding(after("rr", "pk")).rollback_failed() is None


def test_a_rollback_that_failed_names_what_could_not_be_put_back_in_every_wave() -> None:
    progress = after("fr", "rf")
    first, _, _, second = ids(progress)
    assert FleetEnding(progress).rollback_failed() == (
        f"the rollback is not complete: {first}: it is ill; {second}: it is ill"
    )


def test_an_operators_abort_ends_it_with_what_is_where() -> None:
    command = Command(verb=Verb.ABORT, by="ann")
    assert concluded_by(command, FleetEnding(after("d", "p"))) == End(
        Phase.ABORTED, "Aborted by ann. 1 of 2 scale set(s) are done, 1 were not touched."
    )


def test_an_operators_rollback_turns_it_back() -> None:
    command = Command(verb=Verb.ROLLBACK, by="ann", reason="wrong image")
    assert concluded_by(command, FleetEnding(after("d", "p"))) == RollBack(
        "Rollback requested by ann (wrong image)", command
    )


def test_what_ends_on_its_way_back_says_how_to_go_on() -> None:
    ending = FleetEnding(after("dr", "p").starting_rollback())
    assert ending.aborted("by ann").endswith(". Roll back again to go on.")
    assert ending.stopped("one failed").endswith(". Fix the cause, then roll back again.")
    nothing = FleetEnding(after("pp", "p").starting_rollback())
    assert "again" not in nothing.aborted("by ann")
