"""Sets the image of the scale set's model, and waits until Azure has really done it."""

from dataclasses import replace

from orchestrators.context import Steps
from orchestrators.run import Run
from rollout.duration import spoken
from rollout.event import EventKind
from rollout.fleet import ScaleSet
from rollout.image import Image
from rollout.model import Broken, Model, NotYet, model_of
from rollout.problem import ArmError, ArmErrorKind
from rollout.task import ReadModel, SetImage


def set_model(run: Run, scale_set: ScaleSet, target: Image) -> Steps[Model | None]:
    """The model with that image; None when somebody changed the scale set since it was read (412),
    so that everything has to be looked at again.
    """
    run.say(f"Setting the image of the model to {target}")
    task = SetImage(scale_set=scale_set.id, image=target, etag=scale_set.etag)
    accepted = yield from run.hands.set_image(task)
    if isinstance(accepted, ArmError):
        if accepted.kind is ArmErrorKind.STALE:
            return None
        run.halt(str(accepted))
    model = yield from _await_model(run, target, accepted.operation)
    if accepted.changed:
        run.progress = replace(run.progress, model_set=True)
    text = f"names {target} now" if accepted.changed else f"named {target} already"
    run.journal.write(EventKind.MODEL_SET, f"The model {text}", **model.to_json())
    return model


def _await_model(run: Run, target: Image, operation: str | None) -> Steps[Model]:
    """Until Azure has really changed the model. A change that takes longer than a batch may take
    is given up.
    """
    health = run.request.policy.health
    until = run.now + health.timeout
    task = ReadModel(scale_set=run.request.scale_set, operation=operation)
    while run.now <= until:
        reading = yield from run.hands.read_model(task)
        if isinstance(reading, ArmError):
            run.halt(str(reading))
        match model_of(reading, target):
            case Model() as model:
                return model
            case Broken(reason):
                run.halt(reason)
            case NotYet():
                yield from run.hands.sleep(health.interval)
    return run.halt(f"the model was still being changed after {spoken(health.timeout)}")
