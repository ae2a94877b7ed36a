from datetime import datetime

import pytest
from builders import START, limits, reading, seconds, throttled

from rollout.base import Cell, Proceed, Stop, Wait
from rollout.batch import (
    GONE,
    Operation,
    OperationState,
    SendAgain,
    Verdict,
    Watch,
    WatchLimits,
    judge,
)

THROUGH = Proceed(Verdict())
RUNNING = Operation(state=OperationState.RUNNING)
SUCCEEDED = Operation(state=OperationState.SUCCEEDED)
FAILED = Operation(state=OperationState.FAILED, error="OSProvisioningTimedOut: no answer in time")
PREEMPTED = Operation(
    state=OperationState.FAILED, error="OperationPreempted: by another one", interrupted=True
)
LOST = Operation(state=OperationState.LOST)
CLOSE = limits(interval=15)
"""Looks that are more than 45 seconds apart leave a gap."""

type Look = tuple[float, str | None]
"""Seconds after the start, and the letters read then; None for a look that failed."""


def _watched(
    *looks: Look,
    operation: Operation | None = RUNNING,
    ids: str = "3",
    within: WatchLimits | None = None,
) -> Watch:
    watch = Watch.begin(list(ids), within or limits(), START)
    for after, letters in looks:
        if letters is None:
            watch = watch.unseen(throttled())
        else:
            watch = watch.seen(reading(letters, ids, operation), _at(after))
    return watch


def _at(after: float) -> datetime:
    return START + seconds(after)


def _verdict(
    *looks: Look,
    operation: Operation | None = RUNNING,
    ids: str = "3",
    within: WatchLimits | None = None,
) -> Proceed[Verdict] | Wait | Stop | SendAgain:
    """The verdict right after the last look."""
    watch = _watched(*looks, operation=operation, ids=ids, within=within)
    return judge(watch, _at(looks[-1][0]))


def failed(**reasons: str) -> Proceed[Verdict]:
    """The batch is over, and these instances have failed."""
    return Proceed(Verdict(failed={key.removeprefix("i"): why for key, why in reasons.items()}))


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param([(0, "o")], id="on the old image"),
        pytest.param([(0, "u"), (100, "u")], id="being updated"),
        pytest.param([(0, "h")], id="healthy just now"),
        pytest.param([(0, "h"), (59, "h")], id="healthy for not quite long enough"),
        pytest.param([(0, "h"), (30, "x"), (60, "h")], id="one unhealthy read broke the run"),
        pytest.param([(0, "h"), (30, "k"), (60, "h")], id="one unknown read broke the run"),
        pytest.param([(0, "h"), (30, "i"), (60, "h")], id="one initializing read broke the run"),
        pytest.param([(0, "h"), (30, "u"), (60, "h")], id="one more update broke the run"),
        pytest.param([(0, "h"), (30, "x"), (60, "h"), (119, "h")], id="the run begins anew"),
        pytest.param([(0, "h"), (60, "x")], id="unhealthy on the last look"),
        pytest.param([(0, "f")], id="failed while the operation still runs"),
        pytest.param([(0, None)], id="never seen"),
        pytest.param([(0, "g")], id="missing from one list: it may be in the next"),
        pytest.param([(0, "z")], id="off once: an upgrade may restart it"),
        pytest.param([(0, "h"), (60, None)], id="healthy once, and not seen since"),
    ],
)
def test_the_batch_is_waited_for(looks: list[Look]) -> None:
    assert _verdict(*looks) == Wait()


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param([(0, "h"), (60, "h")], id="healthy for exactly long enough"),
        pytest.param([(0, "o"), (100, "h"), (130, "h"), (160, "h")], id="from the first such read"),
        pytest.param([(0, "h"), (30, "x"), (60, "h"), (120, "h")], id="in an unbroken run"),
        pytest.param(
            [(0, "h"), (30, None), (60, "h")], id="a look that failed breaks no run: no verdict"
        ),
        pytest.param([(0, "h"), (60, "h"), (75, None)], id="a look that failed undoes nothing"),
    ],
)
def test_the_batch_is_through(looks: list[Look]) -> None:
    assert _verdict(*looks) == THROUGH


def test_success_on_the_last_look_wins_over_the_deadline() -> None:
    assert _verdict((840, "h"), (900, "h")) == THROUGH


def test_success_on_the_last_look_wins_also_when_it_comes_late() -> None:
    assert _verdict((880, "h"), (940, "h")) == THROUGH


def test_before_the_deadline_nobody_is_given_up() -> None:
    assert _verdict((899, "x")) == Wait()


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        ("o", "still on the old image"),
        ("u", "still being updated"),
        ("f", "failed to provision"),
        ("h", "not healthy for long enough"),
        ("x", "on the target image but unhealthy"),
        ("k", "on the target image but reporting no health"),
        ("i", "on the target image but still initializing"),
    ],
)
def test_when_the_time_is_up_it_has_failed_for_the_reason(letter: str, reason: str) -> None:
    assert _verdict((900, letter), operation=SUCCEEDED) == failed(i3=reason)


def test_what_cannot_be_read_when_the_time_is_up_is_waited_for() -> None:
    assert _verdict((800, "x"), (900, None)) == Wait()


def test_a_blackout_until_the_time_is_up_makes_nobody_stable() -> None:
    assert _verdict((800, "h"), (900, None)) == Wait()


def test_a_readable_look_forgets_the_one_that_failed() -> None:
    looks = (800, None), (900, "x")
    assert _verdict(*looks) == failed(i3="on the target image but unhealthy")


def blind(count: int, until: float) -> list[Look]:
    """Seen once, and then that many looks that failed, until then."""
    looks: list[Look] = [(0, "u")]
    return looks + [(until * (number + 1) / count, None) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "until"), [(9, 7200), (100, 3599)], ids=["seldom tried", "not for an hour"]
)
def test_an_outage_is_waited_out(count: int, until: float) -> None:
    assert _verdict(*blind(count, until), within=CLOSE) == Wait()


def test_who_cannot_look_for_an_hour_gives_up_without_a_verdict() -> None:
    verdict = _verdict(*blind(240, 3600), within=CLOSE)
    assert isinstance(verdict, Stop)
    assert verdict.reason.startswith(
        "3 could not be read for 1 h, so their state is unknown: could not list"
    )
    assert (verdict.passes, verdict.unhealthy) == (True, False)


def test_time_that_nobody_saw_is_held_against_nobody() -> None:
    down = (15, "u"), (25 * 60, "h")
    assert _verdict(*down, within=CLOSE) == Wait()
    looked = tuple((25 * 60 + 15.0 * number, "h") for number in range(1, 5))
    assert _verdict(*down, *looked, within=CLOSE) == THROUGH


def test_two_healthy_looks_are_enough_however_far_apart_they_are() -> None:
    assert _verdict((0, "h"), (600, "h"), within=CLOSE) == THROUGH


def test_looks_that_are_always_far_apart_come_to_an_end_too() -> None:
    looks = tuple((120.0 * number, "x") for number in range(100))
    assert _verdict(*looks, within=CLOSE) == failed(i3="on the target image but unhealthy")


def test_after_a_gap_there_is_time_for_that() -> None:
    late = tuple((15.0 * number, "x") for number in range(59))
    gap = (59 * 15.0 + 600, "h")
    assert _verdict(*late, gap, within=CLOSE) == Wait()
    after = tuple((gap[0] + 15.0 * number, "h") for number in range(1, 5))
    assert _verdict(*late, gap, *after, within=CLOSE) == THROUGH


def test_a_clock_that_is_set_back_is_a_gap() -> None:
    assert _verdict((890, "h"), (0, "h"), (15, "h"), within=CLOSE) == Wait()
    assert _verdict((890, "x"), (0, "x"), (15, "x"), within=CLOSE) == Wait()


def test_an_instance_that_is_gone_in_two_looks_is_left_out() -> None:
    assert _verdict((0, "g"), (15, "g")) == Proceed(Verdict(left_out={"3": GONE}))


def test_one_that_was_missing_once_must_be_healthy_like_the_others() -> None:
    assert _verdict((0, "g"), (15, "x"), (30, "x")) == Wait()


def test_an_instance_that_is_switched_off_meanwhile_is_left_out_and_not_a_failure() -> None:
    verdict = _verdict((0, "zh"), (60, "zh"), ids="37")
    assert isinstance(verdict, Proceed)
    assert (list(verdict.value.failed), list(verdict.value.left_out)) == ([], ["3"])
    assert "was switched off while its batch was under way" in verdict.value.left_out["3"]


@pytest.mark.parametrize("letter", ["o", "u"])
def test_as_long_as_azures_own_operation_runs_nobody_is_judged_who_is_not_on_the_target(
    letter: str,
) -> None:
    assert _verdict((900, letter), (1800, letter)) == Wait()
    reasons = {"o": "still on the old image", "u": "still being updated"}
    ended = _verdict((900, letter), (1800, letter), operation=SUCCEEDED)
    assert ended == failed(i3=reasons[letter])


def test_an_operation_that_does_not_end_is_not_waited_for_for_ever() -> None:
    looks = tuple((600.0 * number, "u") for number in range(13))
    assert _verdict(*looks) == failed(i3="still being updated")


@pytest.mark.parametrize("operation", [LOST, None])
def test_an_operation_that_is_lost_is_one_witness_among_several(
    operation: Operation | None,
) -> None:
    assert _verdict((0, "h"), (60, "h"), operation=operation) == THROUGH
    assert _verdict((0, "o"), operation=operation) == Wait()
    assert _verdict((900, "o"), operation=operation) == failed(i3="still on the old image")


def test_what_was_interrupted_before_it_began_is_sent_again() -> None:
    verdict = _verdict((0, "oh"), (60, "oh"), operation=PREEMPTED, ids="37")
    assert isinstance(verdict, SendAgain)
    assert verdict.reason == "3 still on the old image: OperationPreempted: by another one"


def test_beside_a_failure_what_never_began_is_no_failure() -> None:
    verdict = _verdict((0, "of"), operation=PREEMPTED, ids="37")
    assert isinstance(verdict, Proceed)
    assert (list(verdict.value.failed), list(verdict.value.unmoved)) == (["7"], ["3"])


def test_an_instance_that_says_for_too_long_that_it_is_unhealthy_has_failed() -> None:
    impatient = limits(interval=15, unhealthy_after=60)
    looks = tuple((15.0 * number, "x") for number in range(5))
    assert _verdict(*looks[:4], within=impatient) == Wait()
    assert _verdict(*looks, within=impatient) == failed(i3="on the target image but unhealthy")


@pytest.mark.parametrize("letter", ["k", "i"])
def test_one_that_says_nothing_or_is_initializing_has_the_whole_time(letter: str) -> None:
    looks = tuple((15.0 * number, letter) for number in range(50))
    assert _verdict(*looks, within=limits(interval=15, unhealthy_after=60)) == Wait()


def test_the_others_are_waited_for() -> None:
    assert _verdict((0, "ho"), (60, "hu"), ids="37") == Wait()


def test_only_those_not_through_have_failed() -> None:
    assert _verdict((0, "hoo"), (900, "hgx"), ids="375") == Proceed(
        Verdict(failed={"5": "on the target image but unhealthy"}, left_out={"7": GONE})
    )


def test_an_instance_that_was_stable_must_still_be_healthy_when_the_others_are() -> None:
    assert _verdict((0, "hx"), (60, "hh"), (120, "xh"), ids="37") == Wait()


@pytest.mark.parametrize(
    ("letter", "operation", "reason"),
    [
        pytest.param(
            "f", SUCCEEDED, "failed to provision", id="it failed, whatever the operation says"
        ),
        pytest.param(
            "f",
            FAILED,
            "failed to provision: OSProvisioningTimedOut: no answer in time",
            id="it failed, and the operation says why",
        ),
        pytest.param(
            "o",
            FAILED,
            "still on the old image: OSProvisioningTimedOut: no answer in time",
            id="an operation that failed left it behind",
        ),
    ],
)
def test_waiting_longer_makes_no_sense(letter: str, operation: Operation, reason: str) -> None:
    assert _verdict((30, letter), operation=operation) == failed(i3=reason)


@pytest.mark.parametrize(
    ("letter", "operation"),
    [
        pytest.param("o", SUCCEEDED, id="the list may be older than the operation's end"),
        pytest.param("u", FAILED, id="it is still being updated"),
        pytest.param("x", FAILED, id="it is on the target and may become healthy"),
        pytest.param("f", RUNNING, id="the operation may still repair it"),
        pytest.param("f", None, id="no operation was seen"),
    ],
)
def test_waiting_longer_makes_sense(letter: str, operation: Operation | None) -> None:
    assert _verdict((30, letter), operation=operation) == Wait()


def test_as_long_as_one_may_still_come_the_lost_ones_are_not_given_up() -> None:
    assert _verdict((30, "fx"), operation=FAILED, ids="37") == Wait()


def test_a_reason_about_health_does_not_blame_the_operation() -> None:
    verdict = _verdict((900, "x"), operation=FAILED)
    assert verdict == failed(i3="on the target image but unhealthy")


@pytest.mark.parametrize(
    ("letter", "cell"),
    [
        ("o", Cell.UPGRADING),
        ("u", Cell.UPGRADING),
        ("f", Cell.FAILED),
        ("h", Cell.SETTLING),
        ("x", Cell.CHECKING),
        ("k", Cell.CHECKING),
        ("i", Cell.CHECKING),
        ("g", Cell.GONE),
        ("z", Cell.SKIPPED),
    ],
)
def test_people_see(letter: str, cell: Cell) -> None:
    assert _watched((0, letter)).cells() == {"3": cell}


def test_people_see_a_stable_instance_as_done() -> None:
    assert _watched((0, "h"), (60, "h")).cells() == {"3": Cell.DONE}


def test_people_see_no_instance_as_done_that_was_not_seen_to_be() -> None:
    assert _watched((0, "h"), (60, None)).cells() == {"3": Cell.SETTLING}


def test_a_policy_that_was_switched_breaks_the_watch_off() -> None:
    watch = Watch.begin(["0"], limits(), START)
    switched = reading("h", "0", upgrade_policy="Rolling")
    verdict = judge(watch.seen(switched, START), START)
    assert isinstance(verdict, Stop)
    assert "switched the upgrade policy to Rolling" in verdict.reason
