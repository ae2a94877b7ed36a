"""When a hook is done, called again, or given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.gates import Answered, GateVerdict
from rollout.hooks import (
    AT_THE_END,
    MEANWHILE,
    AllCalled,
    CallNow,
    Hook,
    HookNotDone,
    HookPlace,
    HookRound,
    LookLater,
    Owed,
    Tries,
)

NOW = datetime(2026, 7, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def hook(name: str = "drain", place: str = "beforeBatch") -> Hook:
    call = {"kind": "http", "url": "https://lb.contoso.com/drain"}
    return Hook.from_request({"name": name, "place": place, "call": call, "timeout": "PT10M"})


def answered(verdict: GateVerdict, after: timedelta | None = None) -> Answered:
    return Answered(verdict=verdict, message="it said so", after=after)


def begun(place: HookPlace = HookPlace.BEFORE_BATCH) -> HookRound:
    return HookRound(place=place, batch=1, number=7)


def test_hooks_are_called_in_order_until_all_are_done() -> None:
    first, second = hooks = [hook("a"), hook("b")]
    so_far = begun()
    assert so_far.decide(hooks, NOW) == CallNow(first)
    so_far = so_far.after(first, answered(GateVerdict.PASSED), NOW, NOW)
    assert so_far.decide(hooks, NOW) == CallNow(second)
    so_far = so_far.after(second, answered(GateVerdict.PASSED), NOW, NOW)
    assert so_far.decide(hooks, NOW) == AllCalled()


@pytest.mark.parametrize("verdict", [GateVerdict.UNKNOWN, GateVerdict.NOT_YET])
def test_a_hook_that_is_not_done_is_called_again_until_its_time_is_over(
    verdict: GateVerdict,
) -> None:
    drain = hook()
    so_far = begun().after(drain, answered(verdict), NOW, NOW)
    soon = NOW + timedelta(seconds=15)
    assert so_far.decide([drain], NOW) == LookLater(drain, soon)
    assert so_far.decide([drain], soon) == CallNow(drain)
    match so_far.decide([drain], NOW + 10 * MINUTE):
        case HookNotDone(name="drain", reason=reason):
            assert reason == "hook drain was not done within 10 min: it said so"
        case other:
            pytest.fail(str(other))


def test_who_says_when_to_come_again_is_called_then_but_not_after_the_end() -> None:
    drain = hook()
    so_far = begun().after(drain, answered(GateVerdict.NOT_YET, 3 * MINUTE), NOW, NOW)
    assert so_far.decide([drain], NOW) == LookLater(drain, NOW + 3 * MINUTE)
    so_far = begun().after(drain, answered(GateVerdict.NOT_YET, 60 * MINUTE), NOW, NOW)
    assert so_far.decide([drain], NOW) == LookLater(drain, NOW + 10 * MINUTE)


def test_a_refusal_counts_before_a_batch_and_is_called_again_after_it() -> None:
    refused = answered(GateVerdict.FAILED)
    drain, back = hook(), hook("back", "afterBatch")
    before = begun().after(drain, refused, NOW, NOW)
    assert isinstance(before.decide([drain], NOW), HookNotDone)
    after = begun(HookPlace.AFTER_BATCH).after(back, refused, NOW, NOW)
    assert isinstance(after.decide([back], NOW), LookLater)


def test_time_in_which_nobody_could_look_is_held_against_nobody() -> None:
    drain = hook()
    so_far = begun().after(drain, answered(GateVerdict.UNKNOWN), NOW, NOW)
    late = NOW + 30 * MINUTE
    assert so_far.seen_again(NOW + MINUTE, late).decide([drain], late) == CallNow(drain)


def test_what_was_skipped_stays_so_when_it_is_begun_anew() -> None:
    so_far = begun().held_by(HookNotDone(name="a", reason="no")).skipping("a").anew()
    assert (so_far.number, so_far.failed) == (0, None)
    assert so_far.decide([hook("a"), hook("b")], NOW) == CallNow(hook("b"))


@pytest.mark.parametrize("tries", [MEANWHILE, AT_THE_END])
@given(calls=st.lists(st.integers(0, 60), min_size=10, max_size=10))
def test_where_nobody_may_wait_the_rounds_and_the_time_are_bounded(
    tries: Tries, calls: list[int]
) -> None:
    spent, rounds = timedelta(0), 0
    while rounds < 10:
        spent, rounds = spent + timedelta(seconds=calls[rounds]), rounds + 1
        pause = tries.pause_after(rounds, spent)
        if pause is None:
            break
        spent += pause
        assert spent <= tries.within
    assert rounds <= tries.rounds


def test_what_is_owed_grows_and_is_struck_out_hook_by_hook() -> None:
    first = Owed.by(["lb", "pool"], ["1", "2"], None).numbered(3, 1)
    left = first.without("lb")
    assert left
    more = Owed.by(["lb", "pool"], ["3"], left).numbered(9, 2)
    assert more.hooks == {"lb": ["3"], "pool": ["1", "2", "3"]}
    assert more.instance_ids == ["3", "1", "2"]
    rest = more.without("pool")
    assert rest
    assert rest.without("lb") is None


def test_an_answer_that_comes_later_counts_at_once() -> None:
    drain = hook()
    asked = begun().after(drain, answered(GateVerdict.NOT_YET, 10 * MINUTE), NOW, NOW)
    assert asked.turn_of([drain]) == drain
    assert asked.decide([drain], NOW + MINUTE) == LookLater(drain, NOW + 10 * MINUTE)
    done = asked.heard(drain, answered(GateVerdict.PASSED), NOW + MINUTE)
    assert done.decide([drain], NOW + MINUTE) == AllCalled()
    assert done.turn_of([drain]) is None
    refused = asked.heard(drain, answered(GateVerdict.FAILED), NOW + MINUTE)
    assert isinstance(refused.decide([drain], NOW + MINUTE), HookNotDone)
    assert (refused.calls, refused.ends(drain, NOW + MINUTE)) == (1, NOW + 10 * MINUTE)
    again = asked.heard(drain, answered(GateVerdict.NOT_YET, 5 * MINUTE), NOW + MINUTE)
    assert again.decide([drain], NOW + 6 * MINUTE) == CallNow(drain)


@pytest.mark.parametrize("done", [True, False])
def test_who_puts_back_is_waited_for_until_all_is_over(*, done: bool) -> None:
    so_far = begun(HookPlace.AFTER_BATCH)
    assert so_far.puts_back_now
    assert not begun().puts_back_now
    over = so_far.finished() if done else so_far.held_by(HookNotDone(name="back", reason="away"))
    assert not over.puts_back_now
