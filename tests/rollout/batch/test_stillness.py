"""Whether anything has happened yet to the instances of the next batch."""

from typing import Any

import pytest
from builders import NEW, START, instance, seconds

from rollout.batch import Stillness, all_still, shows_traces

BATCH = ["0", "1"]


def test_a_batch_on_the_old_image_is_still() -> None:
    there = [instance(0), instance(1), instance(2, provisioning_state="Updating")]
    assert all_still(there, BATCH, NEW)
    assert not shows_traces(there, BATCH, NEW)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"image": NEW}, id="on the target image"),
        pytest.param({"provisioning_state": "Updating"}, id="being updated"),
        pytest.param({"provisioning_state": "Failed"}, id="failed"),
    ],
)
def test_what_stirs_is_a_trace(changes: dict[str, Any]) -> None:
    there = [instance(0), instance(1, **changes)]
    assert not all_still(there, BATCH, NEW)
    assert shows_traces(there, BATCH, NEW)


def test_who_is_missing_from_the_list_is_not_known_to_be_still() -> None:
    assert not all_still([instance(0)], BATCH, NEW)
    assert not shows_traces([instance(0)], BATCH, NEW)


def test_nobody_is_not_a_batch() -> None:
    assert not all_still([instance(0)], [], NEW)


def test_it_holds_for_exactly_that_batch_and_for_a_while() -> None:
    still = Stillness(instance_ids=BATCH, seen_at=START)
    assert still.covers(BATCH, START + seconds(15), seconds(15))
    assert not still.covers(BATCH, START + seconds(16), seconds(15))
    assert not still.covers(["0"], START, seconds(15))
