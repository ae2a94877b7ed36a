"""Rollouts that do not go on by themselves, as people see them."""

import pytest
from builders import START, inventory, planned, seconds, spread

from rollout.base import ORCHESTRATION_VERSION, Phase
from rollout.batch import BatchStatus
from rollout.run import RolloutSummary, RolloutView
from rollout.watch import looks_missed

LOOKED = START + seconds(60)


def view() -> RolloutView:
    """The view of a running rollout after its last look."""
    progress = planned(inventory(spread(20))).doing("Batch 1 of 5: 4 upgrading")
    return progress.view(LOOKED)


def line() -> RolloutSummary:
    return RolloutSummary.of(view())


def test_it_says_since_when_nobody_has_looked() -> None:
    for shown in (view().standing_still(LOOKED), line().standing_still(LOOKED)):
        assert shown.standing_still_since == LOOKED
        assert shown.message == (
            "No look at its instances since 2026-07-01 12:01:00 UTC. Batch 1 of 5: 4 upgrading"
        )


def test_once_it_has_looked_again_it_stands_still_no_more() -> None:
    assert view().standing_still(START) == view()
    assert line().standing_still(START) == line()


def test_that_it_stands_still_is_in_its_json_and_otherwise_null() -> None:
    assert view().to_json()["standingStillSince"] is None
    shown = view().standing_still(LOOKED).to_json()
    assert shown["standingStillSince"] == "2026-07-01T12:01:00Z"


def test_one_of_which_no_look_is_known_stands_still() -> None:
    pending = line().model_copy(update={"updated_at": None})
    assert pending.standing_still(LOOKED).standing_still_since == LOOKED


@pytest.mark.parametrize(
    ("interval", "after", "missed"),
    [
        pytest.param(15, 15, False, id="when it was due"),
        pytest.param(15, 45, False, id="after three intervals"),
        pytest.param(15, 46, True, id="after more than three"),
        pytest.param(600, 1800, False, id="of any length"),
        pytest.param(600, 1801, True, id="of any length, and more"),
        pytest.param(3, 45, False, id="a short interval counts as a quarter of a minute"),
        pytest.param(3, 46, True, id="and is missed as well"),
        pytest.param(-60, 46, True, id="also one that lies in the past"),
    ],
)
def test_looks_are_missed(interval: int, after: int, *, missed: bool) -> None:
    due = LOOKED + seconds(interval)
    status = BatchStatus(cells="u", message="x", updated_at=LOOKED, next_look_at=due)
    assert looks_missed(status, LOOKED + seconds(after)) is missed


def test_a_batch_of_an_older_version_says_not_when_it_looks_and_misses_nothing() -> None:
    status = BatchStatus(cells="u", message="x", updated_at=LOOKED)
    assert not looks_missed(status, LOOKED + seconds(10**6))


def test_what_was_purged_by_hand_says_so_and_takes_no_verb() -> None:
    never = line().model_copy(update={"started_at": None}).vanished()
    assert never.message.startswith("It did not begin")
    gone = line().vanished()
    assert (gone.phase, gone.verbs, gone.id) == (Phase.ABORTED, [], line().id)
    assert gone.message == "Its Durable instance was purged by hand before it had ended"


@pytest.mark.parametrize(
    ("version", "phase", "newer"),
    [
        pytest.param(0, Phase.PENDING, False, id="before it has begun"),
        pytest.param(ORCHESTRATION_VERSION, Phase.PROGRESSING, False, id="by this version"),
        pytest.param(ORCHESTRATION_VERSION + 1, Phase.PROGRESSING, True, id="by a newer one"),
        pytest.param(ORCHESTRATION_VERSION + 1, Phase.SUCCEEDED, False, id="it has ended"),
    ],
)
def test_a_rollout_that_a_newer_version_started_is_known(
    version: int, phase: Phase, *, newer: bool
) -> None:
    assert view().model_copy(update={"version": version, "phase": phase}).newer is newer
    assert line().model_copy(update={"version": version, "phase": phase}).newer is newer


def test_a_view_says_which_version_started_it_and_since_when_its_batch_runs() -> None:
    started = planned(inventory(spread(20)))
    order = started.order.model_copy(update={"version": 7})
    assert started.view(START).version == ORCHESTRATION_VERSION
    assert (view().batch_began_at, line().version) == (None, ORCHESTRATION_VERSION)
    assert type(started)(order=order, started_at=START).view(START).version == 7
