"""Azure's token buckets: each kind of call of one resource has a budget that fills up again, and a
list one of the whole subscription, too.

Recorded and documented (2024): each is filled up to `most` and gains `each_minute`. That each page
of a list takes a token is assumed, and how fast the subscription's budget grows: nobody has
recorded it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True)
class Bucket:
    """The budget of one scale set, of one operation, or of one virtual machine; or that of the
    subscription they are all in.
    """

    name: str
    method: str
    path: re.Pattern[str]
    most: int
    each_minute: int
    of_all: bool = False

    def key(self, path: str) -> tuple[str, str]:
        """Which budget of this kind a call takes its token from."""
        parts = path.casefold().split("/")
        return self.name, "/".join(parts[:3]) if self.of_all else "/".join(parts)


@dataclass(frozen=True)
class Taken:
    """A call's tokens: how many are `left` in each bucket, and if there was none in `bucket`, how
    many seconds until there is one.
    """

    left: dict[str, int]
    bucket: str
    wait: float = 0.0


def _of(
    name: str, method: str, path: str, most: int, each_minute: int, *, of_all: bool = False
) -> Bucket:
    return Bucket(name, method, re.compile(path, re.IGNORECASE), most, each_minute, of_all)


_SET = r".*/virtualMachineScaleSets/[^/]+"
_LIST = rf"{_SET}/virtualMachines"
BUCKETS = (
    _of("GetVMScaleSetResource", "GET", _SET, 36, 12),
    _of("HighCostGetVMScaleSetSubscriptionMaximum", "GET", _LIST, 1080, 360, of_all=True),
    _of("HighCostGetVMScaleSetResource", "GET", _LIST, 30, 10),
    _of("GetVMScaleSetInstanceView", "GET", rf"{_SET}/instanceView", 30, 10),
    _of("GetVirtualMachine", "GET", r".*/virtualMachines/[^/]+", 36, 12),
    _of("GetOperationResource", "GET", r".*/operations/[^/]+", 45, 15),
    _of("VMScaleSetActionsResource", "PATCH", _SET, 12, 4),
)


class Buckets:
    """What is left of each budget. `share` is the part that is ours, and `share_of_all` that of the
    subscription's: other clients use the rest. Calls beyond it are refused if it is `enforced`.
    """

    def __init__(
        self, share: float = 1.0, *, share_of_all: float | None = None, enforced: bool = False
    ) -> None:
        self.share = share
        self.share_of_all = share if share_of_all is None else share_of_all
        self.enforced = enforced
        self._left: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._lock = Lock()

    def take(self, method: str, path: str, at: datetime) -> Taken | None:
        """One call's tokens; None if there is no budget for such a call. A refused call takes
        none.
        """
        asked = [each for each in BUCKETS if each.method == method and each.path.fullmatch(path)]
        if not asked:
            return None
        with self._lock:
            return self._taken(asked, path, at)

    def _taken(self, asked: list[Bucket], path: str, at: datetime) -> Taken:
        there = {bucket: self._now(bucket, path, at) for bucket in asked}
        charge = all(tokens >= 1 for tokens in there.values())
        for bucket, tokens in there.items():
            self._left[bucket.key(path)] = (tokens - charge, at)
        waits = {bucket.name: self._wait(bucket, tokens) for bucket, tokens in there.items()}
        longest = max(waits, key=waits.__getitem__)
        left = {bucket.name: int(tokens - charge) for bucket, tokens in there.items()}
        return Taken(left, longest, waits[longest])

    def _wait(self, bucket: Bucket, tokens: float) -> float:
        return max(0.0, 1 - tokens) * 60 / (bucket.each_minute * self._share_of(bucket))

    def _now(self, bucket: Bucket, path: str, at: datetime) -> float:
        most = bucket.most * self._share_of(bucket)
        tokens, then = self._left.get(bucket.key(path), (most, at))
        grown = (at - then).total_seconds() / 60 * bucket.each_minute * self._share_of(bucket)
        return min(most, tokens + grown)

    def _share_of(self, bucket: Bucket) -> float:
        return self.share_of_all if bucket.of_all else self.share
