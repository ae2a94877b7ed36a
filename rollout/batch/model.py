"""The scale set's model after we set it: whether it is ready, and whether it is still ours."""

from rollout.base import Proceed, Stop, Value, Wait
from rollout.batch.operation import Operation, OperationState
from rollout.inventory import Image, ImageChange, ScaleSet


class Model(Value):
    """The model as we set it: every later read is compared with this."""

    image: Image
    fingerprint: str


class ModelReading(Value):
    """One read of the scale set, and of the operation that changes its model, if there is one."""

    scale_set: ScaleSet
    operation: Operation | None = None


def model_of(reading: ModelReading, target: Image, etag: str = "") -> Proceed[Model] | Wait | Stop:
    """Whether the scale set's model is certain to have the target image. Stop if the change failed,
    or if someone else's change overwrote it. An answer with the ETag that the change was sent with
    is from before it: Azure may serve it for a while.
    """
    scale_set, operation = reading.scale_set, reading.operation
    if operation and operation.state is OperationState.FAILED:
        return Stop(
            f"Azure could not set the image of {scale_set.id.name}: "
            f"{operation.error or 'it gave no reason'}"
        )
    running = operation is not None and operation.state is OperationState.RUNNING
    if running or scale_set.moving:
        return Wait()
    if not target.same(scale_set.image):
        if etag and scale_set.etag == etag:
            return Wait()
        return Stop(
            f"the model of {scale_set.id.name} names {scale_set.image or 'no image'} although we "
            f"set {target}: someone changed it at the same time"
        )
    return Proceed(Model(image=target, fingerprint=scale_set.fingerprint))


def shows_change(scale_set: ScaleSet, wanted: Image | None, etag: str) -> bool:
    """Whether Azure has certainly set that image: it is there, nothing is going on any more, and
    the answer is not from before the change, which was sent with `etag`. (Recorded: while the
    operation runs, the scale set is Updating; when it has failed, Failed.)
    """
    settled = scale_set.provisioning_state.casefold() == "succeeded"
    newer = bool(etag) and scale_set.etag != etag
    return settled and newer and wanted is not None and wanted.same(scale_set.image)


def foreign_image(change: ImageChange, scale_set: ScaleSet, target: Image) -> str | None:
    """Which image someone else has set before ours was; None if nobody has. `change` is what the
    rollout has read and wants: empty before its first look.
    """
    before, now = change.from_image, scale_set.image
    if before is None or now is None or now.same(before) or now.same(target):
        return None
    return (
        f"someone changed the image in the model of {scale_set.id.name} before ours was set: it is "
        f"now {now}, and was {before}. It was not overwritten"
    )


def foreign_change(model: Model, scale_set: ScaleSet) -> str | None:
    """What someone else changed since we set the model; None if it is still ours."""
    name = scale_set.id.name
    if not scale_set.manual:
        return (
            f"someone switched the upgrade policy of {name} to {scale_set.upgrade_policy} "
            "during the rollout"
        )
    if not model.image.same(scale_set.image):
        return (
            f"someone changed the image in the model of {name} during the rollout: it is "
            f"now {scale_set.image or 'none'}, we had set {model.image}"
        )
    if model.fingerprint != scale_set.fingerprint:
        return (
            f"someone changed the model (virtualMachineProfile) of {name} during the "
            "rollout; its image is still ours. The activity log says who"
        )
    return None
