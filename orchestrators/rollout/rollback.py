"""The rollback: the model to its original image, each touched instance to its own."""

from orchestrators.engine import Steps, conclude_if_requested
from orchestrators.rollout.batches import upgrade
from orchestrators.rollout.interrupted import come_to_rest
from orchestrators.rollout.model_change import set_model
from orchestrators.rollout.run import RolloutRun
from rollout.batch import LONGEST_OPERATION, BatchOutcome, Model
from rollout.inventory import Image
from rollout.plan import Batch
from rollout.run import (
    Stage,
    excluding_unhealthy,
    image_left,
    including_new_instances,
    reason_with_image_left,
    rollback_stages,
)

_ATTEMPTS = 3


def roll_back(run: RolloutRun, reason: str) -> Steps[str]:
    """Domain by domain, newest batch first, with the same health gate; returns the reason. A
    failure stops it. Raises Concluded.
    """
    yield from come_to_rest(run, run.progress.tally.in_progress, LONGEST_OPERATION)
    inventory = yield from run.read_inventory()
    excluded = excluding_unhealthy(run.progress, inventory)
    run.progress = including_new_instances(excluded, inventory)
    run.recorder.keep_baseline(run.progress.baseline.inventory(inventory).pack())
    stages = rollback_stages(run.progress, inventory)
    run.progress = run.progress.expecting(sum(len(stage.batches) for stage in stages))
    for stage in stages:
        yield from _carry_out(run, stage)
    named, left = run.progress.image.from_image, image_left(run.progress)
    if left:
        yield from _model(run, left)
        run.progress = run.progress.left_with(left)
    yield from _verify(run)
    return reason_with_image_left(reason, named, left)


def _verify(run: RolloutRun) -> Steps[None]:
    """A fresh read: an instance that was stopped or protected meanwhile has not gone back."""
    inventory = yield from run.read_inventory()
    stages = rollback_stages(run.progress, inventory)
    batches = [batch for stage in stages for batch in stage.batches]
    left = [instance_id for batch in batches for instance_id in batch.instance_ids]
    if left:
        run.halt(run.ending.rollback_incomplete(left))


def _carry_out(run: RolloutRun, stage: Stage) -> Steps[None]:
    model = yield from _model(run, stage.image)
    for batch in stage.batches:
        conclude_if_requested(run)
        not_after = run.now + run.request.policy.deadline
        outcome = yield from upgrade(run, batch, model, not_after)
        conclude_if_requested(run)
        stop_if_failed(run, batch, outcome)


def stop_if_failed(run: RolloutRun, batch: Batch, outcome: BatchOutcome) -> None:
    """Raises Concluded if this batch of the rollback did not get through."""
    if outcome.halt:
        run.halt(f"the rollback could not go on: {outcome.halt}")
    failed = run.progress.tally.failed
    failed_here = [instance_id for instance_id in batch.instance_ids if instance_id in failed]
    if failed_here:
        run.halt(run.ending.rollback_failed(failed_here))


def _model(run: RolloutRun, image: Image) -> Steps[Model]:
    """The model with that image, unless someone else has set a third one."""
    for _ in range(_ATTEMPTS):
        conclude_if_requested(run)
        inventory = yield from run.read_inventory()
        current, policy = inventory.scale_set.image, inventory.scale_set.upgrade_policy
        if policy.casefold() != "manual":
            run.halt(
                f"the upgrade policy is {policy}: a change of the model would let Azure take "
                "instances down, outside the rollout's control. Set upgradePolicy.mode to Manual "
                "first"
            )
        if current is None or not any(ours and current.same(ours) for ours in _ours(run, image)):
            run.halt(f"someone else has set the model to {current or 'no image'}: it is not ours")
        model = yield from set_model(run, inventory.scale_set, image)
        if model:
            return model
    return run.halt(f"{run.request.scale_set} kept being changed by others")


def _ours(run: RolloutRun, image: Image) -> list[Image | None]:
    """The images that the model may have if nobody else has changed it."""
    change = run.progress.image
    recorded = [instance.image for instance in run.progress.baseline.instances.values()]
    return [change.to_image, change.from_image, image, *recorded]
