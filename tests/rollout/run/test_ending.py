import pytest
from builders import NEW, START, inventory, planned, policy, request, spread, unhealthy

from rollout.batch import BatchOutcome
from rollout.plan import Batch, Policy, plan_batches
from rollout.run import Progress, RolloutEnding, RolloutOrder, failure_of

INVENTORY = inventory(spread(20))
ILL = "on the target image but unhealthy"


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


def test_a_failure_says_what_happened_to_whom_and_why() -> None:
    assert _failure(_after("dddf", reasons={"15": ILL})) == (
        f"Stopped after batch 1 of 5 (update domain 0): instance 15: {ILL}. "
        "No upgraded instance may fail (policy.maxUnhealthyUpgradedInstances)."
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


def test_a_rollout_that_halts_says_why() -> None:
    stopped = RolloutEnding(_after("dddd")).stopped("the deadline has passed")
    assert stopped == "Stopped: the deadline has passed."


def test_an_empty_scale_set_may_have_been_changed() -> None:
    stopped = RolloutEnding(planned(inventory([]))).stopped("Azure could not set the image")
    assert stopped == "Stopped: Azure could not set the image."


def test_an_abort_says_how_far_it_had_come() -> None:
    ending = RolloutEnding(_after("dddd"))
    assert ending.aborted("by alice") == "Aborted by alice after batch 1 of 5."


def test_an_abort_before_the_first_batch_touched_nothing() -> None:
    assert RolloutEnding(planned(INVENTORY)).aborted("by alice (wrong image)") == (
        "Aborted by alice (wrong image). No instance was touched."
    )
