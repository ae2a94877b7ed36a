"""The scale set's model after we set it: when it is ready, and whether it is still ours."""

from dataclasses import dataclass

from rollout.fleet import ScaleSet
from rollout.image import Image
from rollout.reading import Operation, OperationState
from rollout.value import Value


class Model(Value):
    """The model as we set it: what every later read is compared with."""

    image: Image
    fingerprint: str


class ModelReading(Value):
    """One look at the scale set, and at the operation that changes its model, if there is one."""

    scale_set: ScaleSet
    operation: Operation | None = None


@dataclass(frozen=True)
class NotYet:
    """The change is still under way."""


@dataclass(frozen=True)
class Broken:
    """The change failed, or somebody else's came on top of it."""

    reason: str


def model_of(reading: ModelReading, target: Image) -> Model | NotYet | Broken:
    """Whether the scale set's model names the target image, for certain."""
    scale_set, operation = reading.scale_set, reading.operation
    if operation and operation.state is OperationState.FAILED:
        return Broken(
            f"Azure could not set the image of {scale_set.id}: "
            f"{operation.error or 'it gave no reason'}"
        )
    running = operation is not None and operation.state is OperationState.RUNNING
    if running or scale_set.moving:
        return NotYet()
    if not target.same(scale_set.image):
        return Broken(
            f"the model of {scale_set.id} names {scale_set.image or 'no image'} although we set "
            f"{target}: someone changed it at the same time"
        )
    return Model(image=target, fingerprint=scale_set.fingerprint)


def foreign_change(model: Model, scale_set: ScaleSet) -> str | None:
    """What somebody else changed since we set the model; None when it is still ours."""
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
