"""What Azure refuses because the image does not fit the rest of the model."""

from datetime import datetime

from local.arm.base import ArmError, Json, bad_request, dig, invalid_parameter, property_changed
from local.arm.images import (
    GalleryVersion,
    Image,
    Images,
    ManagedImage,
    MarketplacePlan,
    Traits,
    Vhd,
)


def refuse_misfit(
    images: Images, image: Image, profile: Json, plan: MarketplacePlan | None, now: datetime
) -> None:
    """Raises ArmError when the VMs that this profile describes cannot get the image: as users have
    reported it, and as recorded for managed images (vmss-put-400-badrequest).
    """
    found = images.find(image.identity, now)
    if found is None or isinstance(found, Vhd):
        return
    _refuse_disk(found, dig(profile, "storageProfile", "osDisk", "diskSizeGB"))
    defined = _defined(images, found)
    _refuse_security(defined, dig(profile, "securityProfile", "securityType") or "Standard")
    if defined.os_state == "Specialized" and profile.get("osProfile"):
        raise invalid_parameter("Parameter 'osProfile' is not allowed.", "osProfile")
    if defined.plan and defined.plan != plan:
        raise property_changed("plan")


def _defined(images: Images, image: Traits) -> Traits:
    """Of a gallery image, its definition."""
    definition = (
        images.definition(image.definition_id) if isinstance(image, GalleryVersion) else None
    )
    return definition or image


def _refuse_disk(image: Traits, size: int | None) -> None:
    if size and size < image.os_disk_gb:
        message = (
            f"The specified disk size {size} GB is smaller than the size of the corresponding disk "
            f"in the VM image: {image.os_disk_gb} GB. This is not allowed. Please choose equal or "
            "greater size or do not specify an explicit size."
        )
        raise ArmError(409, "OperationNotAllowed", message, target="osDisk.diskSizeGB")


def _refuse_security(image: Traits, wanted: str) -> None:
    if wanted in image.security_types:
        return
    if isinstance(image, ManagedImage):
        raise bad_request(
            f"Managed Images are not supported for virtual machines with security type {wanted}."
        )
    only = image.security_type in image.security_types
    raise bad_request(
        "The provided gallery image only supports creation of VMs and VM Scale Sets with "
        f"'{image.security_type}' security type."
        if only
        else f"Use of {wanted} setting is not supported for the provided image."
    )
