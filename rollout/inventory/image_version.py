"""Can an image version be used in a region? Decided from what Azure reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rollout.inventory.image import by_number
from rollout.inventory.image_fit import UNKNOWN_TRAITS, ImageTraits

ACTIVE = "Active"
_SCHEDULED = "ScheduledForDeprecation"
_SOFT_DELETED = "SoftDeleted"
_USABLE = {ACTIVE, _SCHEDULED, _SOFT_DELETED}


@dataclass(frozen=True)
class ImageVersion:
    """One version, as seen from the scale set's region."""

    version: str
    state: str = "Succeeded"
    """Azure's provisioningState."""
    life: str = ACTIVE
    """Azure's imageState: Active, ScheduledForDeprecation or Deprecated (platform); SoftDeleted
    (shared or community gallery), which the SDK documents as available by version only.
    """
    life_ends: str | None = None
    """When `life` ends, as Azure writes it."""
    in_region: bool = True
    excluded: bool = False
    traits: ImageTraits = UNKNOWN_TRAITS
    published_at: datetime | None = None
    replication: str | None = None
    """Its state in the region; None if not read, or if being listed there is enough."""

    def flaw(self, location: str) -> str | None:
        """Why no instance there can get it, or None: "is Failed, not Succeeded"."""
        if self.life not in _USABLE:
            return f"is {self.life}: Azure creates no new disks from it"
        if self.state != "Succeeded":
            return f"is {self.state}, not Succeeded"
        if not self.in_region:
            return f"is not replicated to {location}: bring it to that region first"
        if self.replication not in {None, "Completed"}:
            return f"is not there yet: its replication to {location} is {self.replication}"
        return None

    def caution(self) -> str | None:
        """What to know about it although it can be used, or None."""
        when = self.life_ends
        if self.life == _SCHEDULED:
            return f"is scheduled for deprecation{f' on {when}' if when else ''}"
        if self.life == _SOFT_DELETED:
            return f"was deleted by its owner{f', and can be used until {when}' if when else ''}"
        return f"has its end of life on {when}" if when else None


def latest_first(versions: Iterable[ImageVersion]) -> list[ImageVersion]:
    """The versions `latest` may mean, best first: by number, without those that are excluded from
    it (documented for galleries) or deleted. Whether each is usable is not checked.
    """
    candidates = [
        candidate
        for candidate in versions
        if not candidate.excluded and candidate.life != _SOFT_DELETED
    ]
    return sorted(candidates, key=lambda candidate: by_number(candidate.version), reverse=True)
