"""What really happened, as the simulated Azure counted it, whatever the app believes."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Truth:
    """Counts of instances, the violations in words, and the number of ARM requests served."""

    total: int
    on_target: int
    healthy: int
    peak_down: int
    peak_down_in_one_domain: int
    violations: list[str]
    requests: int

    @classmethod
    def of(cls, body: dict[str, Any], target: str, requests: int) -> Self:
        """Read from GET /_sim/scale-sets/{rg}/{name}; `target` is the identity of an image."""
        instances: list[dict[str, Any]] = body["instances"]
        return cls(
            total=len(instances),
            on_target=sum(instance["image"] == target for instance in instances),
            healthy=sum(instance["health"] == "healthy" for instance in instances),
            peak_down=body["peakDown"],
            peak_down_in_one_domain=max(body["peakDownByUpdateDomain"].values()),
            violations=body["violations"],
            requests=requests,
        )

    @property
    def against(self) -> list[str]:
        """What speaks against a success, in sentences; empty when nothing does."""
        reasons = list(self.violations)
        if self.on_target < self.total:
            reasons.append(f"{self.total - self.on_target} instance(s) do not run the new image")
        if self.healthy < self.total:
            reasons.append(f"{self.total - self.healthy} instance(s) are not healthy")
        return reasons
