"""Does the target image exist, and can this scale set use it? Looked up before anything moves."""

import re

from compute.client import connect
from compute.errors import explained
from compute.json_body import Body, dig, dig_list
from rollout.fleet import ScaleSet
from rollout.image import Image, ImageKind, ImageRequest, newest
from rollout.preflight import ImageFinding
from rollout.problem import ArmErrorKind, ArmFailure

_GALLERY = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/providers/"
    r"Microsoft\.Compute/galleries/(?P<gallery>[^/]+)/images/(?P<image>[^/]+)"
    r"/versions/(?P<version>[^/]+)",
    re.IGNORECASE,
)
_MANAGED = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/providers/"
    r"Microsoft\.Compute/images/(?P<image>[^/]+)",
    re.IGNORECASE,
)


def find_image(wanted: ImageRequest, scale_set: ScaleSet) -> ImageFinding:
    """The image meant on this scale set, `latest` pinned to the newest version, or why there is
    none. A VHD cannot be looked up without rights on its storage account: Azure checks it when the
    model is set. Raises ArmFailure when the look-up itself failed.
    """
    image = wanted.completed_from(scale_set.image or Image())
    try:
        if image.kind is ImageKind.PLATFORM:
            return _platform(image, scale_set)
        return (
            _custom(image, scale_set)
            if image.kind is ImageKind.CUSTOM
            else ImageFinding(image=image)
        )
    except ArmFailure as failure:
        if failure.error.kind is not ArmErrorKind.NOT_FOUND:
            raise
        return ImageFinding(missing=f"The image {image} was not found in {scale_set.location}.")
    return ImageFinding(image=image)


def _platform(image: Image, scale_set: ScaleSet) -> ImageFinding:
    parts = (scale_set.location, image.publisher or "", image.offer or "", image.sku or "")
    images = connect(scale_set.id.subscription).virtual_machine_images
    if image.version != "latest":
        with explained("read the image", str(image)):
            images.get(*parts, image.version or "")
        return ImageFinding(image=image)
    with explained("list the versions of", str(image)):
        versions = [one.name or "" for one in images.list(*parts)]
    version = newest(versions)
    if version is None:
        return ImageFinding(missing=f"There is no version of {image} in {scale_set.location}.")
    return ImageFinding(image=image.model_copy(update={"version": version}))


def _custom(image: Image, scale_set: ScaleSet) -> ImageFinding:
    if match := _GALLERY.fullmatch(image.id or ""):
        return _gallery_version(image, match, scale_set)
    match = _MANAGED.fullmatch(image.id or "")
    if not match:
        return ImageFinding(missing=f"{image} is not the id of an image or gallery image version.")
    with explained("read the image", str(image)):
        body = connect(match["subscription"]).images.get(match["group"], match["image"])
    return _usable(image, _state_problem(image, body))


def _gallery_version(image: Image, match: re.Match[str], scale_set: ScaleSet) -> ImageFinding:
    with explained("read the image version", str(image)):
        body = connect(match["subscription"]).gallery_image_versions.get(
            match["group"],
            match["gallery"],
            match["image"],
            match["version"],
            expand="ReplicationStatus",
        )
    state = _state_problem(image, body)
    return _usable(image, state or _replication_problem(image, body, scale_set.location))


def _usable(image: Image, problem: str | None) -> ImageFinding:
    return ImageFinding(missing=problem) if problem else ImageFinding(image=image)


def _state_problem(image: Image, body: Body) -> str | None:
    state = dig(body, "properties", "provisioningState") or "Succeeded"
    return None if state == "Succeeded" else f"The image {image} is {state}, not Succeeded."


def _replication_problem(image: Image, body: Body, location: str) -> str | None:
    """Regions come as display names ("East US 2"), locations without spaces ("eastus2")."""
    publishing: Body = dig(body, "properties", "publishingProfile") or {}
    targets = {_region(one["name"]): one for one in dig_list(publishing, "targetRegions")}
    summary = dig_list(body, "properties", "replicationStatus", "summary")
    states = {_region(one["region"]): one.get("state") for one in summary}
    target = targets.get(_region(location))
    if target is None:
        return f"The image {image} is not replicated to {location}: add that region to it."
    if publishing.get("excludeFromLatest") or target.get("excludeFromLatest"):
        return f"The image {image} is excluded from latest in {location}."
    state = states.get(_region(location), "Completed")
    if state != "Completed":
        return f"The replication of {image} to {location} is {state}, not Completed."
    return None


def _region(name: str) -> str:
    return name.replace(" ", "").casefold()
