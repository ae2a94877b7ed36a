"""What nobody saw, and what only one witness says, is held against no instance."""

import pytest
from builders import limits, reading, seconds
from watching import (
    CLOSE,
    LOST,
    PREEMPTED,
    SUCCEEDED,
    THROUGH,
    Look,
    at,
    failed,
    verdict,
    watched,
)

from rollout.base import Proceed, Stop, Wait
from rollout.batch import GONE, Operation, SendAgain, Verdict, judge


def blind(count: int, until: float) -> list[Look]:
    """Seen once, and then that many looks that failed, until then."""
    looks: list[Look] = [(0, "u")]
    return looks + [(until * (number + 1) / count, None) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "until"), [(9, 7200), (100, 3599)], ids=["seldom tried", "not for an hour"]
)
def test_an_outage_is_waited_out(count: int, until: float) -> None:
    assert verdict(*blind(count, until), within=CLOSE) == Wait()


def test_who_cannot_look_for_an_hour_gives_up_without_a_verdict() -> None:
    result = verdict(*blind(240, 3600), within=CLOSE)
    assert isinstance(result, Stop)
    assert result.reason.startswith(
        "3 could not be read for 1 h, so their state is unknown: could not list"
    )
    assert (result.passes, result.unhealthy) == (True, False)


def test_time_that_nobody_saw_is_held_against_nobody() -> None:
    down = (15, "u"), (25 * 60, "h")
    assert verdict(*down, within=CLOSE) == Wait()
    looked = tuple((25 * 60 + 15.0 * number, "h") for number in range(1, 5))
    assert verdict(*down, *looked, within=CLOSE) == THROUGH


def test_two_healthy_looks_are_enough_however_far_apart_they_are() -> None:
    assert verdict((0, "h"), (600, "h"), within=CLOSE) == THROUGH


def test_looks_that_are_always_far_apart_come_to_an_end_too() -> None:
    looks = tuple((120.0 * number, "x") for number in range(100))
    assert verdict(*looks, within=CLOSE) == failed(i3="on the target image but unhealthy")


def test_after_a_gap_there_is_time_for_that() -> None:
    late = tuple((15.0 * number, "x") for number in range(59))
    gap = (59 * 15.0 + 600, "h")
    assert verdict(*late, gap, within=CLOSE) == Wait()
    after = tuple((gap[0] + 15.0 * number, "h") for number in range(1, 5))
    assert verdict(*late, gap, *after, within=CLOSE) == THROUGH


@pytest.mark.parametrize("late", [120, 600, 900])
def test_a_look_that_is_far_away_may_be_no_later_than_a_close_one(late: float) -> None:
    """Nobody looks for five minutes, because nothing is expected; then nobody can look."""
    watch = watched((300, "u"), within=CLOSE).pausing(seconds(300))
    moment = at(600 + late)
    watch = watch.seen(reading("u", "3"), moment)
    assert watch.time.spent <= seconds(300 + 330)
    assert judge(watch, moment) == Wait()


def test_a_clock_that_is_set_back_is_a_gap() -> None:
    assert verdict((890, "h"), (0, "h"), (15, "h"), within=CLOSE) == Wait()
    assert verdict((890, "x"), (0, "x"), (15, "x"), within=CLOSE) == Wait()


def test_an_instance_that_is_gone_in_two_looks_is_left_out() -> None:
    assert verdict((0, "g"), (15, "g")) == Proceed(Verdict(left_out={"3": GONE}))


def test_one_that_was_missing_once_must_be_healthy_like_the_others() -> None:
    assert verdict((0, "g"), (15, "x"), (30, "x")) == Wait()


def test_an_instance_that_is_switched_off_meanwhile_is_left_out_and_not_a_failure() -> None:
    result = verdict((0, "zh"), (60, "zh"), ids="37")
    assert isinstance(result, Proceed)
    assert (list(result.value.failed), list(result.value.left_out)) == ([], ["3"])
    assert "was switched off while its batch was under way" in result.value.left_out["3"]


@pytest.mark.parametrize("letter", ["o", "u"])
def test_as_long_as_azures_own_operation_runs_nobody_is_judged_who_is_not_on_the_target(
    letter: str,
) -> None:
    assert verdict((900, letter), (1800, letter)) == Wait()
    reasons = {"o": "still on the old image", "u": "still being updated"}
    ended = verdict((900, letter), (1800, letter), operation=SUCCEEDED)
    assert ended == failed(i3=reasons[letter])


def test_an_operation_that_does_not_end_is_not_waited_for_for_ever() -> None:
    looks = tuple((600.0 * number, "u") for number in range(13))
    assert verdict(*looks) == failed(i3="still being updated")


@pytest.mark.parametrize("operation", [LOST, None])
def test_an_operation_that_is_lost_is_one_witness_among_several(
    operation: Operation | None,
) -> None:
    assert verdict((0, "h"), (60, "h"), operation=operation) == THROUGH
    assert verdict((0, "o"), operation=operation) == Wait()
    assert verdict((900, "o"), operation=operation) == failed(i3="still on the old image")


def test_what_was_interrupted_before_it_began_is_sent_again() -> None:
    result = verdict((0, "oh"), (60, "oh"), operation=PREEMPTED, ids="37")
    assert isinstance(result, SendAgain)
    assert result.reason == "3 still on the old image: OperationPreempted: by another one"


def test_beside_a_failure_what_never_began_is_no_failure() -> None:
    result = verdict((0, "of"), operation=PREEMPTED, ids="37")
    assert isinstance(result, Proceed)
    assert (list(result.value.failed), list(result.value.unmoved)) == (["7"], ["3"])


def test_an_instance_that_says_for_too_long_that_it_is_unhealthy_has_failed() -> None:
    impatient = limits(interval=15, unhealthy_after=60)
    looks = tuple((15.0 * number, "x") for number in range(5))
    assert verdict(*looks[:4], within=impatient) == Wait()
    assert verdict(*looks, within=impatient) == failed(i3="on the target image but unhealthy")


@pytest.mark.parametrize("letter", ["k", "i"])
def test_one_that_says_nothing_or_is_initializing_has_the_whole_time(letter: str) -> None:
    looks = tuple((15.0 * number, letter) for number in range(50))
    assert verdict(*looks, within=limits(interval=15, unhealthy_after=60)) == Wait()
