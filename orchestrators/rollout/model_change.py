"""Sets the image of the scale set's model, and waits until Azure has really done it."""

from dataclasses import replace

from orchestrators.engine import Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, ArmErrorKind, EventKind, Proceed, Stop, Wait, spoken
from rollout.batch import (
    OBSERVE_MODEL,
    SET_IMAGE,
    Accepted,
    Model,
    ModelReading,
    ObservedTime,
    ReadModel,
    SetImage,
    model_of,
)
from rollout.inventory import Image, ScaleSet
from rollout.plan import widening

_CLOSE = 5
"""A change of the model takes a few seconds: so many looks are taken in the policy's interval."""


def set_model(run: RolloutRun, scale_set: ScaleSet, target: Image) -> Steps[Model | None]:
    """The model with that image; None if everything must be read again: someone changed the scale
    set since it was read (412), the operator has asked for something meanwhile, or another
    operation came first.
    """
    run.report(f"Setting the scale set's image to {target}")
    task = SetImage(scale_set=scale_set.id, image=target, etag=scale_set.etag)
    accepted = yield from run.activities.call(SET_IMAGE, task, before=lambda: _may_change(run))
    if isinstance(accepted, ArmError):
        if accepted.kind is ArmErrorKind.STALE:
            return None
        if accepted.ambiguous:
            run.progress = replace(run.progress, model_set=True)
        run.halt(str(accepted))
    model = yield from _await_model(run, task, accepted)
    if model is None:
        return None
    changed = _changed(run, accepted, target)
    _note_set(run, changed=changed)
    verb = "is now" if changed else "was already"
    run.recorder.write(
        EventKind.MODEL_SET,
        f"The scale set's image {verb} {target}",
        changed=changed,
        **model.to_json(),
    )
    return model


def _may_change(run: RolloutRun) -> Steps[ArmError | None]:
    """Before each try: is the scale set still ours, and what has the operator asked for?"""
    yield from run.keep_lock()
    if isinstance(run.progress.control.before_step(), Proceed) and not run.place.line:
        return None
    return ArmError.of_closed_gate(run.request.scale_set.name, "somebody asked for a stop")


def _changed(run: RolloutRun, accepted: Accepted, target: Image) -> bool:
    """Without an answer (its worker died), or delivered twice, the activity may have changed it
    before it looked again.
    """
    before = run.progress.image.from_image
    return accepted.changed or (before is not None and not target.same(before))


def _note_set(run: RolloutRun, *, changed: bool) -> None:
    if changed:
        run.progress = replace(run.progress, model_set=True)


def _await_model(run: RolloutRun, task: SetImage, accepted: Accepted) -> Steps[Model | None]:
    """Wait until Azure has really changed the model. A change that takes longer than a batch may
    take is given up: time in which nobody could look does not count.
    """
    health = run.request.policy.health
    time = ObservedTime.begin(health.interval, run.now)
    read = ReadModel(
        scale_set=run.request.scale_set,
        operation=accepted.operation,
        wanted=task.image,
        etag=task.etag,
    )
    while True:
        reading = yield from run.activities.call(OBSERVE_MODEL, read)
        if isinstance(reading, ArmError):
            _note_set(run, changed=_changed(run, accepted, task.image))
            run.halt(str(reading))
        verdict = model_of(reading, task.image, task.etag if accepted.changed else "")
        if isinstance(verdict, Proceed):
            return verdict.value
        time = time.looked(run.now)
        late = isinstance(verdict, Wait) and time.spent >= health.timeout
        if isinstance(verdict, Stop) or late:
            return _given_up(run, task, accepted, reading, verdict)
        pause = widening(time.spent, health.timeout, health.interval / _CLOSE)
        time = time.reaching(pause, health.interval)
        yield from run.activities.sleep(pause)


def _given_up(
    run: RolloutRun, task: SetImage, accepted: Accepted, reading: ModelReading, verdict: Stop | Wait
) -> None:
    """None if it can be tried again. Azure keeps what a failed change has asked for: what the model
    names now is ours.
    """
    operation, names = reading.operation, reading.scale_set.image
    named_it = names is not None and names.same(task.image)
    _note_set(run, changed=named_it and _changed(run, accepted, task.image))
    if operation and operation.interrupted:
        return
    timeout = spoken(run.request.policy.health.timeout)
    late = f"the model was still being changed after {timeout}"
    run.halt(verdict.reason if isinstance(verdict, Stop) else late)
