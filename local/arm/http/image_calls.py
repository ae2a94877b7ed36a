"""The calls on images."""

from starlette.responses import Response

from local.arm.base import (
    Json,
    gallery_image_not_found,
    platform_image_not_found,
    resource_id,
    resource_not_found,
)
from local.arm.bodies import (
    managed_image_body,
    platform_body,
    platform_item,
    platform_item_with_status,
    shared_version_body,
)
from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.images import CommunityVersion, ManagedImage, SharedVersion


def list_platform(call: Call) -> Response:
    """A bare array, not paged (recorded); `$orderby=name desc` sorts as text."""
    publisher, offer, sku = (call.path(name) for name in ("publisher", "offer", "sku"))
    versions = call.azure.images.platform_versions(publisher, offer, sku)
    if call.query("$orderby").lower() == "name desc":
        versions.reverse()
    top = call.query("$top")
    versions = versions[: int(top)] if top.isdecimal() else versions
    place = (call.path("subscription"), call.path("location"))
    expanded = "imagedeprecationstatus" in call.query("$expand").lower()
    item = platform_item_with_status if expanded else platform_item
    return json_answer([item(version, *place) for version in versions])


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


def list_shared_versions(call: Call) -> Response:
    """Those of a shared or community gallery that are in that region; the answer when there are
    none is assumed.
    """
    bodies = [_shared_body(call, version) for version in _shared_here(call)]
    return json_answer({"value": bodies})


def get_shared_version(call: Call) -> Response:
    for version in _shared_here(call):
        if version.version == call.path("version"):
            return json_answer(_shared_body(call, version))
    raise gallery_image_not_found(
        f"{_shared_id(call)}/Versions/{call.path('version')}", call.path("location")
    )


def _shared_here(call: Call) -> list[SharedVersion | CommunityVersion]:
    location, definition = call.path("location"), _shared_id(call)
    versions = call.azure.images.gallery_versions(definition, call.now)
    if not versions:
        raise gallery_image_not_found(definition, location)
    return [
        version
        for version in versions
        if isinstance(version, SharedVersion | CommunityVersion) and version.serves(location)
    ]


def _shared_id(call: Call) -> str:
    shared = "/sharedgalleries/" in call.request.url.path.lower()
    galleries = "SharedGalleries" if shared else "CommunityGalleries"
    return f"/{galleries}/{call.path('gallery')}/Images/{call.path('image')}"


def _shared_body(call: Call, version: SharedVersion | CommunityVersion) -> Json:
    published = call.azure.images.published_at(version)
    return shared_version_body(version, published, call.path("location"))


def get_managed(call: Call) -> Response:
    path = ("images", call.path("image"))
    found = call.azure.images.find(
        resource_id(call.path("subscription"), call.path("group"), *path), call.now
    )
    if not isinstance(found, ManagedImage):
        raise resource_not_found("/".join(path), call.path("group"))
    return json_answer(managed_image_body(found))
