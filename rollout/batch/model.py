"""The scale set's model after we set it: whether it is ready, and whether it is still ours."""

from rollout.base import Proceed, Stop, Value, Wait
from rollout.batch.operation import Operation, OperationState
from rollout.inventory import Image, ScaleSet


class Model(Value):
    """The model as we set it: every later read is compared with this."""

    image: Image
    fingerprint: str


class ModelReading(Value):
    """One read of the scale set, and of the operation that changes its model, if there is one."""

    scale_set: ScaleSet
    operation: Operation | None = None


def model_of(reading: ModelReading, target: Image) -> Proceed[Model] | Wait | Stop:
    """Whether the scale set's model is certain to have the target image. Stop if the change failed,
    or if someone else's change overwrote it.
    """
    scale_set, operation = reading.scale_set, reading.operation
    if operation and operation.state is OperationState.FAILED:
        return Stop(
            f"Azure could not set the image of {scale_set.id}: "
            f"{operation.error or 'it gave no reason'}"
        )
    running = operation is not None and operation.state is OperationState.RUNNING
    if running or scale_set.moving:
        return Wait()
    if not target.same(scale_set.image):
        return Stop(
            f"the model of {scale_set.id} names {scale_set.image or 'no image'} although we set "
            f"{target}: someone changed it at the same time"
        )
    return Proceed(Model(image=target, fingerprint=scale_set.fingerprint))


def foreign_change(model: Model, scale_set: ScaleSet) -> str | None:
    """What someone else changed since we set the model; None if it is still ours."""
    if scale_set.upgrade_policy.casefold() != "manual":
        return (
            f"someone switched the upgrade policy of {scale_set.id} to {scale_set.upgrade_policy} "
            "during the rollout"
        )
    if not model.image.same(scale_set.image):
        return (
            f"someone changed the image in the model of {scale_set.id} during the rollout: it is "
            f"now {scale_set.image or 'none'}, we had set {model.image}"
        )
    if model.fingerprint != scale_set.fingerprint:
        return (
            f"someone changed the model (virtualMachineProfile) of {scale_set.id} during the "
            "rollout; its image is still ours. The activity log says who"
        )
    return None
