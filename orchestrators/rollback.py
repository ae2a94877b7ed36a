"""The way back: the model to the image it named, each touched instance to its own."""

from orchestrators.batches import upgrade
from orchestrators.checkpoint import heed_the_end
from orchestrators.context import Steps
from orchestrators.model_change import set_model
from orchestrators.run import Run
from rollout import ending
from rollout.event import EventKind
from rollout.image import Image
from rollout.model import Model
from rollout.rollback import Stage, adopting, excusing, rollback_stages

_ATTEMPTS = 3


def roll_back(run: Run, reason: str) -> Steps[str]:
    """Domain by domain, newest batch first, with the same health gate: the sentence that says what
    came of it. What fails stops it. Raises Stop.
    """
    run.progress = run.progress.turning_back()
    run.say(f"Rolling back. {reason}")
    run.journal.write(EventKind.ROLLING_BACK, f"Rolling back. {reason}")
    fleet = yield from run.read_fleet()
    run.progress = adopting(excusing(run.progress, fleet), fleet)
    run.journal.keep_baseline(run.progress.baseline_fleet(fleet).pack())
    stages = rollback_stages(run.progress, fleet)
    run.progress = run.progress.expecting(sum(len(stage.batches) for stage in stages))
    for stage in stages:
        yield from _carry_out(run, stage)
    if recorded := run.progress.image.from_image:
        yield from _model(run, recorded)
    yield from _verify(run)
    return ending.rolled_back(run.progress, reason)


def _verify(run: Run) -> Steps[None]:
    """A fresh look: an instance that was stopped or protected meanwhile has not gone back."""
    fleet = yield from run.read_fleet()
    stages = rollback_stages(run.progress, fleet)
    left = [one for stage in stages for batch in stage.batches for one in batch.instance_ids]
    if left:
        run.halt(f"the rollback is not complete. {ending.left_behind(run.progress, left)}")


def _carry_out(run: Run, stage: Stage) -> Steps[None]:
    model = yield from _model(run, stage.image)
    for batch in stage.batches:
        heed_the_end(run)
        not_after = run.now + run.request.policy.deadline
        outcome = yield from upgrade(run, batch, model, not_after)
        if outcome.halt:
            run.halt(f"the rollback could not go on: {outcome.halt}")
        failed = [one for one in batch.instance_ids if one in run.progress.failed]
        if failed:
            run.halt(ending.rollback_failure(run.progress, failed))


def _model(run: Run, image: Image) -> Steps[Model]:
    """The model with that image, unless somebody else has put a third one there."""
    for _ in range(_ATTEMPTS):
        fleet = yield from run.read_fleet()
        current, policy = fleet.scale_set.image, fleet.scale_set.upgrade_policy
        if policy.casefold() != "manual":
            run.halt(
                f"the upgrade policy is {policy}: a change of the model would take instances "
                "down, out of our control. Set upgradePolicy.mode to Manual first"
            )
        ours = [run.progress.image.to_image, run.progress.image.from_image, image]
        ours += [one.image for one in run.progress.baseline.values()]
        if current is None or not any(one and current.same(one) for one in ours):
            run.halt(f"someone else has set the model to {current or 'no image'}: it is not ours")
        model = yield from set_model(run, fleet.scale_set, image)
        if model:
            return model
    return run.halt(f"{run.request.scale_set} was changed by others again and again")
