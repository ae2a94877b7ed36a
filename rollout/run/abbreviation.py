"""Messages without full ARM ids: a scale set and its images by their names."""

import re
from collections.abc import Iterable

from rollout.inventory import GalleryId, Image, ScaleSetId

_END = r"(?![\w\-]|\.\w)"
"""Where an id ends: not in the middle of a longer name."""


def abbreviated(text: str, scale_set: ScaleSetId, images: Iterable[Image]) -> str:
    """The text with short names in place of these ids. A command that is to be copied keeps them,
    and so do two images whose short names are the same.
    """
    text = _replaced(text, str(scale_set), scale_set.name)
    for image_id, name in _short_names(images).items():
        text = _replaced(text, image_id, name)
    return text


def _replaced(text: str, full: str, name: str) -> str:
    pattern = rf"(?<!--scope ){re.escape(full)}{_END}"
    return re.sub(pattern, lambda _: name, text, flags=re.IGNORECASE)


def _short_names(images: Iterable[Image]) -> dict[str, str]:
    """By id, the longest first: the id of a definition is the beginning of its versions' ids."""
    ids = {image.id.casefold(): image.id for image in images if image.id}
    names = {full: _short_name(full) for full in ids.values()}
    taken = list(names.values())
    ordered = sorted(names, key=len, reverse=True)
    return {full: names[full] for full in ordered if taken.count(names[full]) == 1}


def _short_name(full: str) -> str:
    """As on the screen: "gallery:image:1.0.7"; of a managed image, its name."""
    gallery = GalleryId.parse(full)
    if gallery is None:
        return full.rpartition("/")[2]
    parts = (gallery.gallery, gallery.image, gallery.version)
    return ":".join(part for part in parts if part)
