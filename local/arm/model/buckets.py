"""Azure's token buckets: each kind of call of one resource has a budget that fills up again.

Recorded and documented (2024): each is filled up to `most` and gains `each_minute`. That each page
of a list takes a token is assumed: nobody has recorded it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True)
class Bucket:
    """The budget of one scale set, of one operation, or of one virtual machine."""

    name: str
    method: str
    path: re.Pattern[str]
    most: int
    each_minute: int


@dataclass(frozen=True)
class Taken:
    """A call's token: how many are `left`, and if there was none, how many seconds until there is
    one.
    """

    bucket: str
    left: int
    wait: float = 0.0


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


class Buckets:
    """What is left of each budget. `share` is the part that is ours: other clients of the
    subscription use the rest. Calls beyond it are refused if it is `enforced`.
    """

    def __init__(self, share: float = 1.0, *, enforced: bool = False) -> None:
        self.share = share
        self.enforced = enforced
        self._left: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._lock = Lock()

    def take(self, method: str, path: str, at: datetime) -> Taken | None:
        """One call's token; None if there is no budget for such a call. A refused call takes
        none.
        """
        with self._lock:
            return next(self._taken(method, path, at), None)

    def _taken(self, method: str, path: str, at: datetime) -> Iterator[Taken]:
        for bucket in BUCKETS:
            if method == bucket.method and bucket.path.fullmatch(path):
                key = (bucket.name, path.casefold())
                tokens = self._now(bucket, at, self._left.get(key))
                after = tokens - 1 if tokens >= 1 else tokens
                self._left[key] = (after, at)
                wait = max(0.0, 1 - tokens) * 60 / (bucket.each_minute * self.share)
                yield Taken(bucket.name, int(after), wait)

    def _now(self, bucket: Bucket, at: datetime, before: tuple[float, datetime] | None) -> float:
        most = bucket.most * self.share
        if before is None:
            return most
        tokens, then = before
        grown = (at - then).total_seconds() / 60 * bucket.each_minute * self.share
        return min(most, tokens + grown)
