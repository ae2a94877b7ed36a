"""A rollout goes on where an earlier orchestration of it broke off."""

from datetime import timedelta
from typing import Any

import pytest
from builders import NEW, OLD, START, inventory, model, planned, request, spread
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, policies

from rollout.base import IN_PROGRESS, Cell, Phase
from rollout.batch import BatchOutcome
from rollout.inventory import ImageChange, Inventory, Row
from rollout.plan import Policy, plan_batches
from rollout.run import Command, Control, Progress, RolloutOrder, Verb, taken_up
from rollout.run.earlier import Resumption

INSTANCES = inventory(spread(6, update_domains=3))
"""Rows: 0 and 3, 1 and 4, 2 and 5."""
END = START + timedelta(days=1)
LATER = START + timedelta(hours=1)
PAUSE = Command(verb=Verb.PAUSE, by="ann")
BATCHES = plan_batches(Policy(), INSTANCES, NEW).batches


def begun(*rows: str, **known: Any) -> Progress:
    """One that goes on an hour after its start, with these rows."""
    resume = Resumption(
        image=ImageChange(from_image=OLD, to_image=NEW),
        batch=2,
        baseline=INSTANCES.pack(),
        rows=[Row(cells=cells) for cells in rows],
        started_at=START,
        attempt=1,
        reason="its worker died",
    ).model_copy(update=known)
    return Progress.begun(RolloutOrder(id="r1", request=request(), resume=resume), LATER)


def test_its_cells_are_as_they_were() -> None:
    progress = begun("dd", "fk", "pg")
    assert [row.cells for row in progress.view(LATER).rows] == ["dd", "fk", "pg"]
    assert progress.tally.cells["1"] is Cell.FAILED


def test_what_was_moved_can_be_rolled_back() -> None:
    assert begun("dd", "fk", "up").tally.touched == {"0": 1, "3": 1, "1": 2, "2": 3}
    assert begun("dd", "fk", "up", given_up=["4"]).tally.touched["4"] == 2


def test_it_counts_on_from_its_batches_and_its_start() -> None:
    progress = begun("dd", "pp", "pp")
    assert (progress.batch, progress.batches, progress.started_at) == (2, 2, START)
    assert begun("pp", "pp", "pp", started_at=None).started_at == LATER


def test_what_the_operator_wanted_holds_on() -> None:
    assert begun("dd", "pp", "pp", control=Control(paused=PAUSE)).control.paused == PAUSE


@pytest.mark.parametrize("model_set", [True, False])
def test_that_the_model_was_set_is_known(*, model_set: bool) -> None:
    assert begun("pp", "pp", "pp", model_set=model_set).model_set is model_set


def test_reasons_are_known_still() -> None:
    reasons = {"1": "failed to provision"}
    assert begun("dd", "fp", "pp", reasons=reasons).tally.reasons == reasons


def test_the_baseline_is_from_before_everything() -> None:
    assert begun("dd", "pp", "pp").baseline.inventory(INSTANCES) == INSTANCES


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no row at all"),
        pytest.param(["pp", "pp"], id="a row too few"),
        pytest.param(["pp", "ppp", "p"], id="a letter in the wrong row"),
    ],
)
def test_rows_that_do_not_fit_say_nothing_so_anything_may_have_been_sent(rows: list[str]) -> None:
    progress = begun(*rows)
    assert set(progress.tally.cells.values()) == {Cell.UPGRADING}
    assert progress.tally.touched.keys() == {each.instance_id for each in INSTANCES.instances}


def test_one_that_had_not_come_to_its_plan_begins_from_nothing() -> None:
    progress = begun(baseline=None, batch=0)
    assert (progress.tally.cells, progress.tally.touched, progress.batch) == ({}, {}, 0)
    assert progress.view(LATER).rows == []


def test_a_batch_that_was_under_way_is_under_way_still() -> None:
    """Else a second death in the same batch would take what was sent for what was never sent."""
    assert begun("dd", "pp", "pp", under_way=True).view(LATER).batch_began_at is not None
    assert begun("dd", "pp", "pp", under_way=False).view(LATER).batch_began_at is None


def test_one_that_breaks_off_twice_in_a_batch_knows_of_that_batch_still() -> None:
    progress = begun("dd", "pp", "pp", under_way=True)
    again = taken_up(progress.order, progress.view(LATER), None, None, "its worker died").resume
    assert again is not None
    assert (again.under_way, again.attempt) == (True, 2)


def test_a_batch_that_is_taken_up_counts_as_sent_from_the_beginning() -> None:
    progress = begun("dd", "pp", "pp").batch_started(BATCHES[1], LATER)
    order = progress.batch_order(BATCHES[1], model(), END, taken_up=True)
    assert (order.taken_up, order.cells, order.owner) == (True, "uu", "r1")
    plain = progress.batch_order(BATCHES[1], model(), END)
    assert (plain.taken_up, plain.cells) == (False, "pp")


@given(policies(), inventories(), st.data())
def test_wherever_it_breaks_off_nothing_that_was_sent_is_forgotten(
    rules: Policy, there: Inventory, data: st.DataObject
) -> None:
    progress = planned(there, rules)
    for batch in plan_batches(rules, there, NEW).batches:
        cells = "".join(data.draw(st.sampled_from(Cell)) for _ in batch.instance_ids)
        progress = progress.batch_started(batch, START)
        progress = progress.batch_finished(batch, BatchOutcome(cells=cells), START)
    record: dict[str, Any] = {
        "baseline": progress.baseline.inventory(there).pack(),
        "reasons": {},
        "events": [],
    }
    order = taken_up(progress.order, progress.view(START), record, None, "x")
    again = Progress.begun(order, LATER)
    assert again.tally.cells == progress.tally.cells
    moved = {Cell.DONE, Cell.FAILED, *IN_PROGRESS}
    sent = {key for key in progress.tally.touched if progress.tally.cells[key] in moved}
    assert sent <= again.tally.touched.keys()
    assert [row.cells for row in again.view(START).rows] == [
        row.cells for row in progress.view(START).rows
    ]


@pytest.mark.parametrize("unforeseen", [True, False])
def test_after_an_unforeseen_end_a_retry_is_offered(*, unforeseen: bool) -> None:
    ended = begun("dd", "pp", "pp").finished(Phase.FAILED, "x", LATER, unforeseen=unforeseen)
    assert ended.verbs == [*([Verb.RETRY] if unforeseen else []), Verb.ROLLBACK]


def test_after_an_unforeseen_end_before_anything_both_are_offered() -> None:
    ended = begun(baseline=None, batch=0).finished(Phase.FAILED, "x", LATER, unforeseen=True)
    assert ended.verbs == [Verb.RETRY, Verb.ROLLBACK]


def test_after_an_unforeseen_end_of_a_rollback_it_can_still_be_rolled_back() -> None:
    back = begun("dd", "pp", "pp").starting_rollback()
    ended = back.finished(Phase.FAILED, "x", LATER, unforeseen=True)
    assert Verb.ROLLBACK in ended.verbs


def test_an_abort_of_a_rollback_outlives_the_orchestration_that_heard_it() -> None:
    """It was said of the rollback, so what begins the rollback anew does not answer it."""
    abort = Command(verb=Verb.ABORT, by="ann")
    progress = begun("dd", "pp", "pp", control=Control(ending=abort), rolling_back="x")
    assert progress.starting_rollback().control.ending == abort


@pytest.mark.parametrize("verb", [Verb.PAUSE, Verb.ROLLBACK])
def test_what_led_to_a_rollback_has_taken_effect_when_that_begins(verb: Verb) -> None:
    control = Control().apply(Command(verb=verb, by="ann"))
    assert begun("dd", "pp", "pp", control=control).starting_rollback().control == Control()
