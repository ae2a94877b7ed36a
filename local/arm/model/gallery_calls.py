"""What callers of ARM can do to gallery versions; each call returns the operation it started."""

import re
from datetime import datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from local.arm.base import (
    Json,
    bad_request,
    conflict,
    dig,
    invalid_parameter,
    is_object,
    parent_not_found,
    without_none,
)
from local.arm.images import GalleryVersion
from local.arm.model.azure import Azure
from local.arm.model.operation import Operation

type WriteMethod = Literal["PUT", "PATCH"]

_NAME = re.compile(r"\d+\.\d+\.\d+")
_TAKES = timedelta(minutes=1)
"""How long creation and replication take when they are requested through ARM, which has no field
for it, unlike `POST /_sim/images`.
"""
_KNOBS = ("creation_duration", "replication_duration")


def write_version(
    azure: Azure, named: GalleryVersion, method: WriteMethod, body: Json, now: datetime
) -> Operation:
    """PUT or PATCH of a version; `named` is the version the path names. PUT replaces what can be
    changed, PATCH only what it sends. Raises ArmError when Azure would refuse it.
    """
    before = azure.images.find(named.identity, now)
    old = before if isinstance(before, GalleryVersion) else None
    if old is None:
        _refuse_creation(azure, named, body)
    else:
        _refuse_if_busy(old)
        old = azure.images.writing(old).version
    version = _written(named, old, method, body)
    azure.images.publish(version, now)
    end = azure.images.writing(version).end
    azure.publish_change(version.identity, method, now, end)
    return azure.begin_of_gallery(version, (now, end))


def delete_version(azure: Azure, version: GalleryVersion, now: datetime) -> Operation:
    """Raises ArmError while another operation runs on it."""
    _refuse_if_busy(version)
    azure.images.delete(version, now)
    end = azure.images.writing(version).gone_at
    azure.publish_change(version.identity, "DELETE", now, end)
    return azure.begin_of_gallery(version, (now, end))


def _refuse_creation(azure: Azure, named: GalleryVersion, body: Json) -> None:
    if azure.images.definition(named.definition_id) is None:
        raise parent_not_found(f"galleries/{named.gallery}/images/{named.image}")
    if not _NAME.fullmatch(named.version):
        message = (
            "The entity name 'galleryImageVersionName' is invalid according to its validation "
            "rule: ^[0-9]+\\.[0-9]+\\.[0-9]+$."
        )
        raise invalid_parameter(message, "galleryImageVersionName")
    if not dig(body, "properties", "storageProfile"):
        name = "galleryImageVersion.properties.storageProfile"
        raise invalid_parameter(f"Required parameter '{name}' is missing (null).", name)


def _refuse_if_busy(version: GalleryVersion) -> None:
    if version.provisioning_state in {"Creating", "Updating", "Deleting"}:
        raise conflict()


def _written(
    named: GalleryVersion, old: GalleryVersion | None, method: WriteMethod, body: Json
) -> GalleryVersion:
    """Raises ArmError when the body is not that of a version."""
    sent = without_none(_fields(body))
    if old is None:
        location = str(body.get("location") or named.location)
        base = named.model_dump() | dict.fromkeys(_KNOBS, _TAKES)
        base |= {"location": location, "target_regions": [location]}
    else:
        base = old.model_dump() | {"provisioning_state": "Succeeded"}
        base |= {} if method == "PATCH" else _unsaid(old)
    try:
        return GalleryVersion.model_validate(base | sent)
    except ValidationError as error:
        raise bad_request(f"The gallery image version is not valid: {error.errors()}") from error


def _unsaid(old: GalleryVersion) -> Json:
    """What a PUT sets when its body does not mention it."""
    return {
        "tags": {},
        "exclude_from_latest": False,
        "end_of_life_date": None,
        "replica_count": 1,
        "target_regions": [old.location],
    }


def _fields(body: Json) -> Json:
    profile = dig(body, "properties", "publishingProfile")
    profile = profile if is_object(profile) else {}
    regions = profile.get("targetRegions")
    return {
        "tags": body.get("tags"),
        "source": dig(body, "properties", "storageProfile", "source", "id"),
        "exclude_from_latest": profile.get("excludeFromLatest"),
        "end_of_life_date": profile.get("endOfLifeDate"),
        "replica_count": profile.get("replicaCount"),
        "target_regions": None if regions is None else [_region(region) for region in regions],
    }


def _region(sent: Json) -> Json:
    return {"name": sent.get("name"), "exclude_from_latest": sent.get("excludeFromLatest")}
