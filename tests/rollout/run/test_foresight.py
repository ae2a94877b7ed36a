"""What is known of the next batch before it begins."""

import pytest
from builders import START, seconds

from rollout.batch import Allowance, BatchOutcome
from rollout.run.foresight import Foresight

HALF = Allowance(pages=15, at=START)


def outcome(**fields: object) -> BatchOutcome:
    return BatchOutcome(cells="d").model_copy(update=fields)


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
