"""A gallery image version as Azure reports it: may scale sets follow it, and in which regions?"""

from datetime import datetime

from rollout.base import Value

_REPLICATED = "Completed"


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
    newer: list["PublishedVersion"] = []
    """Those of its image that have a higher number, the highest first."""

    def region(self, location: str) -> Region | None:
        return next((region for region in self.regions if region.location == location), None)

    def excluded_in(self, location: str) -> bool:
        """The region's own flag overrides the version's (documented)."""
        region = self.region(location)
        own = region.excluded if region else None
        return self.excluded if own is None else own

    def usable_in(self, location: str) -> bool:
        """Whether it can be used there now, and `latest` may mean it."""
        region = self.region(location)
        there = region is not None and region.replication in {None, _REPLICATED}
        succeeded = self.state.casefold() == "succeeded"
        return there and succeeded and not self.excluded_in(location)

    def outdone_in(self, location: str) -> str | None:
        """The newest version that can be used there, if that is a newer one."""
        return next((each.version for each in self.newer if each.usable_in(location)), None)
