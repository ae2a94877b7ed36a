"""Sets the image of the scale set's model, and waits until Azure has really done it."""

from dataclasses import replace

from orchestrators.engine import Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, ArmErrorKind, EventKind, Proceed, Stop, Wait, spoken
from rollout.batch import OBSERVE_MODEL, SET_IMAGE, Model, ReadModel, SetImage, model_of
from rollout.inventory import Image, ScaleSet


def set_model(run: RolloutRun, scale_set: ScaleSet, target: Image) -> Steps[Model | None]:
    """The model with that image; None if someone changed the scale set since it was read (412), so
    that everything must be read again.
    """
    yield from run.keep_lock()
    run.report(f"Setting the scale set's image to {target}")
    task = SetImage(scale_set=scale_set.id, image=target, etag=scale_set.etag)
    accepted = yield from run.activities.call(SET_IMAGE, task)
    if isinstance(accepted, ArmError):
        if accepted.kind is ArmErrorKind.STALE:
            return None
        run.halt(str(accepted))
    model = yield from _await_model(run, target, accepted.operation)
    # Without an answer (its worker died), or delivered twice, the activity may have changed it
    # before it looked again.
    before = run.progress.image.from_image
    changed = accepted.changed or (before is not None and not target.same(before))
    if changed:
        run.progress = replace(run.progress, model_set=True)
    verb = "is now" if changed else "was already"
    run.recorder.write(
        EventKind.MODEL_SET,
        f"The scale set's image {verb} {target}",
        changed=changed,
        **model.to_json(),
    )
    return model


def _await_model(run: RolloutRun, target: Image, operation: str | None) -> Steps[Model]:
    """Wait until Azure has really changed the model. A change that takes longer than a batch may
    take is given up.
    """
    health = run.request.policy.health
    until = run.now + health.timeout
    task = ReadModel(scale_set=run.request.scale_set, operation=operation)
    while run.now <= until:
        reading = yield from run.activities.call(OBSERVE_MODEL, task)
        if isinstance(reading, ArmError):
            run.halt(str(reading))
        match model_of(reading, target):
            case Proceed(model):
                return model
            case Stop(reason):
                run.halt(reason)
            case Wait():
                yield from run.activities.sleep(health.interval)
    return run.halt(f"the model was still being changed after {spoken(health.timeout)}")
