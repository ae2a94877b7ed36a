"""A gallery image version over time: while it is created, changed, replicated and deleted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from local.arm.base import FOREVER
from local.arm.images.published import GalleryVersion, ProvisioningState, TargetRegion


@dataclass(frozen=True, kw_only=True)
class Writing:
    """The latest write of a gallery version; what it is at a moment follows from it."""

    version: GalleryVersion
    """What it is once everything has ended."""
    began: datetime
    is_new: bool
    joined: Mapping[str, datetime]
    """When its replication to each region began, by location."""
    gone_at: datetime = FOREVER
    """When the deletion under way ends."""

    @classmethod
    def first(cls, version: GalleryVersion, now: datetime) -> Self:
        joined = {region.location: now for region in version.target_regions}
        return cls(version=version, began=now, is_new=True, joined=joined)

    def then(self, version: GalleryVersion, now: datetime) -> Self:
        """The next write; regions that were there before stay as they are."""
        joined = {
            region.location: self.joined.get(region.location, now)
            for region in version.target_regions
        }
        return replace(
            self, version=version, began=now, is_new=False, joined=joined, gone_at=FOREVER
        )

    def deleted(self, now: datetime) -> Self:
        """A deletion takes as long as any other write."""
        return replace(self, began=now, gone_at=now + self.version.creation_duration)

    @property
    def end(self) -> datetime:
        return self.began + self.version.creation_duration

    def at(self, now: datetime) -> GalleryVersion | None:
        """The version as it is shown at that moment; None once it is deleted."""
        if now >= self.gone_at:
            return None
        regions = tuple(self._region(region, now) for region in self.version.target_regions)
        shown = {"target_regions": regions, "provisioning_state": self._state(now)}
        return self.version.model_copy(update=shown)

    def _state(self, now: datetime) -> ProvisioningState:
        if self.gone_at != FOREVER:
            return "Deleting"
        if now < self.end:
            return "Creating" if self.is_new else "Updating"
        return self.version.provisioning_state

    def _region(self, region: TargetRegion, now: datetime) -> TargetRegion:
        own = region.replication_duration
        takes = self.version.replication_duration if own is None else own
        passed = now - self.joined[region.location]
        if passed >= takes:
            return region
        return region.model_copy(
            update={"state": "Replicating", "progress": int(100 * (passed / takes))}
        )
