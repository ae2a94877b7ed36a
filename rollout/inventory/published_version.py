"""A gallery image version as Azure reports it: may scale sets follow it, and in which regions?"""

from datetime import datetime

from rollout.base import Value


class Region(Value):
    """A target region of a version: its location, whether it is excluded from latest there, and its
    replication state (Azure's word; None if not reported).
    """

    location: str
    excluded: bool | None = None
    replication: str | None = None


class PublishedVersion(Value):
    """One version: its id as Azure spells it, its provisioningState, and its regions."""

    id: str
    version: str
    state: str
    excluded: bool = False
    published_at: datetime | None = None
    regions: list[Region] = []

    def region(self, location: str) -> Region | None:
        return next((region for region in self.regions if region.location == location), None)

    def excluded_in(self, location: str) -> bool:
        """The region's own flag overrides the version's (documented)."""
        region = self.region(location)
        own = region.excluded if region else None
        return self.excluded if own is None else own
