"""The rollback: the model to its original image, each touched instance to its own."""

from orchestrators.engine import Steps, conclude_if_requested, rest
from orchestrators.rollout.batches import upgrade
from orchestrators.rollout.interrupted import come_to_rest
from orchestrators.rollout.model_change import set_model
from orchestrators.rollout.putting_back import drain_now, put_back_now
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError
from rollout.batch import LONGEST_OPERATION, BatchOutcome, Model
from rollout.inventory import Image, Inventory
from rollout.plan import Batch
from rollout.run import (
    Conclusion,
    End,
    RollBack,
    WayBack,
    adopting,
    excluding_unhealthy,
    image_left,
    leaves_only_a_model,
    not_back,
    reason_with_image_left,
    rollback_stages,
)

_ATTEMPTS = 3
_ROUNDS = 3
"""How often to look for more that is to be put back: who came meanwhile, or was left out."""


def roll_back(run: RolloutRun, reason: str) -> Steps[str]:
    """Those that do not serve first, then domain by domain, newest batch first, with the same
    health gate; returns the reason. What fails is set aside, or stops it: the policy says which.
    Raises Concluded.
    """
    if run.place.back is None:
        yield from come_to_rest(run, run.progress.tally.in_progress, LONGEST_OPERATION)
        inventory = yield from run.read_inventory()
        run.progress = excluding_unhealthy(run.progress, inventory)
        _plan(run, inventory, WayBack(reason=reason))
    while _back(run).stages:
        yield from _carry_out(run)
        if _back(run).rounds == _ROUNDS:
            break
        inventory = yield from run.read_inventory()
        _plan(run, inventory, _back(run))
    named, left = run.progress.image.from_image, image_left(run.progress)
    if left:
        yield from _model(run, left)
        run.progress = run.progress.left_with(left)
    yield from _verify(run)
    return reason_with_image_left(reason, named, left)


def _back(run: RolloutRun) -> WayBack:
    return run.place.back or WayBack(reason="")


def turned_back(run: RolloutRun, end: End) -> Steps[Conclusion]:
    """That end; or the way back, if it would leave nothing but a model that is ours."""
    if not leaves_only_a_model(run.progress, end):
        return end
    inventory = yield from run.try_to_read()
    if isinstance(inventory, ArmError):
        return end
    scale_set, target = inventory.scale_set, run.progress.image.to_image
    ours = scale_set.image is not None and scale_set.image.same(target)
    return RollBack(end.message) if ours and scale_set.manual else end


def _plan(run: RolloutRun, inventory: Inventory, back: WayBack) -> None:
    run.progress = adopting(run.progress, inventory)
    run.recorder.keep_baseline(run.progress.baseline.pack(inventory))
    stages = rollback_stages(run.progress, inventory, run.progress.failed_back)
    run.progress = run.progress.expecting(sum(len(stage.batches) for stage in stages))
    run.place = run.place.backward(back.planned(stages))


def _verify(run: RolloutRun) -> Steps[None]:
    """A fresh read: only what the instances run says that they are back."""
    inventory = yield from run.read_inventory()
    run.progress = adopting(run.progress, inventory)
    if left := not_back(run.progress, inventory):
        run.halt(run.ending.rollback_incomplete(left))


def _carry_out(run: RolloutRun) -> Steps[None]:
    """What is left of the plan."""
    while (back := _back(run)).stages:
        model = back.model or (yield from _model(run, back.stages[0].image))
        back = back.with_model(model)
        run.place = run.place.backward(back)
        conclude_if_requested(run)
        rest(run)
        not_after = run.now + run.request.policy.deadline
        yield from drain_now(run, back.batch)
        outcome = yield from upgrade(run, back.batch, model, not_after)
        run.place = run.place.backward(back.through())
        yield from put_back_now(run)
        conclude_if_requested(run)
        stop_if_failed(run, back.batch, outcome)


def stop_if_failed(run: RolloutRun, batch: Batch, outcome: BatchOutcome) -> None:
    """Raises Concluded if nothing more may be put back after this batch of the rollback."""
    if outcome.halt:
        run.halt(f"the rollback could not go on: {outcome.halt}")
    failed_here = [each for each in batch.instance_ids if each in run.progress.failed_back]
    if failed_here and run.request.policy.rollback_on_failure == "stop":
        run.halt(run.ending.rollback_failed(failed_here))


def _model(run: RolloutRun, image: Image) -> Steps[Model]:
    """The model with that image, unless someone else has set a third one."""
    for _ in range(_ATTEMPTS):
        conclude_if_requested(run)
        inventory = yield from run.read_inventory()
        current, policy = inventory.scale_set.image, inventory.scale_set.upgrade_policy
        if not inventory.scale_set.manual:
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
