"""What answers, time-outs and outages come to: no required gate is passed without its passes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from nightly import NIGHTLY

from rollout.gates import (
    Answered,
    Gate,
    GateState,
    GateVerdict,
    LookAgain,
    NotPassed,
    Passed,
)

many = settings(max_examples=10_000 if NIGHTLY else 400, derandomize=not NIGHTLY)
"""Fewer do not find what a row that is not broken, or a failure too many, would let pass."""
START = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def gate(**fields: object) -> Gate:
    check = {"kind": "http", "url": "https://checks.contoso.com/ready"}
    return Gate.from_request({"name": "g", "place": "afterBatch", "check": check, **fields})


class Look(NamedTuple):
    """One answer, and how long nobody looked before it: an outage of the app."""

    verdict: GateVerdict
    late: timedelta
    after: timedelta | None


VERDICTS = st.sampled_from([*GateVerdict, GateVerdict.PASSED, GateVerdict.PASSED])
LOOKS = st.lists(
    st.builds(
        Look,
        VERDICTS,
        st.sampled_from([0, 0, 0, 1, 45, 4000]).map(lambda count: timedelta(seconds=count)),
        st.sampled_from([None, None, None, timedelta(seconds=1), timedelta(minutes=9)]),
    ),
    min_size=3,
    max_size=25,
)


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    passes = draw(st.integers(1, 4))
    return gate(
        interval="PT30S",
        passes=passes,
        failures=draw(st.integers(0, 3)),
        timeout=f"PT{draw(st.integers(2, 12))}M",
    )


class Run(NamedTuple):
    """How it went: the verdicts until it was decided, the decision, and when that was."""

    verdicts: list[GateVerdict]
    decision: object
    took: timedelta
    moments: list[datetime]


def run(asked: Gate, looks: Sequence[Look], hold: timedelta = timedelta(0)) -> Run:
    """As an orchestrator does it. Without another answer it is not decided."""
    state, now = GateState.begin(START, hold), START
    given_: list[GateVerdict] = []
    moments: list[datetime] = []
    waiting = list(looks)
    while True:
        if state.due(now):
            if not waiting:
                return Run(given_, LookAgain(now), now - START, moments)
            look = waiting.pop(0)
            answered = Answered(verdict=look.verdict, message="m", after=look.after)
            state = state.after(asked, answered, now)
            given_.append(look.verdict)
            moments.append(now)
        decision = state.decide(asked, now)
        if not isinstance(decision, LookAgain):
            return Run(given_, decision, now - START, moments)
        assert decision.at > now
        now = decision.at + (waiting[0].late if waiting else timedelta(0))
        state = state.seen_again(asked, decision.at, now)


@many
@given(gates(), LOOKS)
def test_nothing_passes_without_its_passes_in_a_row(asked: Gate, looks: list[Look]) -> None:
    went = run(asked, looks)
    if isinstance(went.decision, Passed):
        assert went.verdicts[-asked.passes :] == [GateVerdict.PASSED] * asked.passes
        assert went.verdicts.count(GateVerdict.FAILED) <= asked.failures


@many
@given(gates(), LOOKS)
def test_what_could_not_be_told_has_not_failed_before_its_time(
    asked: Gate, looks: list[Look]
) -> None:
    went = run(asked, looks)
    if isinstance(went.decision, NotPassed):
        failed = went.verdicts.count(GateVerdict.FAILED) > asked.failures
        assert failed or went.took >= asked.timeout
        assert not (failed and went.decision.unsure)


@many
@given(gates(), LOOKS, st.sampled_from([MINUTE, 7 * MINUTE]))
def test_nothing_passes_before_it_was_watched_so_long(
    asked: Gate, looks: list[Look], hold: timedelta
) -> None:
    went = run(asked, looks, hold)
    assert not isinstance(went.decision, Passed) or went.took >= hold


@many
@given(gates(), LOOKS)
def test_it_is_asked_at_most_once_in_an_interval(asked: Gate, looks: list[Look]) -> None:
    moments = run(asked, looks).moments
    gaps = [later - before for before, later in pairwise(moments)]
    assert all(gap >= asked.interval for gap in gaps)


def looks(letters: str) -> list[Look]:
    """One answer an interval: p, f, u or n."""
    names = {
        "p": GateVerdict.PASSED,
        "f": GateVerdict.FAILED,
        "u": GateVerdict.UNKNOWN,
        "n": GateVerdict.NOT_YET,
    }
    return [Look(names[letter], timedelta(0), None) for letter in letters]


def test_one_pass_is_enough_by_default() -> None:
    assert run(gate(), looks("p")).decision == Passed()


def test_what_could_not_be_told_breaks_the_row() -> None:
    asked = gate(passes=2)
    assert isinstance(run(asked, looks("pupnp")).decision, LookAgain)
    assert run(asked, looks("pupnpp")).decision == Passed()


def test_one_failure_more_than_allowed_fails_it_at_once() -> None:
    asked = gate(failures=1)
    assert run(asked, looks("ff")).decision == NotPassed("gate g has failed: m")
    assert run(asked, looks("fp")).decision == Passed()


def test_what_cannot_be_told_in_time_is_unsure() -> None:
    went = run(gate(timeout="PT1M", interval="PT30S"), looks("uuuu"))
    assert went.decision == NotPassed("gate g could not be told within 1 min: m", unsure=True)
    assert went.took == MINUTE


def test_what_never_passes_often_enough_in_time_has_failed() -> None:
    went = run(gate(timeout="PT2M", interval="PT30S", passes=3, failures=9), looks("pfpfpfpf"))
    reason = "gate g did not pass 3 times in a row within 2 min: m"
    assert went.decision == NotPassed(reason)


def test_an_outage_of_the_app_is_held_against_nobody() -> None:
    asked = gate(timeout="PT2M", interval="PT30S")
    hour = Look(GateVerdict.UNKNOWN, timedelta(hours=1), None)
    assert isinstance(run(asked, [*looks("u"), hour, *looks("u")]).decision, LookAgain)
    assert run(asked, [*looks("u"), hour, *looks("p")]).decision == Passed()


def test_a_bake_is_asked_to_its_end() -> None:
    went = run(gate(interval="PT30S"), looks("ppppppp"), hold=2 * MINUTE)
    assert (went.decision, went.took) == (Passed(), 2 * MINUTE)
    assert len(went.verdicts) == 5
