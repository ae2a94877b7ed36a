"""The calls on a gallery's image definitions and their versions."""

from starlette.responses import Response

from local.arm.base import ArmError, Json, resource_not_found
from local.arm.bodies import definition_body, version_body
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.call import Call
from local.arm.http.operations import accepted, written
from local.arm.images import GalleryVersion
from local.arm.model import WriteMethod, delete_version, write_version


def get_gallery_image(call: Call) -> Response:
    return json_answer(definition_body(_definition(call)))


def list_gallery_versions(call: Call) -> Response:
    versions = call.azure.images.gallery_versions(_definition(call).definition_id, call.now)
    own = [version for version in versions if isinstance(version, GalleryVersion)]
    return json_answer({"value": [_body(call, version) for version in own]})


def get_gallery_version(call: Call) -> Response:
    replication = call.query("$expand").lower() == "replicationstatus"
    return json_answer(_body(call, _version(call), replication=replication))


def put_gallery_version(call: Call) -> Response:
    return _write(call, "PUT")


def patch_gallery_version(call: Call) -> Response:
    """PATCH of an existing version; its answer is assumed to be like that of PUT."""
    _version(call)
    return _write(call, "PATCH")


def delete_gallery_version(call: Call) -> Response:
    """Documented: 204 when there is none."""
    found = _found(call)
    if found is None:
        return empty_answer(204)
    return accepted(call, delete_version(call.azure, found, call.now), None)


def _write(call: Call, method: WriteMethod) -> Response:
    """201 with the new version, or 200 with the changed one (recorded: put-201)."""
    is_new = _found(call) is None
    operation = write_version(call.azure, _named(call), method, call.body, call.now)
    body = _body(call, _version(call))
    body["properties"]["provisioningState"] = "Creating" if is_new else "Updating"
    return written(call, operation, body, 201 if is_new else 200)


def _body(call: Call, version: GalleryVersion, *, replication: bool = False) -> Json:
    published = call.azure.images.published_at(version)
    return version_body(version, published, replication=replication)


def _version(call: Call) -> GalleryVersion:
    """The one the path names. Raises ArmError when there is none."""
    found = _found(call)
    if found is None:
        raise _not_found(call, f"/versions/{call.path('version')}")
    return found


def _found(call: Call) -> GalleryVersion | None:
    found = call.azure.images.find(_named(call).identity, call.now)
    return found if isinstance(found, GalleryVersion) else None


def _definition(call: Call) -> GalleryVersion:
    """What the path names, by its first version. Raises ArmError when it never had any."""
    found = call.azure.images.definition(_named(call).definition_id)
    if found is None:
        raise _not_found(call)
    return found


def _named(call: Call) -> GalleryVersion:
    return GalleryVersion(
        subscription=call.path("subscription"),
        resource_group=call.path("group"),
        gallery=call.path("gallery"),
        image=call.path("image"),
        version=call.request.path_params.get("version", ""),
    )


def _not_found(call: Call, version: str = "") -> ArmError:
    resource = f"galleries/{call.path('gallery')}/images/{call.path('image')}{version}"
    return resource_not_found(resource, call.path("group"))
