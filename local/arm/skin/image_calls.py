"""The calls on images."""

from starlette.responses import Response

from local.arm.bodies.image_body import (
    definition_body,
    managed_image_body,
    platform_body,
    platform_item,
    version_body,
)
from local.arm.model.arm_error import ArmError, platform_image_not_found, resource_not_found
from local.arm.model.ids import resource_id
from local.arm.model.published import GalleryVersion, ManagedImage
from local.arm.skin.answer import json_answer
from local.arm.skin.call import Call


def list_platform(call: Call) -> Response:
    """A bare array, not paged (recorded); `$orderby=name desc` sorts as text."""
    publisher, offer, sku = (call.path(name) for name in ("publisher", "offer", "sku"))
    versions = call.azure.images.platform_versions(publisher, offer, sku)
    if call.query("$orderby").lower() == "name desc":
        versions.reverse()
    top = call.query("$top")
    versions = versions[: int(top)] if top.isdecimal() else versions
    place = (call.path("subscription"), call.path("location"))
    return json_answer([platform_item(one, *place) for one in versions])


def get_platform(call: Call) -> Response:
    publisher, offer, sku, version = (
        call.path(name) for name in ("publisher", "offer", "sku", "version")
    )
    versions = call.azure.images.platform_versions(publisher, offer, sku)
    for image in versions:
        if image.version == version:
            place = (call.path("subscription"), call.path("location"))
            return json_answer(platform_body(image, *place))
    raise platform_image_not_found(f"{publisher}:{offer}:{sku}:{version}")


def get_gallery_image(call: Call) -> Response:
    versions = call.azure.images.gallery_versions(_definition_id(call))
    if not versions:
        raise _gallery_not_found(call)
    return json_answer(definition_body(versions[0]))


def list_gallery_versions(call: Call) -> Response:
    images = call.azure.images
    versions = images.gallery_versions(_definition_id(call))
    if not versions:
        raise _gallery_not_found(call)
    bodies = [version_body(one, images.published_at(one), replication=False) for one in versions]
    return json_answer({"value": bodies})


def get_gallery_version(call: Call) -> Response:
    images = call.azure.images
    found = images.find(f"{_definition_id(call)}/versions/{call.path('version')}")
    if not isinstance(found, GalleryVersion):
        raise _gallery_not_found(call, f"/versions/{call.path('version')}")
    replication = call.query("$expand").lower() == "replicationstatus"
    return json_answer(version_body(found, images.published_at(found), replication=replication))


def get_managed(call: Call) -> Response:
    path = ("images", call.path("image"))
    found = call.azure.images.find(
        resource_id(call.path("subscription"), call.path("group"), *path)
    )
    if not isinstance(found, ManagedImage):
        raise resource_not_found("/".join(path), call.path("group"))
    return json_answer(managed_image_body(found))


def _definition_id(call: Call) -> str:
    path = ("galleries", call.path("gallery"), "images", call.path("image"))
    return resource_id(call.path("subscription"), call.path("group"), *path)


def _gallery_not_found(call: Call, version: str = "") -> ArmError:
    resource = f"galleries/{call.path('gallery')}/images/{call.path('image')}{version}"
    return resource_not_found(resource, call.path("group"))
