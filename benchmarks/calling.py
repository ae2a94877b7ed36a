"""What rollouts ask of Azure and how long they take, against what they are to come to."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from benchmarks.buckets import refused
from benchmarks.figure import Figure
from benchmarks.rolling import CASES, rolled
from local.host.store import AsAzure

_CALLS: dict[str, tuple[int | None, int | None]] = {
    "10/2/1 s, default": (None, 110),
    "10/5/1 s, default": (None, 94),
    "100/5/1 s, default": (None, 94),
    "10/2/1 s, tightest": (None, 30),
    "10/5/1 s, tightest": (None, 54),
    "100/5/1 s, tightest": (30, 54),
    "10/2/60 s, default": (None, 188),
    "20/5/80 s, default": (None, 183),
    "20/5/240 s, default": (None, 363),
    "100/5/240 s, default": (None, 363),
    "100/5/240 s, default, alike": (70, 339),
    "1,000/5/240 s, default": (340, 1446),
}
"""The most calls that each is to need, and how many it needed at first."""
_OVER_FLOOR: dict[str, tuple[float | None, float | None]] = {
    "10/2/60 s, default": (1.025, 1.071),
    "20/5/80 s, default": (1.025, 1.04),
    "20/5/240 s, default": (1.012, 1.033),
    "100/5/240 s, default": (1.012, 1.033),
    "1,000/5/240 s, default": (1.012, None),
}
LATE = AsAzure(seed="late", late=1.0)
"""Messages take as long as host.json's maxQueuePollingInterval lets them."""


def figures() -> list[Figure]:
    found = {name: rolled(case) for name, case in CASES.items()}
    calls = [
        Figure(f"ARM calls, {name}", found[name].calls, "calls", target, first)
        for name, (target, first) in _CALLS.items()
    ]
    walls = [
        Figure(
            f"wall over floor, {name}",
            round(found[name].over_floor, 4),
            "times",
            *_OVER_FLOOR.get(name, (None, None)),
        )
        for name in CASES
    ]
    late = [
        Figure(
            f"wall over floor, {name}, hops late as in Azure",
            round(rolled(CASES[name], LATE).over_floor, 4),
            "times",
        )
        for name in ("20/5/80 s, default", "20/5/240 s, default")
    ]
    largest = "1,000/5/240 s, default"
    over = sum(refused(found[largest].served).values())
    budget = Figure(f"refused by the bucket model, {largest}", over, "calls", 0, 925)
    return [*calls, budget, *walls, *late]
