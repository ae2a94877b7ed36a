"""What the log of a rollout says of it, once its status is lost."""

from dataclasses import replace
from typing import Any

import pytest
from builders import NEW, START, inventory, planned, seconds, spread

from rollout.base import Cell, EventKind, Phase
from rollout.batch import BatchOutcome
from rollout.plan import plan_batches
from rollout.run import (
    Command,
    RolloutOrder,
    State,
    Verb,
    begun_before,
    recalled,
    recalling,
)
from rollout.run.earlier import Resumption, RollbackRequest

INSTANCES = inventory(spread(20))
PROGRESS = planned(INSTANCES)
PLAN = plan_batches(PROGRESS.order.request.policy, INSTANCES, NEW)


def line(kind: EventKind, minute: int, **evidence: Any) -> State:
    at = (START + seconds(60 * minute)).isoformat()
    return {"at": at, "kind": kind, "message": "…", "evidence": evidence}


BEGUN = [line(EventKind.STARTED, 0), line(EventKind.PLANNED, 1, **PLAN.evidence())]
MODEL_SET = line(EventKind.MODEL_SET, 2, changed=True)


def batch(number: int, cells: str = "") -> list[State]:
    """Its lines; without cells it has no end."""
    started = PLAN.batches[number - 1].model_copy(update={"number": number}).to_json()
    outcome = {"number": number, **BatchOutcome(cells=cells).to_json()}
    ended = [line(EventKind.BATCH_FINISHED, 2 * number + 2, **outcome)] if cells else []
    return [line(EventKind.BATCH_STARTED, 2 * number + 1, **started), *ended]


def ended(phase: Phase) -> State:
    return line(EventKind.FINISHED, 60, phase=phase)


def record(*events: State) -> State:
    return {"baseline": INSTANCES.pack(), "reasons": {}, "events": list(events)}


@pytest.mark.parametrize(
    "state", [None, record(), record(BEGUN[0]), {**record(*BEGUN), "baseline": None}]
)
def test_one_that_had_not_come_to_a_plan_has_done_nothing(state: State | None) -> None:
    assert recalled(state) is None


def test_the_log_says_what_its_status_said() -> None:
    first = PLAN.batches[0]
    asked = planned(INSTANCES)
    there = asked.batch_started(first, START).batch_finished(
        first, BatchOutcome(cells="ddfd"), START
    )
    there = replace(there, model_set=True)
    known = recalled(record(*BEGUN, MODEL_SET, *batch(1, "ddfd"), ended(Phase.FAILED)))
    assert known
    assert known.goes_back
    again = recalling(asked, known)
    assert (again.tally.cells, again.tally.touched) == (there.tally.cells, there.tally.touched)
    assert (again.image, again.batch, again.model_set) == (there.image, 1, True)
    assert again.view(START).rows == there.view(START).rows


def test_of_a_batch_without_an_end_anything_may_have_been_sent() -> None:
    known = recalled(record(*BEGUN, *batch(1, "dddd"), *batch(2)))
    assert known
    assert [known.cells[each] for each in PLAN.batches[1].instance_ids] == [Cell.UPGRADING] * 4
    assert set(PLAN.batches[1].instance_ids) <= known.touched.keys()
    assert known.batch == 2


@pytest.mark.parametrize(
    ("after", "goes_back"),
    [
        pytest.param([ended(Phase.ROLLED_BACK)], False, id="all is back"),
        pytest.param([ended(Phase.SUCCEEDED)], True, id="all is moved"),
        pytest.param([], True, id="it was ended from outside"),
        pytest.param(
            [ended(Phase.SUCCEEDED), line(EventKind.ROLLING_BACK, 61)], True, id="on the way back"
        ),
        pytest.param(
            [line(EventKind.ROLLING_BACK, 59), ended(Phase.FAILED)], True, id="not all is back"
        ),
    ],
)
def test_there_is_a_way_back_unless_all_is_back(after: list[State], *, goes_back: bool) -> None:
    known = recalled(record(*BEGUN, MODEL_SET, *batch(1, "dddd"), *after))
    assert known
    assert known.goes_back is goes_back


def numbered(kind: EventKind, number: int, **evidence: Any) -> State:
    return {**line(kind, 1, **evidence), "position": [number]}


AGAIN: dict[str, Any] = {"image": PROGRESS.image, "batch": 1, "events": 5}
FRESH = PROGRESS.order.model_copy(update={"run": "this"})
TAKEN_UP = FRESH.model_copy(
    update={"resume": Resumption(**AGAIN, attempt=2, reason="it broke off")}
)
GOES_BACK = FRESH.model_copy(
    update={"rollback": RollbackRequest(**AGAIN, command=Command(verb=Verb.ROLLBACK))}
)


@pytest.mark.parametrize(
    ("order", "event", "before"),
    [
        (FRESH, numbered(EventKind.STARTED, 1, run="this"), True),
        (FRESH, numbered(EventKind.STARTED, 1, run="one that was purged"), False),
        (PROGRESS.order, numbered(EventKind.STARTED, 1), False),
        (FRESH, numbered(EventKind.ROLLING_BACK, 3), False),
        (TAKEN_UP, numbered(EventKind.STARTED, 1, run="this"), False),
        (TAKEN_UP, numbered(EventKind.TAKEN_UP, 6, attempt=2), True),
        (TAKEN_UP, numbered(EventKind.TAKEN_UP, 6, attempt=1), False),
        (TAKEN_UP, numbered(EventKind.TAKEN_UP, 5, attempt=2), False),
        (GOES_BACK, numbered(EventKind.ROLLING_BACK, 6), True),
        (GOES_BACK, numbered(EventKind.ROLLING_BACK, 5), False),
        (GOES_BACK, line(EventKind.ROLLING_BACK, 5), False),
    ],
)
def test_a_restart_is_known_by_the_line_with_which_it_had_begun(
    order: RolloutOrder, event: State, *, before: bool
) -> None:
    assert begun_before(order, record(event)) is before
    assert not begun_before(order, None)
