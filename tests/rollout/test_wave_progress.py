"""A wave: who may begin, and what becomes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from builders import START
from hypothesis import given
from hypothesis import strategies as st

from rollout.cell import Cell
from rollout.command import Command
from rollout.fleet_order import Member, MemberEnded, WaveOrder
from rollout.fleet_request import WaveRules
from rollout.image import ImageRequest
from rollout.phase import Phase, Verb
from rollout.request import Policy
from rollout.scale_set_id import ScaleSetId
from rollout.wave_progress import MOST_TRIES, WaveProgress


def wave(count: int = 3, *, back: bool = False, **rules: Any) -> WaveProgress:
    members = [
        Member(scale_set=ScaleSetId("s", "demo", f"set{number}"), rollout_id=f"r{number}")
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
        back=Command(verb=Verb.ROLLBACK) if back else None,
    )
    return WaveProgress.begun(order)


def begin(progress: WaveProgress) -> WaveProgress:
    member = progress.next_member(START)
    assert member is not None
    return progress.began(member)


def ended(progress: WaveProgress, number: int, phase: Phase) -> WaveProgress:
    return progress.ended(MemberEnded(rollout_id=f"r{number}", phase=phase, message=f"{phase}!"))


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
    progress = ended(begin(wave(back=True)), 0, Phase.FAILED)
    assert progress.next_member(START) is not None


def test_a_rollout_that_turned_back_by_itself_has_failed() -> None:
    assert ended(begin(wave()), 0, Phase.ROLLED_BACK).cells[0] is Cell.FAILED
    assert ended(begin(wave(back=True)), 0, Phase.ROLLED_BACK).cells[0] is Cell.ROLLED_BACK


def test_nothing_begins_after_the_deadline() -> None:
    late = START + timedelta(days=2)
    assert wave().next_member(late) is None
    assert wave().through(late)


def test_a_pause_holds_everything_and_an_abort_ends_it() -> None:
    paused = wave().told(Command(verb=Verb.PAUSE))
    assert paused.next_member(START) is None
    assert not paused.through(START)
    assert paused.told(Command(verb=Verb.RESUME)).next_member(START) is not None
    assert paused.told(Command(verb=Verb.ABORT)).through(START)


def test_what_is_told_twice_or_of_nobody_counts_once() -> None:
    progress = ended(begin(wave()), 0, Phase.SUCCEEDED)
    assert ended(progress, 0, Phase.FAILED) == progress
    assert ended(progress, 2, Phase.FAILED) == progress


def test_a_scale_set_that_another_rollout_has_comes_last_and_fails_in_the_end() -> None:
    progress = wave()
    first = progress.order.members[0]
    progress = progress.held_by(first, "other")
    following = progress.next_member(START)
    assert following is not None
    assert following.rollout_id == "r1"
    for _ in range(MOST_TRIES - 1):
        progress = progress.held_by(first, "other")
    assert progress.cells[0] is Cell.FAILED
    assert "'other' is active" in progress.reasons["r0"]


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
            progress = progress.began(member)
        assert len(progress.running) <= at_once
        if progress.running:
            told = MemberEnded(rollout_id=progress.running[0], phase=phase, message="")
            progress = progress.ended(told)
    assert len(replace(progress).outcome().cells) == 8
