"""What is known of the next batch before it begins."""

import pytest
from builders import START, seconds

from rollout.batch import Allowance, BatchOutcome, Expectation, Stillness
from rollout.plan import Batch
from rollout.run.foresight import Foresight

HALF = Allowance(pages=15, at=START)


def outcome(**fields: object) -> BatchOutcome:
    return BatchOutcome(cells="d").model_copy(update=fields)


def healthy_after(took: float) -> BatchOutcome:
    return outcome(sent_at=START, healthy_at=START + seconds(took))


def test_a_batch_says_what_may_be_listed_after_it() -> None:
    after = Foresight(pages=9).after(outcome(allowance=HALF), seconds(60), START)
    assert after.allowance == HALF


def test_of_a_batch_that_broke_off_nobody_knows_what_it_has_read() -> None:
    after = Foresight(pages=9).after(outcome(), None, START)
    assert after.until_listable(START) == seconds(36)


@pytest.mark.parametrize(("instances", "wait"), [(1_000, 60), (900, 36), (500, 0), (10, 0)])
def test_nor_of_an_earlier_orchestration(instances: int, wait: float) -> None:
    assert Foresight.taking_up(instances, START).until_listable(START) == seconds(wait)


def test_a_batch_of_which_nobody_knows_when_it_was_sent_teaches_nothing() -> None:
    after = Foresight().after(outcome(healthy_at=START), seconds(60), START)
    assert after.expected == Foresight().expected


def test_an_odd_batch_is_forgotten_after_five_others() -> None:
    foresight = Foresight()
    for healthy in (1, 240, 250, 245, 245):
        foresight = foresight.after(healthy_after(healthy), None, START)
    assert foresight.expected == Expectation(quickest=seconds(1), slowest=seconds(250), batches=5)
    foresight = foresight.after(healthy_after(245), None, START)
    assert foresight.expected == Expectation(quickest=seconds(240), slowest=seconds(250), batches=5)


@pytest.mark.parametrize(
    ("interval", "later", "still"),
    [(15, 15, True), (15, 16, False), (3_600, 60, True), (3_600, 61, False)],
)
def test_what_was_seen_of_a_batch_holds_for_an_interval_or_a_minute(
    interval: float, later: float, *, still: bool
) -> None:
    batch = Batch(number=2, instance_ids=["1"])
    foresight = Foresight(still=Stillness(instance_ids=["1"], seen_at=START))
    now = START + seconds(later)
    fields = foresight.of(batch, now, seconds(interval), sent_before=False)
    assert fields["still"] is still
