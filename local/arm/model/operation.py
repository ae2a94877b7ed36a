"""Long-running operations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation on a scale set or a gallery version; its end is known from the beginning."""

    id: str
    subscription: str
    location: str
    start: datetime
    end: datetime
    instance_ids: frozenset[str] | None = None
    """The instances it works on; None for the scale set with all of them."""
    failed_ids: tuple[str, ...] = ()
    """The instances on which it fails."""
    family: Literal["operations", "capsOperations"] = "operations"
    """The part of the URL that tells the kinds apart; galleries have the latter (recorded)."""
    is_of_vm: bool = False
    """A write to one VM, which leaves the scale set's own state alone."""

    def runs(self, now: datetime) -> bool:
        return self.start <= now < self.end

    def excludes(self, instance_ids: frozenset[str] | None) -> bool:
        """Whether an operation on these instances (None: on the set) must wait for this one."""
        if self.instance_ids is None or instance_ids is None:
            return True
        return not self.instance_ids.isdisjoint(instance_ids)
