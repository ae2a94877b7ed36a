"""A rollout that broke off is taken up: what the next orchestration is told of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import NEW, START, batch_order, inventory, planned, seconds, spread
from hypothesis import given
from hypothesis import strategies as st

from rollout.base import EventKind, Phase
from rollout.batch import BatchOutcome
from rollout.plan import given_up_reason, plan_batches
from rollout.run import (
    Command,
    Control,
    Progress,
    Received,
    RolloutOrder,
    State,
    Verb,
    Waits,
    attempts,
    decided_about,
    left_behind_by,
    sent_back,
    taken_up,
)
from rollout.run.earlier import Resumption

INSTANCES = inventory(spread(20))
BATCHES = plan_batches(planned(INSTANCES).order.request.policy, INSTANCES, NEW).batches
LAST = batch_order(INSTANCES)
PAUSE, ABORT, ROLLBACK, RETRY = (
    Command(verb=verb, by="ann") for verb in (Verb.PAUSE, Verb.ABORT, Verb.ROLLBACK, Verb.RETRY)
)
GLASS = Command(verb=Verb.BREAK_GLASS, by="ann", reason="CVE")


def under_way() -> Progress:
    """Its first batch is through, its second under way."""
    progress = planned(INSTANCES).batch_started(BATCHES[0], START)
    progress = progress.batch_finished(BATCHES[0], BatchOutcome(cells="dddd"), START + seconds(60))
    return progress.batch_started(BATCHES[1], START + seconds(60))


def record(*events: State, **fields: Any) -> State:
    return {"baseline": INSTANCES.pack(), "reasons": {}, "events": list(events), **fields}


def event(number: int, kind: EventKind, message: str = "", **evidence: Any) -> State:
    return {
        "at": "2026-07-01T12:00:00Z", "kind": kind.value, "message": message,
        "evidence": evidence, "position": [number],
    }  # fmt: skip


def resumed(
    progress: Progress,
    said: State | None = None,
    command: Command | None = None,
    received: Sequence[Command] = (),
) -> Resumption:
    """What it goes on from after it broke off in that state."""
    view, reason = progress.view(START), "its worker died"
    heard = Received(received)
    order = taken_up(progress.order, view, said or record(), LAST, reason, command, heard)
    assert order.resume is not None
    return order.resume


def test_what_is_known_of_it_is_handed_on() -> None:
    said = record(event(1, EventKind.STARTED), event(2, EventKind.PLANNED))
    resume = resumed(under_way(), said)
    view = under_way().view(START)
    assert (resume.rows, resume.image, resume.batch) == (view.rows, view.image, 2)
    assert (resume.started_at, resume.inventory) == (START, INSTANCES)
    assert (resume.last, resume.reason, resume.events) == (LAST, "its worker died", 2)


def test_the_rest_of_the_order_stays() -> None:
    order = planned(INSTANCES, reason="CVE-2026-1234").order.model_copy(update={"wave": "f1:w-1"})
    again = taken_up(order, under_way().view(START), record(), LAST, "x")
    assert again.model_copy(update={"resume": None}) == order


def test_a_rollout_that_broke_off_before_it_said_anything_begins_again() -> None:
    order = planned(INSTANCES).order
    view = Progress.begun(order, START).view(START)
    resume = taken_up(order, view, None, None, "its worker died").resume
    assert resume is not None
    assert (resume.batch, resume.inventory, resume.rows, resume.last) == (0, None, [], None)
    assert (resume.events, resume.under_way, resume.attempt) == (0, False, 1)


@pytest.mark.parametrize(
    ("progress", "is_under_way"),
    [
        pytest.param(planned(INSTANCES), False, id="before the first"),
        pytest.param(under_way(), True, id="in one"),
        pytest.param(
            under_way().batch_finished(BATCHES[1], BatchOutcome(cells="dddd"), START),
            False,
            id="between two",
        ),
    ],
)
def test_it_is_known_whether_a_batch_was_under_way(
    progress: Progress, *, is_under_way: bool
) -> None:
    assert resumed(progress).under_way is is_under_way


@pytest.mark.parametrize(("changed", "model_set"), [(True, True), (False, False), (None, False)])
def test_it_is_known_whether_the_model_was_set(*, changed: bool | None, model_set: bool) -> None:
    said = record() if changed is None else record(event(1, EventKind.MODEL_SET, changed=changed))
    assert resumed(under_way(), said).model_set is model_set


def test_automatic_repairs_that_were_suspended_are_to_be_restored() -> None:
    suspended = event(1, EventKind.REPAIRS_SUSPENDED)
    resumed_again = event(2, EventKind.REPAIRS_RESTORED)
    assert resumed(under_way(), record(suspended)).repairs_suspended
    assert not resumed(under_way(), record(suspended, resumed_again)).repairs_suspended


def test_repairs_that_could_not_be_resumed_are_tried_again_by_who_goes_on() -> None:
    suspended = event(1, EventKind.REPAIRS_SUSPENDED)
    in_vain = event(2, EventKind.REPAIRS_NOT_RESTORED)
    assert left_behind_by(record(suspended)).repairs_untried
    assert not left_behind_by(record(suspended, in_vain)).repairs_untried
    assert resumed(under_way(), record(suspended, in_vain)).repairs_suspended


@pytest.mark.parametrize("kind", [EventKind.APPROVED, EventKind.APPROVAL_ASKED])
def test_an_approval_that_was_given_is_not_asked_for_again(kind: EventKind) -> None:
    said = record(event(1, EventKind.STARTED), event(2, kind))
    assert resumed(under_way(), said).approved is (kind is EventKind.APPROVED)


def test_who_was_given_up_is_told_from_the_reasons() -> None:
    reasons = {"0": given_up_reason("by ann"), "5": "is protected"}
    resume = resumed(under_way(), record(reasons=reasons))
    assert (resume.given_up, resume.reasons) == (["0"], reasons)


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        pytest.param([], None, Control(), id="nothing was said"),
        pytest.param([PAUSE], None, Control(paused=PAUSE), id="a pause stays"),
        pytest.param([ABORT], None, Control(ending=ABORT), id="an abort stays"),
        pytest.param([PAUSE, ABORT], None, Control(ending=ABORT), id="an end is enough"),
        pytest.param([PAUSE], RETRY, Control(), id="a retry ends a pause"),
        pytest.param([GLASS], RETRY, Control(glass=GLASS), id="broken glass stays broken"),
        pytest.param([], RETRY, Control(), id="a retry is no decision about instances"),
        pytest.param([PAUSE], ABORT, Control(paused=PAUSE, ending=ABORT), id="an abort applies"),
        pytest.param([], ROLLBACK, Control(ending=ROLLBACK), id="a rollback applies"),
    ],
)
def test_what_the_operator_wants_holds_on(
    before: list[Command], command: Command | None, after: Control
) -> None:
    progress = under_way()
    for said in before:
        progress = progress.apply(said)
    assert resumed(progress, command=command).control == after
    assert resumed(under_way(), command=command, received=before).control == after


def told(verb: Verb, step: int) -> Command:
    return Command(verb=verb, by="ann", step=step)


PAUSED_BEFORE, RESUMED_LATE = told(Verb.PAUSE, 2), told(Verb.RESUME, 1)
APPROVED, APPROVED_BEFORE = told(Verb.APPROVE, 2), told(Verb.APPROVE, 1)
SKIPPED = told(Verb.SKIP, 2)


@pytest.mark.parametrize(
    ("phase", "received", "left"),
    [
        pytest.param(Phase.PROGRESSING, [PAUSED_BEFORE, RESUMED_LATE], {"paused"}, id="late"),
        pytest.param(Phase.AWAITING_APPROVAL, [APPROVED], {"approval"}, id="approved unheard"),
        pytest.param(Phase.AWAITING_APPROVAL, [APPROVED_BEFORE], set[str](), id="approved before"),
        pytest.param(Phase.PROGRESSING, [APPROVED], set[str](), id="approved, and begun"),
        pytest.param(Phase.PAUSED, [SKIPPED], {"decision"}, id="decided unheard"),
        pytest.param(Phase.PROGRESSING, [SKIPPED], set[str](), id="decided, and carried out"),
        pytest.param(Phase.ROLLING_BACK, [ROLLBACK], set[str](), id="a rollback has begun"),
        pytest.param(Phase.ROLLING_BACK, [ROLLBACK, ABORT], {"ending"}, id="aborted unheard"),
    ],
)
def test_what_was_received_counts_even_if_no_view_has_shown_it(
    phase: Phase, received: list[Command], left: set[str]
) -> None:
    progress = replace(under_way(), phase=phase)
    control = resumed(progress, received=received).control
    assert control.to_json().keys() == left
    assert control.ending is None or control.ending.verb is Verb.ABORT


def test_a_decision_is_about_what_was_shown_alone() -> None:
    """What is taken up asks its gates anew: another one may fail."""
    asked = under_way().waiting_for_operator(
        Phase.PAUSED, "Paused", needs_decision=True, waits=Waits(since=START, gate="error rate")
    )
    decision = resumed(asked, received=[SKIPPED]).control.decision
    assert decision is not None
    abouts = [decided_about("error rate"), decided_about("tests"), decided_about()]
    assert [decision.decides(about) for about in abouts] == [True, False, False]
    assert all(SKIPPED.decides(about) for about in abouts)


def test_glass_that_was_broken_for_it_stays_broken() -> None:
    """By its fleet rollout, before it began; whatever it has heard since."""
    order = under_way().order.model_copy(update={"glass": GLASS})
    progress = replace(under_way(), order=order, control=order.control)
    for received in ([], [PAUSE]):
        assert resumed(progress, received=received).control.glass == GLASS


def test_a_rollout_that_was_going_forward_is_not_rolling_back() -> None:
    assert resumed(under_way()).rolling_back is None


def test_a_rollback_goes_on_for_the_reason_it_had() -> None:
    back = under_way().starting_rollback().doing("Batch 3 of 3 (update domain 0)")
    said = record(
        event(4, EventKind.ROLLING_BACK, "Rolling back. Too many failed."),
        event(5, EventKind.BATCH_STARTED, "Batch 3 of 3"),
    )
    assert resumed(back, said).rolling_back == "Too many failed."
    assert resumed(back).rolling_back == "Batch 3 of 3 (update domain 0)"


def test_a_rollback_that_an_unexpected_error_ended_goes_on_as_a_rollback() -> None:
    """Its last view says Failed, and it must not go forward again."""
    back = under_way().starting_rollback().finished(Phase.FAILED, "x", START, unforeseen=True)
    said = record(event(4, EventKind.ROLLING_BACK, "Rolling back. Too many failed."))
    assert Verb.RETRY in back.view(START).verbs
    assert resumed(back, said, RETRY).rolling_back == "Too many failed."


def _order(batch: int, attempt: int) -> RolloutOrder:
    """One that was taken up `attempt` times after that batch had begun."""
    resume = resumed(under_way()).model_copy(update={"batch": batch, "attempt": attempt})
    return planned(INSTANCES).order.model_copy(update={"resume": resume})


def test_the_first_time_is_the_first_attempt() -> None:
    assert attempts(planned(INSTANCES).order, 3) == 0
    assert resumed(under_way()).attempt == 1


@pytest.mark.parametrize(
    ("batch", "count"),
    [
        pytest.param(2, 2, id="the same batch"),
        pytest.param(3, 2, id="the same, taken up under the next number"),
        pytest.param(4, 0, id="a further one: it got on"),
    ],
)
def test_attempts_are_counted_until_it_gets_on(batch: int, count: int) -> None:
    assert attempts(_order(2, 2), batch) == count


@given(st.integers(0, 3), st.integers(0, 5))
def test_attempts_only_grow_until_there_is_a_further_batch(batch: int, times: int) -> None:
    order, view = planned(INSTANCES).order, under_way().view(START)
    for attempt in range(1, times + 1):
        stood = view.model_copy(update={"batch": batch})
        order = taken_up(order, stood, record(), LAST, "x")
        assert order.resume is not None
        assert order.resume.attempt == attempt
    assert attempts(order, batch + 2) == 0


def test_a_rollback_of_what_has_ended_is_no_longer_what_was_taken_up() -> None:
    order = _order(2, 2)
    back = sent_back(order, under_way().view(START), record(), LAST, ROLLBACK)
    assert back.resume is None
    assert back.rollback is not None
    assert (back.rollback.command, back.rollback.batch) == (ROLLBACK, 2)
    assert (back.rollback.last, back.rollback.under_way) == (LAST, True)
    assert back.earlier == back.rollback
    assert back.instance_id == "r1:rollback"


def test_a_rollback_that_is_taken_up_goes_on_from_where_it_broke_off() -> None:
    back = sent_back(planned(INSTANCES).order, under_way().view(START), record(), LAST, ROLLBACK)
    again = taken_up(back, under_way().view(START), record(), LAST, "x")
    assert again.rollback == back.rollback
    assert again.earlier == again.resume
    assert again.same_start(back)
