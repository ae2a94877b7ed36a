"""What follows a batch."""

from typing import Any

import pytest
from builders import NEW, START, changed, inventory, planned, policy, spread

from rollout.base import Phase, Proceed
from rollout.batch import BatchOutcome
from rollout.inventory import Health
from rollout.plan import Policy, plan_batches
from rollout.run import (
    Ask,
    Command,
    Conclusion,
    End,
    Progress,
    Retry,
    RollBack,
    RolloutEnding,
    Verb,
    after_batch,
    concluded_by,
)

INSTANCES = inventory(spread(20))
BATCH = plan_batches(policy(), INSTANCES, NEW).batches[0]
ILL = "on the target image but unhealthy"
HALT = "3 of 20 instances are unhealthy"
THROUGH = BatchOutcome(cells="dddd")
FAILED = BatchOutcome(cells="dddf", reasons={"15": ILL})
UNBEGUN = BatchOutcome(cells="pppp", halt=HALT)
GIVEN_UP = BatchOutcome(cells="uuup", halt=HALT)
UNHEALTHY = BatchOutcome(cells="pppp", halt=HALT, unhealthy=True)
FAILURE = (
    f"instance 15: {ILL}. No upgraded instance may fail (policy.maxUnhealthyUpgradedInstances)."
)
ABORT = Command(verb=Verb.ABORT, by="ann")
ROLLBACK = Command(verb=Verb.ROLLBACK, by="ann")
PAUSE = Command(verb=Verb.PAUSE, by="ann")


def after(outcome: BatchOutcome, rules: Policy | None = None) -> Progress:
    """A rollout after its first batch."""
    progress = planned(INSTANCES, rules).batch_started(BATCH, START)
    return progress.batch_finished(BATCH, outcome, START)


def follows(
    outcome: BatchOutcome, *commands: Command, **rules: Any
) -> Proceed[None] | Retry | Ask | Conclusion:
    """What follows that batch, when the operator has said this meanwhile."""
    progress = after(outcome, policy(**rules))
    for command in commands:
        progress = progress.apply(command)
    return after_batch(progress, BATCH, outcome)


EVERY_POLICY = pytest.mark.parametrize("on_failure", ["rollback", "pause", "stop"])


@EVERY_POLICY
@pytest.mark.parametrize(
    ("outcome", "allowed"),
    [
        pytest.param(THROUGH, 0, id="that went well"),
        pytest.param(BatchOutcome(cells="dkgd"), 0, id="of which some were left out"),
        pytest.param(FAILED, 1, id="with no more failures than may be"),
    ],
)
def test_the_rollout_goes_on_after_a_batch(
    outcome: BatchOutcome, allowed: int, on_failure: str
) -> None:
    step = follows(outcome, maxUnhealthyUpgradedInstances=allowed, onFailure=on_failure)
    assert step == Proceed(None)


@pytest.mark.parametrize(
    ("on_failure", "step"),
    [
        (
            "rollback",
            RollBack(f"Batch 1 of 5 (update domain 0) failed: {FAILURE}"),
        ),
        ("pause", Ask(FAILURE)),
        (
            "stop",
            End(
                Phase.FAILED,
                f"Stopped after batch 1 of 5 (update domain 0): {FAILURE}",
            ),
        ),
    ],
)
def test_after_more_failures_than_may_be_the_policy_decides(
    on_failure: str, step: Ask | Conclusion
) -> None:
    assert follows(FAILED, onFailure=on_failure) == step


@pytest.mark.parametrize(
    ("on_failure", "step"),
    [
        (
            "rollback",
            RollBack(f"Batch 1 (update domain 0) did not begin: {HALT}."),
        ),
        (
            "pause",
            Retry(
                BATCH.instance_ids,
                Command(
                    verb=Verb.PAUSE,
                    by="the health gate",
                    reason=f"batch 1 (update domain 0) did not begin: {HALT}",
                ),
            ),
        ),
        (
            "stop",
            End(
                Phase.FAILED,
                f"Stopped: batch 1 (update domain 0) did not begin: {HALT}.",
            ),
        ),
    ],
)
def test_when_health_holds_a_batch_up_the_policy_decides(
    on_failure: str, step: Retry | Conclusion
) -> None:
    assert follows(UNHEALTHY, onFailure=on_failure) == step


@EVERY_POLICY
@pytest.mark.parametrize(
    ("outcome", "did"),
    [
        pytest.param(UNBEGUN, "did not begin", id="that did not begin"),
        pytest.param(GIVEN_UP, "was given up", id="that was given up in its middle"),
    ],
)
def test_whatever_else_holds_a_batch_up_stops_the_rollout(
    outcome: BatchOutcome, did: str, on_failure: str
) -> None:
    """It is not safe to do anything, not even to go back."""
    step = follows(outcome, onFailure=on_failure)
    assert isinstance(step, End)
    assert step.phase is Phase.FAILED
    assert step.message == f"Stopped: batch 1 (update domain 0) {did}: {HALT}."


@EVERY_POLICY
@pytest.mark.parametrize("outcome", [THROUGH, FAILED], ids=["after success", "after failures"])
def test_an_operator_who_aborts_gets_that_whatever_the_policy_says(
    outcome: BatchOutcome, on_failure: str
) -> None:
    step = follows(outcome, ABORT, onFailure=on_failure)
    assert step == End(Phase.ABORTED, "Aborted by ann after batch 1 of 5.")


@EVERY_POLICY
@pytest.mark.parametrize("outcome", [THROUGH, FAILED], ids=["after success", "after failures"])
def test_an_operator_who_wants_it_back_gets_that_whatever_the_policy_says(
    outcome: BatchOutcome, on_failure: str
) -> None:
    step = follows(outcome, ROLLBACK, onFailure=on_failure)
    assert step == RollBack("Rollback requested by ann", ROLLBACK)


@pytest.mark.parametrize("command", [ABORT, ROLLBACK])
def test_what_makes_it_unsafe_to_do_anything_comes_before_the_operator(command: Command) -> None:
    assert follows(UNBEGUN, command) == follows(UNBEGUN)


@pytest.mark.parametrize("outcome", [THROUGH, FAILED], ids=["after success", "after failures"])
def test_a_pause_changes_nothing_about_what_follows(outcome: BatchOutcome) -> None:
    assert follows(outcome, PAUSE) == follows(outcome)


def test_an_instance_that_was_unhealthy_before_makes_no_batch_fail() -> None:
    there = inventory(changed(INSTANCES.instances, ["15"], health=Health.UNHEALTHY))
    progress = planned(there).batch_started(BATCH, START).batch_finished(BATCH, FAILED, START)
    assert after_batch(progress, BATCH, FAILED) == Proceed(None)


def test_the_reason_of_a_pause_is_as_short_as_a_command_takes_it() -> None:
    long = UNHEALTHY.model_copy(update={"halt": "of all these instances " * 40})
    step = follows(long, onFailure="pause")
    assert isinstance(step, Retry)
    assert step.pause
    assert str(step.pause.reason).endswith(" …")
    assert Command.from_request(step.pause.to_json()) == step.pause


@pytest.mark.parametrize(
    ("command", "conclusion"),
    [
        (ABORT, End(Phase.ABORTED, "Aborted by ann. No instance was touched.")),
        (ROLLBACK, RollBack("Rollback requested by ann", ROLLBACK)),
    ],
)
def test_before_the_first_batch_too_the_operator_ends_it(
    command: Command, conclusion: Conclusion
) -> None:
    assert concluded_by(command, RolloutEnding(planned(INSTANCES))) == conclusion
