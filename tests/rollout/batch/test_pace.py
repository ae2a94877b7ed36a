"""When a batch is looked at next."""

from datetime import timedelta
from itertools import pairwise

import pytest
from builders import START, limits, reading, seconds
from hypothesis import given
from hypothesis import strategies as st
from watching import FAILED, RUNNING, at, watched

from rollout.base import Proceed
from rollout.batch import Expectation, NextLook, Reach, Watch, judge, next_look
from rollout.plan import SELDOM

ASKED = Reach(operation=True)
LIMITS = limits(interval=15)
LEARNED = Expectation(quickest=seconds(200), slowest=seconds(240))


def after(watch: Watch, expected: Expectation = LEARNED, reach: Reach = ASKED) -> NextLook:
    """The look after the last one of that watch."""
    return next_look(watch, expected, watch.time.last, reach)


def test_of_the_first_batch_the_operation_alone_is_asked_until_it_ends() -> None:
    watch = watched(within=LIMITS)
    assert after(watch, Expectation()) == NextLook(seconds(15), operation_alone=True)


def test_without_an_operation_the_instances_are_read_in_the_policys_interval() -> None:
    assert after(watched(within=LIMITS), Expectation(), Reach()) == NextLook(seconds(15))


def test_a_later_batch_is_left_alone_until_shortly_before_it_should_be_healthy() -> None:
    assert after(watched(within=LIMITS)) == NextLook(seconds(200 - 20))


def test_the_only_batch_so_far_says_less_than_two() -> None:
    one_batch = Expectation().learning(seconds(200))
    assert after(watched(within=LIMITS), one_batch) == NextLook(seconds(190))


def test_batches_that_are_alike_are_met_closely() -> None:
    expected = Expectation(quickest=seconds(200), slowest=seconds(201))
    assert after(watched(within=LIMITS), expected) == NextLook(seconds(197))


def test_nobody_looks_away_for_longer_than_five_minutes() -> None:
    expected = Expectation(quickest=seconds(4_000), slowest=seconds(4_000))
    within = limits(interval=15, timeout=9_000)
    assert after(watched(within=within), expected).after == SELDOM


@pytest.mark.parametrize(
    ("late", "distance"),
    [
        pytest.param(0, 3, id="closely at first"),
        pytest.param(40, 5, id="less so the later it is"),
        pytest.param(400, 15, id="and at last in the policy's interval"),
    ],
)
def test_it_is_looked_at_closely_when_it_should_be_healthy(late: float, distance: float) -> None:
    watch = watched((180 + late, "u"), within=LIMITS)
    assert after(watch) == NextLook(seconds(distance))


def test_what_has_failed_is_a_doubt_that_the_operation_decides() -> None:
    watch = watched((180, "f"), within=LIMITS, operation=None)
    assert watch.doubtful
    assert not after(watch).operation_alone


def test_until_it_is_stable_it_is_looked_at_in_the_middle_and_at_the_end() -> None:
    watch = watched((180, "h"), within=LIMITS)
    assert after(watch) == NextLook(seconds(30))
    assert after(watch.seen(reading("h", "3", RUNNING), at(210))) == NextLook(
        seconds(30), last=True
    )


def test_a_long_bake_is_looked_at_every_five_minutes() -> None:
    within = limits(interval=15, stable=6 * 3600, timeout=7 * 3600)
    assert after(watched((180, "h"), within=within)).after == SELDOM


def test_the_last_look_is_no_later_than_the_timeout() -> None:
    expected = Expectation(quickest=seconds(2_000), slowest=seconds(2_000))
    watch = watched(within=LIMITS).pausing(seconds(890))
    watch = watch.seen(reading("u", "3"), at(890))
    assert watch.limits.timeout == seconds(900)
    assert after(watch, expected).after <= seconds(10)


def test_a_long_list_is_waited_for_and_said() -> None:
    watch = watched((180, "u"), within=LIMITS)
    look = after(watch, reach=Reach(operation=True, listable=seconds(60)))
    assert look == NextLook(seconds(60), stretched=True)


def test_a_long_list_leaves_the_middle_of_stable_out() -> None:
    watch = watched((180, "h"), within=LIMITS)
    look = after(watch, reach=Reach(operation=True, listable=seconds(50)))
    assert look == NextLook(seconds(60), last=True, stretched=True)


durations = st.floats(1, 800)
expectations = st.one_of(
    st.just(Expectation()),
    st.tuples(durations, durations).map(
        lambda two: Expectation(quickest=seconds(min(two)), slowest=seconds(max(two)))
    ),
)


@given(
    healthy=durations,
    expected=expectations,
    interval=st.floats(1, 60),
    stable=st.floats(0, 300),
)
def test_nothing_is_seen_later_than_the_distance_that_was_stated(
    healthy: float, expected: Expectation, interval: float, stable: float
) -> None:
    """A perfect observer goes on `stable` after the batch is healthy; we do as much later as the
    look that was told is late: at most the policy's interval, or as long as a batch takes that is
    quicker than all before it, or five minutes.
    """
    watch = Watch.begin(["3"], limits(stable, 5_000, interval), START)
    looks = [timedelta(0)]
    while True:
        look = next_look(watch, expected, START + looks[-1], Reach())
        looks.append(looks[-1] + look.after)
        letter = "h" if looks[-1] >= seconds(healthy) else "u"
        watch = watch.pausing(look.after).seen(reading(letter, "3"), START + looks[-1])
        if isinstance(judge(watch, START + looks[-1]), Proceed):
            break
    seen = next(each for each in looks if each >= seconds(healthy))
    told = max(seconds(interval), expected.first_look(timedelta(0)))
    assert seen - seconds(healthy) <= min(told, SELDOM)
    assert looks[-1] - seen <= seconds(stable) + timedelta(milliseconds=1)
    assert all(later - earlier <= SELDOM for earlier, later in pairwise(looks))


def test_an_operation_that_failed_is_judged_by_what_the_instances_show() -> None:
    watch = watched((30, "o"), within=LIMITS, operation=FAILED)
    assert watch.lost("3")
