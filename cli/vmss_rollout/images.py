"""Images in a few words, and from the words that people type."""

from vmss_rollout.values import Json, text

_URN = ("publisher", "offer", "sku", "version")


def named(image: Json) -> str:
    """All of an image: its URN, its ARM id, or its URI; "" if nothing is known of it."""
    return text(image, "uri") or text(image, "id") or _urn(image)


def short(image: Json) -> str:
    """A URN as it is; an ARM id or URI by its names: "gallery:image:1.0.7", "disk.vhd"."""
    if uri := text(image, "uri"):
        return uri.rpartition("/")[2]
    names = ":".join(text(image, "id").split("/")[8::2])
    return names or text(image, "id") or _urn(image)


def _urn(image: Json) -> str:
    return ":".join(filter(None, (text(image, name) for name in _URN)))


def change(before: Json, after: Json, arrow: str) -> str:
    """From which image to which; what both have in common is said once. "" when not known yet."""
    old, new = short(before), short(after)
    if not (old and new):
        return new or old
    family, _, version = new.rpartition(":")
    own_family, _, own_version = old.rpartition(":")
    if family and family == own_family:
        return f"{family} {own_version} {arrow} {version}"
    return f"{old} {arrow} {new}"


def requested(typed: str) -> Json:
    """An image as people type it, for a request: a version, a URN, an ARM id or a URI."""
    if typed.startswith("https://"):
        return {"uri": typed}
    if typed.startswith("/"):
        return {"id": typed}
    parts = typed.split(":")
    return dict(zip(_URN, parts, strict=True)) if len(parts) == len(_URN) else {"version": typed}
