"""Azure's token buckets: how many of a rollout's calls it would have refused.

Recorded and documented (2024): each is filled up to `most` and gains `each_minute`. That each page
of a list takes a token is assumed: nobody has recorded it. Refused calls slow nobody down here, so
that the number says how far beyond the budget the calls are.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from local.arm.model.request_log import Served


@dataclass(frozen=True)
class Bucket:
    """The budget of one scale set, or of one operation, for one kind of call."""

    name: str
    method: str
    path: re.Pattern[str]
    most: int
    each_minute: int


def _of(name: str, method: str, path: str, most: int, each_minute: int) -> Bucket:
    return Bucket(name, method, re.compile(path, re.IGNORECASE), most, each_minute)


_SET = r".*/virtualMachineScaleSets/[^/]+"
BUCKETS = (
    _of("GetVMScaleSetResource", "GET", _SET, 36, 12),
    _of("HighCostGetVMScaleSetResource", "GET", rf"{_SET}/virtualMachines", 30, 10),
    _of("GetVMScaleSetInstanceView", "GET", rf"{_SET}/instanceView", 30, 10),
    _of("GetVirtualMachine", "GET", r".*/virtualMachines/[^/]+", 36, 12),
    _of("GetOperationResource", "GET", r".*/operations/[^/]+", 45, 15),
    _of("VMScaleSetActionsResource", "PATCH", _SET, 12, 4),
)


def refused(served: Iterable[Served]) -> dict[str, int]:
    """How many of these calls find their bucket empty, by its name."""
    left: dict[tuple[str, str], tuple[float, datetime]] = {}
    found = Counter[str]()
    for call in served:
        for bucket in BUCKETS:
            if call.method != bucket.method or not bucket.path.fullmatch(call.path):
                continue
            key = (bucket.name, call.path.casefold())
            tokens = _now(bucket, call.at, left.get(key))
            found[bucket.name] += tokens < 1
            left[key] = (tokens - (tokens >= 1), call.at)
    return {name: count for name, count in found.items() if count}


def _now(bucket: Bucket, at: datetime, before: tuple[float, datetime] | None) -> float:
    if before is None:
        return bucket.most
    tokens, then = before
    return min(bucket.most, tokens + (at - then).total_seconds() / 60 * bucket.each_minute)
