"""Why an instance is left alone."""

from rollout.inventory import Image, Instance

ON_TARGET = "already runs the target image"
PROTECTED = "is protected from scale set actions (protectFromScaleSetActions)"
NO_IMAGE = "names no image: it was not made from the scale set's model (an attached VM, perhaps)"


def skip_reason(instance: Instance, target: Image, *, flexible: bool) -> str | None:
    """Why the instance does not move to `target`; None if it does.

    Only a Flexible scale set can contain VMs created elsewhere and attached to it: Azure documents
    no way to give such a VM the model's image.
    """
    if instance.runs(target):
        return ON_TARGET
    if instance.protect_from_scale_set_actions:
        return PROTECTED
    if instance.off:
        return switched_off(instance)
    return NO_IMAGE if flexible and instance.image == Image() else None


_GIVEN_UP = "after it failed"


def given_up_reason(attribution: str) -> str:
    """Why an instance is skipped that an operator gave up on; `attribution` is who and why."""
    return f"was skipped {attribution} {_GIVEN_UP}"


def was_given_up(reason: str) -> bool:
    """Whether that is such a reason; then the instance was touched."""
    return reason.endswith(_GIVEN_UP)


def switched_off(instance: Instance) -> str:
    """Why a switched-off instance is skipped: its upgrade could not be verified."""
    return (
        f"is {instance.power_state}: whether it works on the target image could not be verified. "
        "Start it, then start a rollout again"
    )
