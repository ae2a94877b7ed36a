"""One time an image was put on an instance."""

from dataclasses import dataclass
from datetime import datetime

from local.arm.base import Interval
from local.arm.images import Image


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The instance's creation, or an upgrade; the instants may lie in the future."""

    start: datetime
    """The VM goes down."""
    end: datetime
    """The new disk is in place: as far as the operation goes, it is done."""
    ready: datetime
    """The VM has booted and is healthy, if nothing is wrong with it."""
    image: Image
    model: int
    fails: bool = False
    is_upgrade: bool = True

    @property
    def change(self) -> Interval:
        """While the VM is being changed."""
        return Interval(self.start, self.end)

    @property
    def boot(self) -> Interval:
        """While it boots, if it is not switched off."""
        return Interval(self.end, self.ready)
