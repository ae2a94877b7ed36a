"""The bodies of images: platform versions, gallery definitions and versions, managed images."""

from datetime import datetime

from local.arm.base import Json, instant, without_none
from local.arm.bodies.regions import display_name
from local.arm.images import (
    AnyGalleryVersion,
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    PlatformImage,
    SharedVersion,
    TargetRegion,
    Traits,
)

_OF_DISK: Json = {"hostCaching": "ReadWrite", "source": {}}
_GB, _VHD_FOOTER = 1024**3, 1049088
"""Recorded: the 30 GB of a platform image are 32213303808 bytes."""


def platform_item(image: PlatformImage, subscription: str, location: str) -> Json:
    """An item of the bare array; recorded ids begin with "/Subscriptions"."""
    path = (
        f"Publishers/{image.publisher}/ArtifactTypes/VMImage/Offers/{image.offer}"
        f"/Skus/{image.sku}/Versions/{image.version}"
    )
    compute = f"/Subscriptions/{subscription}/Providers/Microsoft.Compute"
    return {
        "location": location,
        "name": image.version,
        "id": f"{compute}/Locations/{location}/{path}",
    }


def platform_item_with_status(image: PlatformImage, subscription: str, location: str) -> Json:
    """An item of the list with `$expand=properties/imageDeprecationStatus`, as recorded in
    platform-image-versions-list-expand.
    """
    properties = {
        "imageDeprecationStatus": _deprecation(image),
        "replicaType": "Unmanaged",
        "replicaCount": None,
        "goLiveDate": None,
    }
    item = platform_item(image, subscription, location)
    return {"properties": properties | _made_for(image), "extendedLocation": None, **item}


def _deprecation(image: PlatformImage) -> Json:
    return {
        "imageState": image.image_state,
        "scheduledDeprecationTime": image.scheduled_deprecation_time,
    }


def platform_body(image: PlatformImage, subscription: str, location: str) -> Json:
    """As in the recorded exchange platform-image-version-get."""
    size = image.os_disk_gb * _GB + _VHD_FOOTER
    properties = {
        **_made_for(image),
        "replicaType": "Unmanaged",
        "disallowed": {"vmDiskType": "None"},
        "automaticOSUpgradeProperties": {"automaticOSUpgradeSupported": True},
        "imageDeprecationStatus": without_none(_deprecation(image)),
        "features": [
            {"name": "IsAcceleratedNetworkSupported", "value": "True"},
            *_security_feature(image),
        ],
        "osDiskImage": {"operatingSystem": image.os_type, "sizeInBytes": size},
        "dataDiskImages": [],
        **({"plan": image.plan.model_dump()} if image.plan else {}),
    }
    return {"properties": properties, **platform_item(image, subscription, location)}


def definition_body(version: GalleryVersion) -> Json:
    """The gallery image definition that a version belongs to."""
    return {
        "name": version.image,
        "id": version.definition_id,
        "type": "Microsoft.Compute/galleries/images",
        "location": version.location,
        "tags": {},
        "properties": {
            **_made_for(version),
            **({"features": features} if (features := _security_feature(version)) else {}),
            **({"purchasePlan": version.plan.model_dump()} if version.plan else {}),
            "osType": version.os_type,
            "osState": version.os_state,
            "identifier": {
                "publisher": version.gallery,
                "offer": version.image,
                "sku": version.image,
            },
            "provisioningState": "Succeeded",
        },
    }


def version_body(version: GalleryVersion, published: datetime, *, replication: bool) -> Json:
    """As recorded: gallery-image-version-get, and -put-201 while it is made."""
    compute = version.definition_id.partition("/galleries/")[0]
    source = version.source or f"{compute}/images/{version.image}"
    creating = version.provisioning_state == "Creating"
    status = {"replicationStatus": _replication(version)} if replication else {}
    return {
        "name": version.version,
        "id": version.identity,
        "type": "Microsoft.Compute/galleries/images/versions",
        "location": version.location,
        "tags": version.tags,
        "properties": {
            "publishingProfile": {
                "targetRegions": [
                    _target(region, version.replica_count) for region in version.target_regions
                ],
                "replicaCount": version.replica_count,
                "excludeFromLatest": version.exclude_from_latest,
                "publishedDate": instant(published),
                **_end_of_life(version),
                "storageAccountType": "Standard_LRS",
            },
            "storageProfile": {
                "source": {"id": source},
                **(
                    {}
                    if creating
                    else {"osDiskImage": {"sizeInGB": version.os_disk_gb, **_OF_DISK}}
                ),
            },
            "safetyProfile": {
                "reportedForPolicyViolation": False,
                "allowDeletionOfReplicatedLocations": False,
            },
            "provisioningState": version.provisioning_state,
            **status,
        },
    }


def shared_version_body(
    version: SharedVersion | CommunityVersion, published: datetime, location: str
) -> Json:
    """As the official descriptions of shared and community galleries say; there is no recording."""
    return {
        "name": version.version,
        "location": location,
        **_identified(version),
        "properties": {
            "publishedDate": instant(published),
            **_end_of_life(version),
            "excludeFromLatest": version.excluded_from_latest(location),
            **_soft_deletion(version),
            "storageProfile": {
                "osDiskImage": {"diskSizeGB": version.os_disk_gb, "hostCaching": "ReadWrite"}
            },
        },
    }


def _identified(version: SharedVersion | CommunityVersion) -> Json:
    identifier = {"uniqueId": version.identity}
    if isinstance(version, SharedVersion):
        return {"identifier": identifier}
    kind = "Microsoft.Compute/Locations/CommunityGalleries/Images/Versions"
    return {"type": kind, "identifier": identifier}


def _soft_deletion(version: SharedVersion | CommunityVersion) -> Json:
    until = version.soft_deleted_until
    return {"imageState": "SoftDeleted", "consumptionEndTime": until} if until else {}


def _end_of_life(version: AnyGalleryVersion) -> Json:
    return {"endOfLifeDate": version.end_of_life_date} if version.end_of_life_date else {}


def managed_image_body(image: ManagedImage) -> Json:
    """A managed image."""
    disk = {
        "osType": image.os_type,
        "osState": image.os_state,
        "caching": "ReadWrite",
        "diskSizeGB": image.os_disk_gb,
    }
    return {
        "name": image.name,
        "id": image.identity,
        "type": "Microsoft.Compute/images",
        "location": image.location,
        "tags": {},
        "properties": {
            "storageProfile": {"osDisk": disk, "dataDisks": [], "zoneResilient": False},
            "provisioningState": image.provisioning_state,
            "hyperVGeneration": image.hyper_v_generation,
        },
    }


def _made_for(image: Traits) -> Json:
    return {"hyperVGeneration": image.hyper_v_generation, "architecture": image.architecture}


def _security_feature(image: Traits) -> list[Json]:
    """Documented; there is no recording of an image with it."""
    return [{"name": "SecurityType", "value": image.security_type}] if image.security_type else []


def _target(region: TargetRegion, replicas: int) -> Json:
    """Azure shows regions by their display names."""
    said = region.exclude_from_latest
    excluded = {} if said is None else {"excludeFromLatest": said}
    return {
        "name": display_name(region.name),
        "regionalReplicaCount": replicas,
        "storageAccountType": "Standard_LRS",
        **excluded,
    }


def _replication(version: GalleryVersion) -> Json:
    summary = [
        {
            "region": display_name(region.name),
            "state": region.state,
            "details": "",
            "progress": 100 if region.state == "Completed" else region.progress,
        }
        for region in version.target_regions
    ]
    states = {region.state for region in version.target_regions}
    finished = "Failed" if "Failed" in states else "Completed"
    running = "Replicating" in states
    return {"aggregatedState": "InProgress" if running else finished, "summary": summary}
