"""Does an image fit the virtual machines of a scale set? Decided from what Azure says of both."""

from collections.abc import Iterator
from dataclasses import dataclass

from rollout.base import Value

STANDARD, TRUSTED_LAUNCH, CONFIDENTIAL = "Standard", "TrustedLaunch", "ConfidentialVM"
_BOOTS_AS = {
    "standard": {STANDARD},
    "trustedlaunch": {TRUSTED_LAUNCH},
    "trustedlaunchsupported": {STANDARD, TRUSTED_LAUNCH},
    "confidentialvm": {CONFIDENTIAL},
    "confidentialvmsupported": {STANDARD, CONFIDENTIAL},
    "trustedlaunchandconfidentialvmsupported": {STANDARD, TRUSTED_LAUNCH, CONFIDENTIAL},
}
"""The security types of the VMs that an image can become, by its feature SecurityType."""


class Machine(Value):
    """What a scale set's model says of its virtual machines, apart from the image. `os_disk_gb` is
    None if the disk is as large as the image; `plan` is that of a Marketplace image, as
    publisher:product:name.
    """

    os_type: str | None = None
    os_disk_gb: int | None = None
    security_type: str | None = None
    plan: str | None = None
    os_profile: bool = True
    """Whether it has an osProfile, which a specialized image does not take."""


@dataclass(frozen=True)
class ImageTraits:
    """What an image is made for; None where Azure does not say."""

    os_type: str | None = None
    os_disk_gb: int | None = None
    hyper_v_generation: str | None = None
    architecture: str | None = None
    security_types: frozenset[str] | None = None
    """Those that its VMs may have."""
    specialized: bool | None = None
    plan: str | None = None
    """As publisher:product:name."""


UNKNOWN_TRAITS = ImageTraits()


def security_types(feature: str | None) -> frozenset[str] | None:
    """The security types of the VMs that an image can become, by its feature SecurityType; None for
    a value that is not known.
    """
    found = _BOOTS_AS.get((feature or STANDARD).casefold())
    return frozenset(found) if found else None


def misfits(image: ImageTraits, machine: Machine, current: ImageTraits) -> list[str]:
    """Why Azure would refuse the image for these virtual machines, or why they could not run it;
    `current` is the image that they run now. Each goes with the name of the image before it.
    """
    return [
        *_disk(image, machine),
        *_security(image, machine),
        *_operating_system(image, machine),
        *_processor(image, current),
        *_marketplace_plan(image, machine),
    ]


def _disk(image: ImageTraits, machine: Machine) -> Iterator[str]:
    if image.os_disk_gb and machine.os_disk_gb and image.os_disk_gb > machine.os_disk_gb:
        yield (
            f"needs an OS disk of {image.os_disk_gb} GB, and the scale set's model says "
            f"{machine.os_disk_gb} GB: set storageProfile.osDisk.diskSizeGB to at least "
            f"{image.os_disk_gb} first, or remove it"
        )


def _security(image: ImageTraits, machine: Machine) -> Iterator[str]:
    has = machine.security_type or STANDARD
    may = image.security_types
    if may is not None and has.casefold() not in {name.casefold() for name in may}:
        yield (
            f"is for VMs with the security type {' or '.join(sorted(may))}, and those of the scale "
            f"set have {has}: choose an image made for that, or change "
            "securityProfile.securityType first"
        )


def _operating_system(image: ImageTraits, machine: Machine) -> Iterator[str]:
    if image.os_type and machine.os_type and not _same(image.os_type, machine.os_type):
        yield f"is a {image.os_type} image, and the scale set runs {machine.os_type}"
    if image.specialized and machine.os_profile:
        yield (
            "is specialized, and the scale set's model has an osProfile, which such an image does "
            "not take: use a generalized image"
        )


def _processor(image: ImageTraits, current: ImageTraits) -> Iterator[str]:
    wanted, now = image.architecture, current.architecture
    if wanted and now and not _same(wanted, now):
        yield f"is for {wanted} processors, and the instances run an image for {now}"


def _marketplace_plan(image: ImageTraits, machine: Machine) -> Iterator[str]:
    if image.plan is not None and not _same(image.plan, machine.plan or ""):
        said = machine.plan or "none"
        yield (
            f"belongs to the Marketplace plan {image.plan or 'none'}, and the scale set has the "
            f"plan {said}, which Azure does not let change (publisher:product:name)"
        )


def generation_caution(image: ImageTraits, generations: set[str]) -> str | None:
    """What to know if the image is of another generation than these, which the instances have: only
    Azure knows whether their size can boot it.
    """
    wanted = image.hyper_v_generation
    if not wanted or not generations or generations == {wanted}:
        return None
    return (
        f"is of generation {wanted}, and the instances are of generation "
        f"{', '.join(sorted(generations))}: Azure refuses it if their VM size cannot boot that"
    )


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()
