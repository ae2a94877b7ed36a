"""The demo's example, and what can be made to go wrong with it."""

from dataclasses import dataclass
from typing import Any

from local.arm.model import UBUNTU

type Json = dict[str, Any]

TARGET = UBUNTU.model_copy(update={"version": "14.04.201507060"})
RESOURCE_GROUP = "demo"
NAME = "web"

FAULTS: dict[str, Json] = {
    "badImage": {"version": TARGET.version},
    "upgradeFails": {"instanceIds": ["1"]},
    "slowBoot": {"factor": 5},
    "throttle": {"rate": 0.3, "retryAfter": 20},
    "foreignWrite": {"after": "PT5M", "profile": {"licenseType": "RHEL_BYOS"}},
}
"""What can be rehearsed, by the simulated Azure's names (POST /_sim/faults)."""


@dataclass(frozen=True)
class Example:
    """A scale set of `instances` VMs in `update_domains`, and perhaps a fault; or an alert that
    fires while the second batch is upgraded, which a gate hears of.
    """

    instances: int
    update_domains: int
    fault: str | None = None
    alert: bool = False

    @property
    def scale_set(self) -> Json:
        """For POST /_sim/scale-sets. VMs take 60 to 90 s for their upgrade, and 30 s to boot."""
        return {
            "resourceGroup": RESOURCE_GROUP,
            "name": NAME,
            "capacity": self.instances,
            "updateDomains": self.update_domains,
            "image": UBUNTU.model_dump(exclude_none=True),
            "upgradeSpread": 0.5,
        }

    @property
    def image(self) -> Json:
        """For POST /_sim/images: the version to roll to."""
        return TARGET.model_dump(exclude_none=True)

    @property
    def policy(self) -> Json:
        """Of the request to roll it."""
        gate = {"name": "alerts", "place": "afterBatch", "check": {"kind": "alert"}}
        return {"gates": [gate]} if self.alert else {}

    @property
    def fault_body(self) -> Json | None:
        """For POST /_sim/faults, if anything is to go wrong."""
        return {"kind": self.fault, **FAULTS[self.fault]} if self.fault else None
