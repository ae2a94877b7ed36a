"""Azure's image references, read and written. Shapes as in recorded exchanges, 2024-07-01."""

from typing import Any

from compute.json_body import Body, dig
from rollout.inventory import GalleryId, GalleryKind, Image


def image_of(storage: Body | None) -> Image | None:
    """A storage profile's image; exactVersion, which only instances have, comes first."""
    reference: Body | None = dig(storage, "imageReference")
    if reference:
        return _referenced(reference)
    uri = dig(storage, "osDisk", "image", "uri")
    return Image(uri=uri) if uri else None


def _referenced(reference: Body) -> Image:
    exact = reference.get("exactVersion")
    for kind in GalleryKind:
        if image_id := reference.get(kind):
            return Image(id=_exact_id(image_id, exact))
    return Image(
        publisher=reference.get("publisher"),
        offer=reference.get("offer"),
        sku=reference.get("sku"),
        version=exact or reference.get("version"),
    )


def _exact_id(image_id: str, exact: str | None) -> str:
    """With the actual version, if the id leaves it open (recorded:
    vm-get-gallery-latest-exactVersion).
    """
    gallery = GalleryId.parse(image_id)
    return str(gallery.pinned(exact)) if gallery and gallery.open and exact else image_id


def image_patch(image: Image) -> dict[str, Any]:
    """The smallest change of a model that sets its image. Sending the whole model back would undo a
    concurrent scaling operation, and need rights on every resource it refers to.
    """
    storage = (
        {"osDisk": {"image": {"uri": image.uri}}}
        if image.uri
        else {"imageReference": _reference(image)}
    )
    return {"properties": {"virtualMachineProfile": {"storageProfile": storage}}}


def _reference(image: Image) -> dict[str, Any]:
    gallery = GalleryId.parse(image.id)
    return {gallery.kind.value: image.id} if gallery else image.to_json()
