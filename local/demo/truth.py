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
    def of(cls, told: dict[str, Any], target: str, requests: int) -> Self:
        """Read from GET /_sim/scale-sets/{rg}/{name}; `target` is the identity of an image."""
        instances: list[dict[str, Any]] = told["instances"]
        return cls(
            total=len(instances),
            on_target=sum(one["image"] == target for one in instances),
            healthy=sum(one["health"] == "healthy" for one in instances),
            peak_down=told["peakDown"],
            peak_down_in_one_domain=max(told["peakDownByUpdateDomain"].values()),
            violations=told["violations"],
            requests=requests,
        )

    @property
    def against(self) -> list[str]:
        """What speaks against a success, in sentences; empty when nothing does."""
        told = list(self.violations)
        if self.on_target < self.total:
            told.append(f"{self.total - self.on_target} instance(s) do not run the new image")
        if self.healthy < self.total:
            told.append(f"{self.total - self.healthy} instance(s) are not healthy")
        return told
