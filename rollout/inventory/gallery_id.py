"""The id of a gallery image: in your own gallery, a shared one, or a community one."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rollout.inventory.scale_set_id import SEGMENT, SUBSCRIPTION

COMPUTE = (
    rf"/subscriptions/(?P<subscription>{SUBSCRIPTION})"
    rf"/resourceGroups/(?P<group>{SEGMENT})/providers/Microsoft\.Compute"
)
_IMAGE = (
    rf"/(?P<gallery>{SEGMENT})/images/(?P<image>{SEGMENT})(?:/versions/(?P<version>{SEGMENT}))?"
)


class GalleryKind(StrEnum):
    """The kind of gallery; its value is the id's field in an imageReference."""

    OWN = "id"
    SHARED = "sharedGalleryImageId"
    COMMUNITY = "communityGalleryImageId"


_PATTERNS = {
    GalleryKind.OWN: re.compile(rf"{COMPUTE}/galleries{_IMAGE}", re.IGNORECASE),
    GalleryKind.SHARED: re.compile(rf"/SharedGalleries{_IMAGE}", re.IGNORECASE),
    GalleryKind.COMMUNITY: re.compile(rf"/CommunityGalleries{_IMAGE}", re.IGNORECASE),
}


@dataclass(frozen=True)
class GalleryId:
    """The parts of such an id. Only your own gallery has a subscription and a resource group."""

    kind: GalleryKind
    definition: str
    """The id without its version."""
    gallery: str
    image: str
    version: str | None = None
    subscription: str = ""
    resource_group: str = ""

    @classmethod
    def parse(cls, text: str | None) -> "GalleryId | None":
        """None if the text is not such an id."""
        for kind, pattern in _PATTERNS.items():
            if match := pattern.fullmatch(text or ""):
                return cls._matched(kind, match)
        return None

    @classmethod
    def _matched(cls, kind: GalleryKind, match: re.Match[str]) -> "GalleryId":
        parts = match.groupdict()
        return cls(
            kind=kind,
            definition=match[0][: match.end("image")],
            gallery=parts["gallery"],
            image=parts["image"],
            version=parts["version"],
            subscription=parts.get("subscription") or "",
            resource_group=parts.get("group") or "",
        )

    @property
    def open(self) -> bool:
        """Whether the id leaves the version open, so that it means the latest."""
        return (self.version or "latest").casefold() == "latest"

    def pinned(self, version: str) -> "GalleryId":
        """The same image at that version."""
        return replace(self, version=version)

    def __str__(self) -> str:
        own = self.kind is GalleryKind.OWN
        word = "versions" if own else "Versions"
        return f"{self.definition}/{word}/{self.version}" if self.version else self.definition
