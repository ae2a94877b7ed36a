"""A wave: who may begin, and what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from builders import START
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import NOT_ARRIVED, Cell, Phase
from rollout.fleet import FleetMember, RolloutEnded, WaveOrder, WaveOutcome, WaveProgress, WaveRules
from rollout.fleet.wave import BETWEEN_TRIES, MOST_TRIES
from rollout.inventory import ImageRequest, ScaleSetId
from rollout.plan import Policy
from rollout.run import Command, Verb


def wave(count: int = 3, *, rolling_back: bool = False, **rules: Any) -> WaveProgress:
    members = [
        FleetMember(scale_set=ScaleSetId("s", "demo", f"set{number}"), rollout_id=f"r{number}")
        for number in range(count)
    ]
    order = WaveOrder(
        fleet_id="f",
        number=1,
        rules=WaveRules(name="w", **rules),
        members=members,
        image=ImageRequest(version="2"),
        policies={"": Policy()},
        not_after=START + timedelta(days=1),
        rollback=Command(verb=Verb.ROLLBACK) if rolling_back else None,
    )
    return WaveProgress.begun(order, START)


def begin(progress: WaveProgress) -> WaveProgress:
    member = progress.next_member(START)
    assert member is not None
    return progress.member_started(member)


def ended(progress: WaveProgress, number: int, phase: Phase) -> WaveProgress:
    end = RolloutEnded(rollout_id=f"r{number}", phase=phase, message=f"{phase}!")
    return progress.rollout_ended(end)


def test_no_more_begin_than_may_at_once() -> None:
    progress = begin(begin(wave(max_concurrent=2)))
    assert progress.next_member(START) is None
    assert ended(progress, 0, Phase.SUCCEEDED).next_member(START) is not None


def test_after_too_many_failures_nothing_begins() -> None:
    progress = ended(begin(wave()), 0, Phase.FAILED)
    assert progress.next_member(START) is None
    assert progress.through(START)
    assert progress.outcome().reasons == {"r0": "Failed!"}


def test_on_the_way_back_a_failure_stops_nobody() -> None:
    progress = ended(begin(wave(rolling_back=True)), 0, Phase.FAILED)
    assert progress.next_member(START) is not None


def test_a_rollout_that_turned_back_by_itself_has_failed() -> None:
    assert ended(begin(wave()), 0, Phase.ROLLED_BACK).cells[0] is Cell.FAILED
    assert ended(begin(wave(rolling_back=True)), 0, Phase.ROLLED_BACK).cells[0] is Cell.ROLLED_BACK


def test_nothing_begins_after_the_deadline() -> None:
    late = START + timedelta(days=2)
    assert wave().next_member(late) is None
    assert wave().through(late)


def test_a_pause_holds_everything_and_an_abort_ends_it() -> None:
    paused = wave().apply(Command(verb=Verb.PAUSE))
    assert paused.next_member(START) is None
    assert not paused.through(START)
    assert paused.apply(Command(verb=Verb.RESUME)).next_member(START) is not None
    assert paused.apply(Command(verb=Verb.ABORT)).through(START)


def test_an_end_that_is_reported_twice_or_of_nobody_counts_once() -> None:
    progress = ended(begin(wave()), 0, Phase.SUCCEEDED)
    assert ended(progress, 0, Phase.FAILED) == progress
    assert ended(progress, 2, Phase.FAILED) == progress


def tried(progress: WaveProgress) -> list[datetime]:
    """When a member is tried that another rollout has for ever."""
    first, now, at = progress.order.members[0], START, [START]
    while (progress := progress.member_locked(first, "other", now)).cells[0] is Cell.PENDING:
        now = progress.held[first.rollout_id].again
        at.append(now)
    assert "'other' is active" in progress.reasons["r0"]
    return at


def test_a_scale_set_that_another_rollout_has_is_tried_until_the_deadline() -> None:
    progress = wave(1)
    at, last = tried(progress), progress.order.not_after
    assert last - BETWEEN_TRIES < at[-1] < last
    pauses = [after - before for before, after in pairwise(at)]
    assert pauses[0] == BETWEEN_TRIES
    assert max(pauses) == timedelta(minutes=30)


def test_on_the_way_back_it_is_tried_some_times_whatever_the_deadline() -> None:
    progress = wave(1, rolling_back=True)
    late = replace(progress, order=progress.order.model_copy(update={"not_after": START}))
    assert len(tried(late)) == len(tried(progress)) == MOST_TRIES


def test_while_one_is_held_others_begin() -> None:
    progress = wave()
    first = progress.order.members[0]
    progress = progress.member_locked(first, "other", START)
    following = progress.next_member(START)
    assert following is not None
    assert following.rollout_id == "r1"
    assert progress.next_try(START) == START + BETWEEN_TRIES


def test_one_that_is_held_begins_again_when_its_time_has_come() -> None:
    progress = wave(1)
    first = progress.order.members[0]
    progress = progress.member_locked(first, "other", START)
    assert progress.next_member(START) is None
    assert progress.held_message == "set0 waits: rollout other has the scale set"
    assert progress.next_member(START + BETWEEN_TRIES) == first
    assert progress.next_try(START + BETWEEN_TRIES) is None


def test_a_wave_has_verified_nothing_until_a_rollout_or_a_look_has() -> None:
    progress = ended(begin(wave(1)), 0, Phase.SUCCEEDED)
    (first,) = progress.order.members
    assert progress.unverified
    assert progress.to_check(baked=False) == [first]
    seen = progress.member_checked(first, 2)
    assert not seen.unverified
    assert (seen.to_check(baked=False), seen.to_check(baked=True)) == ([], [first])


def test_a_wave_begins_with_everything_waiting() -> None:
    progress = wave()
    assert (progress.waiting, progress.running, progress.done, progress.failed) == (3, [], [], 0)
    assert (progress.phase, progress.started_at) == (Phase.PROGRESSING, START)
    back = wave(rolling_back=True)
    assert (back.phase, back.rolling_back) == (Phase.ROLLING_BACK, True)


def test_scale_sets_begin_in_their_order() -> None:
    progress = wave(max_concurrent=3)
    for number in range(3):
        progress = begin(progress)
        assert progress.running[-1] == f"r{number}"
    assert progress.waiting == 0


def test_a_wave_is_through_when_nothing_waits_and_nothing_runs() -> None:
    progress = begin(wave(1))
    assert not progress.through(START)
    done = ended(progress, 0, Phase.SUCCEEDED)
    assert done.through(START)
    assert [member.rollout_id for member in done.done] == ["r0"]


@pytest.mark.parametrize(
    ("phase", "cell"),
    [
        (Phase.SUCCEEDED, Cell.DONE),
        (Phase.FAILED, Cell.FAILED),
        (Phase.ABORTED, Cell.ABORTED),
        (Phase.ROLLED_BACK, Cell.FAILED),
    ],
)
def test_a_rollout_on_the_way_forward_ends_as(phase: Phase, cell: Cell) -> None:
    progress = ended(begin(wave()), 0, phase)
    assert progress.cells[0] is cell
    assert progress.reasons == ({"r0": f"{phase}!"} if cell in NOT_ARRIVED else {})


def test_a_rollout_that_turns_back_because_the_operator_wants_that_has_not_failed() -> None:
    progress = begin(wave()).apply(Command(verb=Verb.ROLLBACK))
    assert ended(progress, 0, Phase.ROLLED_BACK).cells[0] is Cell.ROLLED_BACK


def test_on_the_way_back_there_may_be_nothing_to_put_back() -> None:
    progress = wave(rolling_back=True)
    progress = progress.member_needs_nothing(progress.order.members[1])
    assert progress.outcome() == WaveOutcome(cells="prp")


def test_a_rollout_that_is_not_there_any_more_has_failed() -> None:
    progress = begin(wave()).rollout_missing("r0")
    assert progress.outcome() == WaveOutcome(
        cells="fpp", reasons={"r0": "its Durable instance no longer exists"}, unverified=True
    )


def test_after_a_halt_nothing_begins_and_the_first_reason_counts() -> None:
    progress = wave().halted("set0 is unhealthy").halted("set1 is unhealthy")
    assert progress.next_member(START) is None
    assert progress.through(START)
    assert progress.outcome() == WaveOutcome(cells="ppp", halt="set0 is unhealthy", unverified=True)


def test_a_wave_publishes_its_cells_and_what_it_does() -> None:
    progress = ended(begin(wave()), 0, Phase.SUCCEEDED).doing("x" * 3000)
    status = progress.status(START)
    assert (status.cells, status.updated_at) == ("dpp", START)
    assert len(status.message) < 3000


def test_a_wave_takes_the_verbs_of_its_fleet_rollout() -> None:
    assert wave().verbs == [Verb.PAUSE, Verb.ABORT, Verb.ROLLBACK, Verb.BREAK_GLASS]
    paused = wave().waiting_for_operator(Phase.PAUSED, "failed", needs_decision=True)
    assert {Verb.RETRY, Verb.SKIP}.isdisjoint(paused.verbs)


@given(
    phases=st.lists(st.sampled_from([Phase.SUCCEEDED, Phase.FAILED, Phase.ABORTED]), min_size=8),
    at_once=st.integers(1, 4),
    budget=st.integers(0, 3),
)
def test_whatever_happens_the_budget_and_the_limit_hold(
    phases: list[Phase], at_once: int, budget: int
) -> None:
    progress = wave(8, max_concurrent=at_once, max_failed_scale_sets=budget)
    for phase in phases:
        while member := progress.next_member(START):
            assert progress.failed <= budget
            progress = progress.member_started(member)
        assert len(progress.running) <= at_once
        if progress.running:
            end = RolloutEnded(rollout_id=progress.running[0], phase=phase, message="")
            progress = progress.rollout_ended(end)
    assert len(replace(progress).outcome().cells) == 8
