from dataclasses import replace

import pytest
from builders import (
    NEW,
    OLD,
    SCALE_SET,
    START,
    instance,
    inventory,
    model,
    planned,
    policy,
    request,
    scale_set,
    spread,
    unhealthy,
)

from rollout.base import Cell
from rollout.batch import GONE, BatchOutcome, foreign_change
from rollout.plan import Batch, Policy, plan_batches
from rollout.run import Progress, RolloutEnding, RolloutOrder, failure_of

INVENTORY = inventory(spread(20))
ILL = "on the target image but unhealthy"
MODEL = f"The scale set's image is now {NEW}"


def _after(
    cells: str, rules: Policy | None = None, reasons: dict[str, str] | None = None
) -> Progress:
    """A rollout of 20 after its first batch came to these cells."""
    batch = plan_batches(rules or policy(), INVENTORY, NEW).batches[0]
    return _through(planned(INVENTORY, rules), batch, cells, reasons)


def _through(
    progress: Progress, batch: Batch, cells: str, reasons: dict[str, str] | None = None
) -> Progress:
    outcome = BatchOutcome(cells=cells, reasons=reasons or {})
    return progress.batch_started(batch, START).batch_finished(batch, outcome, START)


def _failure(progress: Progress) -> str:
    failure = failure_of(progress)
    assert failure is not None
    return RolloutEnding(progress).failed("update domain 0", failure)


@pytest.mark.parametrize(
    ("budget", "cells", "within"),
    [
        pytest.param(0, "dddd", True, id="none failed, and none may"),
        pytest.param(0, "dddf", False, id="one failed, and none may"),
        pytest.param(1, "dddf", True, id="one failed, and one may"),
        pytest.param(1, "ddff", False, id="two failed, and one may"),
        pytest.param("9%", "dddf", True, id="9 % of 20 are 1"),
        pytest.param("9%", "ddff", False, id="9 % of 20 are not 2: it rounds down"),
        pytest.param(0, "ddkg", True, id="skipped and gone ones have not failed"),
    ],
)
def test_failures_are_within_the_budget(budget: int | str, cells: str, *, within: bool) -> None:
    progress = _after(cells, policy(maxUnhealthyUpgradedInstances=budget))
    assert (failure_of(progress) is None) is within


def test_who_was_unhealthy_before_counts_against_nobody() -> None:
    there = inventory([unhealthy(INVENTORY.instances[0]), *INVENTORY.instances[1:]])
    batch = plan_batches(policy(), there, NEW).batches[0]
    progress = _through(planned(there), batch, "fddd", {"0": ILL})
    assert failure_of(progress) is None


def test_failures_of_all_batches_together_count() -> None:
    rules = policy(maxUnhealthyUpgradedInstances=1)
    batches = plan_batches(rules, INVENTORY, NEW).batches
    progress = _through(planned(INVENTORY, rules), batches[0], "dddf")
    assert failure_of(progress) is None
    progress = _through(progress, batches[1], "fddd")
    assert failure_of(progress) is not None


def test_a_failure_says_what_happened_to_whom_and_why_and_what_to_do() -> None:
    assert _failure(_after("dddf", reasons={"15": ILL})) == (
        "Stopped after batch 1 of 5 (update domain 0): "
        f"instance 15: {ILL}. "
        "No upgraded instance may fail (policy.maxUnhealthyUpgradedInstances). "
        f"3 instance(s) run {NEW} and are healthy; 16 were not touched. "
        f"The scale set's image is now {NEW}: new instances get it. Look at these instances and at "
        "the image; then put the model back, or start again with an image that works."
    )


def test_failures_for_the_same_reason_are_told_together() -> None:
    assert f"instances 0, 5: {ILL}." in _failure(_after("ffdd", reasons={"0": ILL, "5": ILL}))


def test_a_rollout_that_was_refused_changed_nothing() -> None:
    progress = Progress(order=RolloutOrder(id="r1", request=request()), started_at=START)
    assert RolloutEnding(progress).stopped("the image was not found") == (
        "Stopped before anything was changed: the image was not found."
    )


def test_a_refusal_that_is_a_sentence_ends_with_one_full_stop() -> None:
    progress = Progress(order=RolloutOrder(id="r1", request=request()), started_at=START)
    message = RolloutEnding(progress).stopped("The image was not found.")
    assert message.endswith("was not found.")
    assert ".." not in message


def test_a_rollout_that_halts_says_what_is_where() -> None:
    assert RolloutEnding(_after("dddd")).stopped("the deadline has passed") == (
        f"Stopped: the deadline has passed. 4 instance(s) run {NEW} and are healthy; "
        f"16 were not touched. The rollout has set the scale set's image to {NEW}."
    )


def test_a_rollout_that_could_not_set_the_image_does_not_say_that_it_did() -> None:
    message = RolloutEnding(planned(INVENTORY)).stopped("could not set the image of the scale set")
    assert str(NEW) not in message


@pytest.mark.parametrize("batch_is_behind", [False, True])
def test_a_rollout_whose_image_somebody_replaced_does_not_say_that_it_is_there(
    *, batch_is_behind: bool
) -> None:
    progress = _after("dddd") if batch_is_behind else planned(INVENTORY)
    reason = foreign_change(model(), scale_set(image=OLD))
    assert reason is not None
    message = RolloutEnding(progress).stopped(reason)
    assert f"someone changed the image in the model of {SCALE_SET.name}" in message
    assert MODEL not in message


def test_an_abort_before_the_first_batch_touched_nothing() -> None:
    assert RolloutEnding(planned(INVENTORY)).aborted("by alice (wrong image)") == (
        "Aborted by alice (wrong image). No instance was touched."
    )


def test_an_abort_before_the_first_batch_says_that_the_model_names_the_new_image() -> None:
    progress = replace(planned(INVENTORY), model_set=True)
    assert RolloutEnding(progress).aborted("by alice") == (
        "Aborted by alice. No instance was touched. "
        f"The rollout has set the scale set's image to {NEW}."
    )


def test_an_abort_says_what_is_where() -> None:
    assert RolloutEnding(_after("dddd")).aborted("by alice") == (
        f"Aborted by alice after batch 1 of 5. 4 instance(s) run {NEW} and are healthy; "
        f"16 were not touched. The rollout has set the scale set's image to {NEW}."
    )


def test_what_was_left_in_the_middle_is_told() -> None:
    progress = _after("dddd")
    tally = replace(progress.tally, cells={**progress.tally.cells, "1": Cell.UPGRADING})
    broken = replace(progress, tally=tally)
    message = RolloutEnding(broken).stopped("an unforeseen error")
    assert "1 were left in the middle of their upgrade; 15 were not touched" in message


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        pytest.param("dddd", f"4 instance(s) run {NEW} and are healthy.", id="all of them"),
        pytest.param(
            "dddk", f"3 instance(s) run {NEW} and are healthy; 1 skipped.", id="one skipped"
        ),
        pytest.param(
            "dddf",
            f"3 instance(s) run {NEW} and are healthy; 1 failed, within the budget.",
            id="one failed, within the budget",
        ),
        pytest.param(
            "dddg", f"3 instance(s) run {NEW} and are healthy.", id="one gone: it is no more"
        ),
        pytest.param(
            "ffff",
            f"0 instance(s) run {NEW} and are healthy; 4 failed, within the budget.",
            id="all failed, within the budget",
        ),
    ],
)
def test_a_success_says_what_is_where(cells: str, message: str) -> None:
    progress = _after(cells, policy(updateDomains=[0]))
    assert RolloutEnding(progress).succeeded() == message


def test_a_rollout_with_nothing_to_do_succeeds_and_says_so() -> None:
    there = inventory([instance(0, image=NEW), instance(1, protect_from_scale_set_actions=True)])
    assert RolloutEnding(planned(there)).succeeded() == (
        "Nothing to do: each of the 2 instance(s) already runs the target image, or is protected "
        f"from scale set actions (protectFromScaleSetActions). The scale set's image is {NEW}."
    )


def test_an_empty_scale_set_succeeds_and_says_so() -> None:
    assert RolloutEnding(planned(inventory([]))).succeeded() == (
        f"Nothing to upgrade: the scale set has no instances. The scale set's image is {NEW}."
    )


def test_when_every_instance_has_gone_it_says_so() -> None:
    message = RolloutEnding(_after("gggg", policy(updateDomains=[0]))).succeeded()
    assert f"each of the 4 instance(s) {GONE}" in message
