from datetime import timedelta
from typing import Any

import pytest
from builders import (
    START,
    batch_order,
    inventory,
    limits,
    policy,
    reading,
    seconds,
    spread,
    throttled,
)

from rollout.base import Cell
from rollout.batch import GONE, BatchOrder, BatchOutcome, Selection, Verdict, Watch, summary_of
from rollout.batch.report import (
    heading,
    held,
    not_sent,
    nothing_left,
    outcome_of,
    sent,
    status_of,
    waiting_for_azure,
    watch_limits,
    watching,
)
from rollout.batch.verdict import OFF
from rollout.plan import ON_TARGET, Policy

BATCH = ["0", "5", "10", "15"]


def _order(rules: Policy | None = None) -> BatchOrder:
    return batch_order(inventory(spread(20)), rules)


def _watch(letters: str, until: int = 60) -> Watch:
    """A watch over the batch that read these letters twice, the second time `until` seconds after
    the first; after 60 the healthy ones are stable.
    """
    watch = Watch.begin(BATCH, limits(), START)
    for after in (0, until):
        watch = watch.seen(reading(letters, BATCH), START + seconds(after))
    return watch


@pytest.mark.parametrize(
    ("rules", "stable", "timeout"),
    [
        pytest.param({}, 1, 15, id="a batch: as the health policy says"),
        pytest.param({"canary": {"bake": "PT5M"}}, 5, 20, id="a canary bakes, and gets the time"),
        pytest.param(
            {"canary": {"bake": "PT30S"}}, 1, 15.5, id="a canary never settles faster than a batch"
        ),
    ],
)
def test_the_watch_takes_in_minutes(rules: dict[str, Any], stable: float, timeout: float) -> None:
    found = watch_limits(_order(policy(**rules)))
    minutes = timedelta(minutes=stable), timedelta(minutes=timeout)
    assert (found.stable, found.timeout) == minutes
    assert found.unhealthy_after == timedelta(minutes=10)


def test_after_the_canary_a_batch_is_a_batch() -> None:
    first = _order(policy(canary={"bake": "PT5M"}))
    later = first.model_copy(update={"batch": first.batch.model_copy(update={"canary": False})})
    found = watch_limits(later)
    assert (found.stable, found.timeout) == (timedelta(minutes=1), timedelta(minutes=15))


@pytest.mark.parametrize(
    ("rules", "beginning"),
    [
        ({}, "Batch 1 of 5 (update domain 0)"),
        ({"canary": {"instances": 1}}, "Batch 1 of 6 (canary, update domain 0)"),
    ],
)
def test_every_message_begins_with(rules: dict[str, Any], beginning: str) -> None:
    assert heading(_order(policy(**rules))) == beginning


@pytest.mark.parametrize(
    ("letters", "doing"),
    [
        ("ouff", "2 upgrading, 2 failed"),
        ("xkih", "3 waiting to be healthy, 1 done"),
        ("hhhg", "3 done"),
        ("gggg", "nothing left to upgrade"),
    ],
)
def test_while_it_is_watched_it_is_said_how_many_do_what(letters: str, doing: str) -> None:
    message = watching(_order(), _watch(letters))
    assert message == f"Batch 1 of 5 (update domain 0): {doing}"


BACK = {"done": Cell.ROLLED_BACK}
OFF_ON_THE_WAY_BACK = (
    "was switched off while its batch was under way: whether it works on its image could not be "
    "verified. Start it, then roll back again"
)


@pytest.mark.parametrize(
    ("letters", "doing"),
    [
        ("ouff", "2 going back, 2 failed"),
        ("hhhg", "3 back"),
        ("gggg", "nothing left to put back"),
    ],
)
def test_on_the_way_back_nothing_is_said_to_be_upgraded(letters: str, doing: str) -> None:
    message = watching(_order().model_copy(update=BACK), _watch(letters))
    assert message == f"Batch 1 of 5 (update domain 0): {doing}"


@pytest.mark.parametrize(
    ("forward", "back"),
    [
        ("still on the old image: why", "still on the image that is taken back: why"),
        ("on the target image but unhealthy", "back on its image but unhealthy"),
        ("failed to provision", "failed to provision"),
        (OFF, OFF_ON_THE_WAY_BACK),
    ],
)
def test_on_the_way_back_a_reason_names_the_image_that_is_meant(forward: str, back: str) -> None:
    order, verdict = _order(), Verdict(failed={"0": forward})
    there = outcome_of(order, Selection(BATCH, {}), verdict)
    assert there.reasons == {"0": forward}
    again = outcome_of(order.model_copy(update=BACK), Selection(BATCH, {}), verdict)
    assert again.reasons == {"0": back}


def test_azure_is_said_to_have_accepted_what_it_does() -> None:
    assert sent(_order(), 4) == "Azure accepted the upgrade of 4 instance(s)"
    back = _order().model_copy(update=BACK)
    assert sent(back, 4) == "Azure accepted to put 4 instance(s) back"


def test_an_instance_that_is_healthy_and_not_yet_stable_is_said_to_be_so() -> None:
    message = watching(_order(), _watch("hhhh", 59))
    assert message.endswith(": 4 healthy, stabilizing")


def test_while_azure_is_busy_it_is_said_what_was_tried_and_when_again() -> None:
    message = waiting_for_azure(_order(), throttled(), seconds(90))
    assert message.startswith("Batch 1 of 5 (update domain 0): could not list the instances of")
    assert message.endswith(". Trying again in 1 min 30 s")


def test_a_sentence_of_azures_ends_with_one_full_stop_here_too() -> None:
    error = throttled(message="Too many requests have been received.")
    assert ".." not in waiting_for_azure(_order(), error, seconds(90))


def test_the_batch_publishes_its_cells_as_they_are_now() -> None:
    status = status_of(_order(), START + seconds(60), "working", _watch("hxfo"))
    assert (status.cells, status.message) == ("dcfu", "working")


def test_before_it_is_watched_its_cells_are_as_they_were() -> None:
    assert status_of(_order(), START, "looking").cells == "pppp"


def test_who_is_not_watched_stays_as_it_was() -> None:
    order = _order().model_copy(update={"cells": "ppkf"})
    watch = Watch.begin(["0"], limits(), START)
    assert status_of(order, START, "working", watch).cells == "upkf"


def test_a_canary_publishes_its_own_cells_only() -> None:
    canary = _order(policy(canary={"instances": 1}))
    watch = Watch.begin(["0"], limits(), START)
    assert status_of(canary, START, "working", watch).cells == "u"


def test_on_the_way_back_what_is_through_is_rolled_back() -> None:
    order = _order().model_copy(update={"done": Cell.ROLLED_BACK})
    assert status_of(order, START, "working", _watch("hxfo")).cells == "rcfu"


def test_a_batch_that_did_not_begin_left_everything_as_it_was() -> None:
    outcome = not_sent(_order(), "the deadline has passed")
    assert (outcome.cells, outcome.reasons, outcome.halt) == (
        "pppp",
        {},
        "the deadline has passed",
    )


def test_a_batch_that_may_have_been_sent_is_not_said_to_be_untouched() -> None:
    outcome = not_sent(_order().maybe_sent(), "Azure could not be asked")
    assert (outcome.cells, outcome.unbegun) == ("uuuu", False)


def test_a_batch_that_the_operator_held_is_no_reason_to_halt() -> None:
    outcome = held(_order())
    assert (outcome.cells, outcome.halt, outcome.held) == ("pppp", None, True)


def test_the_outcome_has_a_cell_for_every_instance() -> None:
    selection = Selection(["0", "15"], {"5": ON_TARGET, "10": GONE})
    outcome = outcome_of(_order(), selection, Verdict(failed={"15": "is unhealthy"}))
    assert outcome.by_instance(BATCH) == {
        "0": Cell.DONE,
        "5": Cell.SKIPPED,
        "10": Cell.GONE,
        "15": Cell.FAILED,
    }
    assert outcome.reasons == {"5": ON_TARGET, "10": GONE, "15": "is unhealthy"}
    assert outcome.halt is None


def test_who_went_away_while_it_was_watched_is_left_out_and_the_reason_is_told() -> None:
    verdict = Verdict(left_out={"10": "was switched off", "15": GONE})
    outcome = outcome_of(_order(), Selection(BATCH, {}), verdict)
    assert (outcome.cells, outcome.reasons) == ("ddkg", {"10": "was switched off", "15": GONE})


def test_what_azure_never_began_is_as_it_was() -> None:
    verdict = Verdict(failed={"0": "failed to provision"}, unmoved={"5": "still on the old image"})
    outcome = outcome_of(_order(), Selection(BATCH, {}), verdict)
    assert (outcome.cells, outcome.reasons) == ("fpdd", {"0": "failed to provision"})


def test_nothing_left_is_an_outcome_too() -> None:
    left_out = {"0": GONE, "5": ON_TARGET, "10": ON_TARGET, "15": GONE}
    outcome = nothing_left(_order(), Selection([], left_out))
    assert (outcome.cells, outcome.reasons) == ("gkkg", left_out)


def test_what_became_of_a_batch_is_said_in_a_few_words() -> None:
    assert summary_of(BatchOutcome(cells="ddfg")) == "2 done, 1 failed, 1 gone"
