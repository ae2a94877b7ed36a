"""A gallery image version as Azure shows it: may scale sets follow it, and in which regions?"""

from datetime import datetime

from rollout.value import Value


class Region(Value):
    """A region a version goes to: its location, whether it is excluded from latest there, and how
    far its replication is (Azure's word; None when Azure did not say).
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
        return next((one for one in self.regions if one.location == location), None)

    def excluded_in(self, location: str) -> bool:
        """What is said of the region wins over what is said of the version (documented)."""
        region = self.region(location)
        own = region.excluded if region else None
        return self.excluded if own is None else own
