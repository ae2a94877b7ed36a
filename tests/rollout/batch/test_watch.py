import pytest
from builders import START, limits, reading
from watching import FAILED, RUNNING, SUCCEEDED, THROUGH, Look, failed, verdict, watched

from rollout.base import Cell, Proceed, Stop, Wait
from rollout.batch import GONE, Operation, Verdict, Watch, judge


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
    assert verdict(*looks) == Wait()


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
    assert verdict(*looks) == THROUGH


def test_success_on_the_last_look_wins_over_the_deadline() -> None:
    assert verdict((840, "h"), (900, "h")) == THROUGH


def test_success_on_the_last_look_wins_also_when_it_comes_late() -> None:
    assert verdict((880, "h"), (940, "h")) == THROUGH


def test_before_the_deadline_nobody_is_given_up() -> None:
    assert verdict((899, "x")) == Wait()


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        ("o", "still on the old image"),
        ("u", "still being updated"),
        ("f", "failed to provision"),
        ("x", "on the target image but unhealthy"),
        ("k", "on the target image but reporting no health"),
        ("i", "on the target image but still initializing"),
    ],
)
def test_when_the_time_is_up_it_has_failed_for_the_reason(letter: str, reason: str) -> None:
    assert verdict((900, letter), operation=SUCCEEDED) == failed(i3=reason)


@pytest.mark.parametrize("looked", [300, 1_800])
def test_who_may_have_been_healthy_in_time_when_nobody_looked_may_prove_it(looked: float) -> None:
    before, first = (900 - looked, "u"), (900, "h")
    within = limits(interval=looked, stable=20)
    looks = (before, first) if looked < 900 else (first,)
    assert verdict(*looks, within=within) == Wait()
    assert verdict(*looks, (920, "h"), within=within) == THROUGH
    assert verdict(*looks, (920, "x"), operation=SUCCEEDED, within=within) == failed(
        i3="on the target image but unhealthy"
    )


def test_who_was_seen_too_late_to_be_healthy_in_time_has_failed() -> None:
    assert verdict((841, "u"), (900, "h"), operation=SUCCEEDED) == failed(
        i3="not healthy for long enough"
    )


def test_nobody_gets_more_time_by_falling_ill_again() -> None:
    looks: list[Look] = [(830, "u"), (845, "h"), (860, "x"), (875, "h"), (890, "x"), (905, "h")]
    assert verdict(*looks, operation=SUCCEEDED) == failed(i3="not healthy for long enough")


def test_what_cannot_be_read_when_the_time_is_up_is_waited_for() -> None:
    assert verdict((800, "x"), (900, None)) == Wait()


def test_a_blackout_until_the_time_is_up_makes_nobody_stable() -> None:
    assert verdict((800, "h"), (900, None)) == Wait()


def test_a_readable_look_forgets_the_one_that_failed() -> None:
    looks = (800, None), (900, "x")
    assert verdict(*looks) == failed(i3="on the target image but unhealthy")


def test_the_others_are_waited_for() -> None:
    assert verdict((0, "ho"), (60, "hu"), ids="37") == Wait()


def test_only_those_not_through_have_failed() -> None:
    assert verdict((0, "hoo"), (900, "hgx"), ids="375") == Proceed(
        Verdict(failed={"5": "on the target image but unhealthy"}, left_out={"7": GONE})
    )


def test_an_instance_that_was_stable_must_still_be_healthy_when_the_others_are() -> None:
    assert verdict((0, "hx"), (60, "hh"), (120, "xh"), ids="37") == Wait()


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
    assert verdict((30, letter), operation=operation) == failed(i3=reason)


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
    assert verdict((30, letter), operation=operation) == Wait()


def test_as_long_as_one_may_still_come_the_lost_ones_are_not_given_up() -> None:
    assert verdict((30, "fx"), operation=FAILED, ids="37") == Wait()


def test_a_reason_about_health_does_not_blame_the_operation() -> None:
    result = verdict((900, "x"), operation=FAILED)
    assert result == failed(i3="on the target image but unhealthy")


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
    assert watched((0, letter)).cells() == {"3": cell}


def test_people_see_a_stable_instance_as_done() -> None:
    assert watched((0, "h"), (60, "h")).cells() == {"3": Cell.DONE}


def test_people_see_no_instance_as_done_that_was_not_seen_to_be() -> None:
    assert watched((0, "h"), (60, None)).cells() == {"3": Cell.SETTLING}


def test_a_policy_that_was_switched_breaks_the_watch_off() -> None:
    watch = Watch.begin(["0"], limits(), START)
    switched = reading("h", "0", upgrade_policy="Rolling")
    result = judge(watch.seen(switched, START), START)
    assert isinstance(result, Stop)
    assert "switched the upgrade policy to Rolling" in result.reason
