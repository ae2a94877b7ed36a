"""Why an instance is left alone."""

from rollout.fleet import Instance
from rollout.image import Image

ON_TARGET = "already runs the target image"
PROTECTED = "is protected from scale set actions (protectFromScaleSetActions)"
NO_IMAGE = "names no image: it was not made from the scale set's model (an attached VM, perhaps)"


def skip_reason(instance: Instance, target: Image, *, flexible: bool) -> str | None:
    """Why it does not move to `target`; None when it is to move.

    Only a Flexible scale set takes VMs that were made elsewhere (attached to it): Azure documents
    no way to give one the model's image.
    """
    if instance.runs(target):
        return ON_TARGET
    if instance.protected:
        return PROTECTED
    if instance.off:
        return switched_off(instance)
    return NO_IMAGE if flexible and instance.image == Image() else None


_GIVEN_UP = "after it failed"


def given_up_reason(told: str) -> str:
    """Why an instance is skipped that an operator gave up; `told` says who and why."""
    return f"was skipped {told} {_GIVEN_UP}"


def was_given_up(reason: str) -> bool:
    """Whether that reason says so: such an instance was touched."""
    return reason.endswith(_GIVEN_UP)


def switched_off(instance: Instance) -> str:
    """Said of an instance that does not run: no upgrade of it could be verified."""
    return (
        f"is {instance.power}: whether it works on the target image could not be verified. Start "
        "it, then start a rollout again"
    )
