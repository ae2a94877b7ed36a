"""Can a version of an image be used in a region? Judged from what Azure says of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rollout.image import by_number

ACTIVE = "Active"
_SCHEDULED = "ScheduledForDeprecation"
_SOFT_DELETED = "SoftDeleted"
_USABLE = {ACTIVE, _SCHEDULED, _SOFT_DELETED}


@dataclass(frozen=True)
class ImageVersion:
    """One version, seen from the scale set's region.

    `state` is its provisioningState; `life` its imageState (Active, ScheduledForDeprecation,
    Deprecated of a platform image, SoftDeleted of a shared or community gallery's, which the SDK
    describes as given out by its version only); `life_ends` when that ends, as Azure writes it.
    `replication` is its state in the region; None where nobody asked, or where being listed in the
    region says it.
    """

    version: str
    state: str = "Succeeded"
    life: str = ACTIVE
    life_ends: str | None = None
    in_region: bool = True
    excluded: bool = False
    replication: str | None = None

    def flaw(self, location: str) -> str | None:
        """Why no instance there can get it, or None: "is Failed, not Succeeded"."""
        if self.life not in _USABLE:
            return f"is {self.life}: Azure gives it to no new disk"
        if self.state != "Succeeded":
            return f"is {self.state}, not Succeeded"
        if not self.in_region:
            return f"is not replicated to {location}: bring it to that region first"
        if self.replication not in {None, "Completed"}:
            return f"is not there yet: its replication to {location} is {self.replication}"
        return None

    def caution(self) -> str | None:
        """What to know of it although it can be used, or None."""
        when = self.life_ends
        if self.life == _SCHEDULED:
            return f"is scheduled for deprecation{f' on {when}' if when else ''}"
        if self.life == _SOFT_DELETED:
            return f"was deleted by its owner{f', and can be had until {when}' if when else ''}"
        return f"has its end of life on {when}" if when else None


def latest_first(versions: Iterable[ImageVersion]) -> list[ImageVersion]:
    """What `latest` may mean, best first: the highest number of those that are not excluded from
    it (documented for galleries) and not deleted. Whether they can be used is not asked.
    """
    candidates = [one for one in versions if not one.excluded and one.life != _SOFT_DELETED]
    return sorted(candidates, key=lambda one: by_number(one.version), reverse=True)
