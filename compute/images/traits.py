"""What an image is made for, in Azure's JSON of platform, gallery and managed images."""

from dataclasses import replace

from compute.json_body import Body, dig, dig_list
from rollout.inventory import ImageTraits, security_types

_GB = 1024**3


def plan_of(plan: Body | None) -> str | None:
    """A Marketplace plan as publisher:product:name; None if there is none."""
    if not plan:
        return None
    return ":".join(str(plan.get(part) or "") for part in ("publisher", "product", "name"))


def platform_traits(body: Body) -> ImageTraits:
    """Of one version (recorded: platform-image-version-get). Its size in bytes includes the footer
    of a VHD, so that the 30 GB of an image are a little more.
    """
    properties: Body = dig(body, "properties") or {}
    disk: Body = dig(properties, "osDiskImage") or {}
    size = disk.get("sizeInBytes")
    feature, generation = _security_feature(properties), properties.get("hyperVGeneration")
    return ImageTraits(
        os_type=disk.get("operatingSystem"),
        os_disk_gb=int(size) // _GB if size else None,
        hyper_v_generation=generation,
        architecture=properties.get("architecture"),
        # Nobody has recorded a platform image of generation 2 without this feature.
        security_types=security_types(feature) if feature or generation == "V1" else None,
        plan=plan_of(properties.get("plan")) or "",
    )


def definition_traits(body: Body) -> ImageTraits:
    """Of a gallery image definition (recorded: gallery-image-get); all versions have these."""
    properties: Body = dig(body, "properties") or {}
    return ImageTraits(
        os_type=properties.get("osType"),
        hyper_v_generation=properties.get("hyperVGeneration"),
        architecture=properties.get("architecture"),
        security_types=security_types(_security_feature(properties)),
        specialized=properties.get("osState") == "Specialized",
        plan=plan_of(properties.get("purchasePlan")),
    )


def with_disk_of(traits: ImageTraits, storage: Body | None) -> ImageTraits:
    """With the disk of a version: sizeInGB in a gallery of your own, diskSizeGB in others'."""
    disk: Body = dig(storage, "osDiskImage") or {}
    return replace(traits, os_disk_gb=disk.get("sizeInGB") or disk.get("diskSizeGB"))


def managed_traits(body: Body) -> ImageTraits:
    """Of a managed image, which can only become VMs of the security type Standard (recorded:
    vmss-put-400-badrequest).
    """
    properties: Body = dig(body, "properties") or {}
    disk: Body = dig(properties, "storageProfile", "osDisk") or {}
    return ImageTraits(
        os_type=disk.get("osType"),
        os_disk_gb=disk.get("diskSizeGB"),
        hyper_v_generation=properties.get("hyperVGeneration"),
        security_types=security_types(None),
        specialized=disk.get("osState") == "Specialized",
    )


def _security_feature(properties: Body) -> str | None:
    features = dig_list(properties, "features")
    values = (each.get("value") for each in features if each.get("name") == "SecurityType")
    return next(values, None)
