"""When a batch is looked at next."""

from datetime import timedelta
from itertools import pairwise

import pytest
from builders import START, limits, reading, seconds
from hypothesis import given
from hypothesis import strategies as st
from watching import FAILED, RUNNING, SUCCEEDED, at, watched

from rollout.base import Proceed
from rollout.batch import (
    Allowance,
    BatchReading,
    Expectation,
    Lesson,
    NextLook,
    Operation,
    Reach,
    Watch,
    judge,
    next_look,
)
from rollout.plan import SELDOM

ASKED = Reach(operation=True)
LIMITS = limits(interval=15)
LEARNED = Expectation(quickest=seconds(200), slowest=seconds(240), unready=seconds(230), batches=2)


def after(watch: Watch, expected: Expectation = LEARNED, reach: Reach = ASKED) -> NextLook:
    """The look after the last one of that watch."""
    return next_look(watch, expected, watch.time.last, reach)


def taught(healthy: float, unready: float) -> Expectation:
    """By one batch that was healthy so many seconds after it was sent."""
    return Expectation().learning(Lesson(healthy=seconds(healthy), unready=seconds(unready)))


def asked(operation: Operation) -> BatchReading:
    """A look at the operation alone."""
    return BatchReading(operation=operation)


def test_of_the_first_batch_the_operation_alone_is_asked_until_it_ends() -> None:
    watch = watched(within=LIMITS)
    assert after(watch, Expectation()) == NextLook(seconds(15), operation_alone=True)


def test_without_an_operation_the_instances_are_read_in_the_policys_interval() -> None:
    assert after(watched(within=LIMITS), Expectation(), Reach()) == NextLook(seconds(15))


def test_a_later_batch_is_left_alone_until_shortly_before_it_should_be_healthy() -> None:
    assert after(watched(within=LIMITS)) == NextLook(seconds(200 - 12))


@pytest.mark.parametrize(
    ("ids", "before"),
    [
        pytest.param(
            "3", 20, id="of a single VM nobody knows more than that they differ by a tenth"
        ),
        pytest.param("3456", 8, id="of several, the slowest is always one of the slow"),
        pytest.param("abcdefghijklmnopqrst", 4, id="of many, all the more"),
    ],
)
def test_the_fewer_instances_the_earlier_is_the_look(ids: str, before: float) -> None:
    learned = taught(200, 197)
    look = after(watched(ids=ids, within=LIMITS), learned)
    assert look.after == seconds(200 - before)


def test_batches_that_are_alike_are_met_closely() -> None:
    expected = Expectation(
        quickest=seconds(200), slowest=seconds(201), unready=seconds(199), batches=50
    )
    assert after(watched(within=LIMITS), expected) == NextLook(seconds(200 - 1.5))


def test_what_took_equally_long_is_not_looked_at_before() -> None:
    two = taught(200, 198).learning(Lesson(healthy=seconds(200)))
    assert after(watched(within=LIMITS), two) == NextLook(seconds(200))


def test_what_was_always_healthy_at_the_first_look_is_looked_at_much_earlier() -> None:
    """Nobody knows how much quicker it was."""
    learned = taught(200, 0)
    assert after(watched(within=LIMITS), learned) == NextLook(seconds(100))


LONG = Reach(operation=True, pages=10)
BOOTED = Expectation(
    quickest=seconds(200), slowest=seconds(240), unready=seconds(230), boot=seconds(30), batches=2
)


def test_of_a_long_list_the_operation_alone_is_asked_until_it_ends() -> None:
    """One call instead of ten; the instances boot for a while after that."""
    look = after(watched(within=LIMITS), BOOTED, LONG)
    assert look == NextLook(seconds(200 - 12 - 30), operation_alone=True, boots=True)
    ended = (
        Watch.begin(["3"], LIMITS, START)
        .seen(asked(RUNNING), at(170))
        .seen(asked(SUCCEEDED), at(172))
    )
    assert after(ended, BOOTED, LONG) == NextLook(seconds(30))


def test_a_boot_that_is_not_known_is_looked_for_at_once() -> None:
    known = BOOTED.model_copy(update={"boot": None})
    assert not after(watched(within=LIMITS), known, LONG).boots


def test_a_long_list_is_not_read_in_quick_succession() -> None:
    watch = watched((230, "x"), within=LIMITS, operation=SUCCEEDED)
    assert after(watch, BOOTED, LONG) == NextLook(seconds(1.5 + 9 * 1.5))


def test_how_long_instances_boot_is_known_from_when_the_operation_ended() -> None:
    """It ended between two looks."""
    watch = Watch.begin(["3"], LIMITS, START).seen(asked(RUNNING), at(200))
    watch = watch.seen(reading("u", "3", SUCCEEDED), at(210)).seen(reading("h", "3"), at(230))
    assert watch.boot == seconds(25)
    assert watched((230, "h"), within=LIMITS, operation=SUCCEEDED).boot is None


def test_nobody_looks_away_for_longer_than_five_minutes() -> None:
    expected = Expectation(quickest=seconds(4_000), slowest=seconds(4_000))
    within = limits(interval=15, timeout=9_000)
    assert after(watched(within=within), expected).after == SELDOM


@pytest.mark.parametrize(
    ("late", "distance"),
    [
        pytest.param(0, 1.5, id="closely at first"),
        pytest.param(40, 5, id="less so the later it is"),
        pytest.param(400, 15, id="and at last in the policy's interval"),
    ],
)
def test_it_is_looked_at_closely_when_it_should_be_healthy(late: float, distance: float) -> None:
    watch = watched((188 + late, "u"), within=LIMITS)
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


def allowing(pages: float, after: float, of: int = 10) -> Reach:
    """So many pages are left of the budget so long after the start; a list has `of`."""
    return Reach(operation=True, pages=of, allowance=Allowance(pages=pages, at=at(after)))


def test_a_long_list_is_waited_for_and_said() -> None:
    watch = watched((180, "x"), within=LIMITS)
    look = after(watch, reach=allowing(0, 180))
    assert look == NextLook(seconds(60), stretched=True)


@pytest.mark.parametrize(
    ("left", "look"),
    [
        pytest.param(20, NextLook(seconds(30)), id="enough for two looks and the next batch's"),
        pytest.param(
            19, NextLook(seconds(60), last=True, stretched=True), id="or only for the last look"
        ),
        pytest.param(0, NextLook(seconds(60), last=True, stretched=True), id="or hardly for that"),
        pytest.param(
            -5, NextLook(seconds(90), last=True, stretched=True), id="or not even for that"
        ),
    ],
)
def test_a_long_list_leaves_the_middle_of_stable_out(left: float, look: NextLook) -> None:
    watch = watched((180, "h"), within=LIMITS)
    assert after(watch, reach=allowing(left, 180)) == look


durations = st.floats(1, 800)
expectations = st.one_of(
    st.just(Expectation()),
    st.tuples(durations, durations).map(
        lambda two: Expectation(
            quickest=seconds(min(two)), slowest=seconds(max(two)), unready=seconds(1), batches=2
        )
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
    told = max(seconds(interval), expected.first_look(timedelta(0), 1))
    assert seen - seconds(healthy) <= min(told, SELDOM)
    assert looks[-1] - seen <= seconds(stable) + timedelta(milliseconds=1)
    assert all(later - earlier <= SELDOM for earlier, later in pairwise(looks))


def test_an_operation_that_failed_is_judged_by_what_the_instances_show() -> None:
    watch = watched((30, "o"), within=LIMITS, operation=FAILED)
    assert watch.lost("3")
