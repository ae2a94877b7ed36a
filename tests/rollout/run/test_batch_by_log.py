"""A rollout is taken up whose last batch was purged: what its log says of that."""

from datetime import timedelta

import pytest
from builders import NEW, START, inventory, model, planned, spread

from rollout.base import EventKind
from rollout.batch import BatchOrder
from rollout.plan import Policy, plan_batches
from rollout.run import Progress, State, last_batch_by_log

INSTANCES = inventory(spread(20))
BATCH = plan_batches(planned(INSTANCES).order.request.policy, INSTANCES, NEW).batches[0]
BEGAN = START + timedelta(hours=1)
FREEZE = {
    "from": "2026-07-01T15:00", "to": "2026-07-02T15:00", "timeZone": "UTC", "reason": "Peak sales",
}  # fmt: skip
FROZEN = Policy.from_request({"freezes": [FREEZE]})


def event(kind: EventKind, message: str = "", evidence: State | None = None) -> State:
    at = "2026-07-01T12:00:00Z"
    return {"at": at, "kind": kind.value, "message": message, "evidence": evidence or {}}


def from_log(progress: Progress, *events: State) -> BatchOrder:
    progress = progress.batch_started(BATCH, BEGAN)
    begun = [
        event(EventKind.STARTED),
        event(EventKind.MODEL_SET, evidence=model().to_json()),
        event(EventKind.BATCH_STARTED, evidence=BATCH.to_json()),
    ]
    record = {"baseline": INSTANCES.pack(), "reasons": {}, "events": [*begun, *events]}
    batch = last_batch_by_log(progress.order, progress.view(BEGAN), record)
    assert batch is not None
    return batch


@pytest.mark.parametrize("rules", [Policy(), FROZEN], ids=["at any time", "in windows"])
def test_what_it_had_not_sent_waits_for_its_window(rules: Policy) -> None:
    batch = from_log(planned(INSTANCES, rules))
    assert batch.begin_by == (BEGAN if rules is FROZEN else None)
    assert batch.not_after == START + rules.deadline


def test_on_the_way_back_it_has_the_time_of_such_a_batch_and_no_window() -> None:
    back = planned(INSTANCES, FROZEN).starting_rollback()
    batch = from_log(back, event(EventKind.ROLLING_BACK, "Rolling back. Too many failed."))
    assert batch.rolls_back
    assert (batch.begin_by, batch.not_after) == (None, BEGAN + FROZEN.deadline)
