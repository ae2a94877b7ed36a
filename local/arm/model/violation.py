"""What a rollout must never do, and did."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from local.arm.base import Interval
from local.arm.model.place import Place

_SHOWN = 10


@dataclass(frozen=True, order=True)
class Violation:
    at: datetime
    what: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.what}: {self.evidence}"


@dataclass(frozen=True)
class Outage:
    """One stretch of time in which one instance did not serve because of an upgrade."""

    instance_id: str
    place: Place
    interval: Interval
    upgraded: bool = True
    """Whether it went down by an upgrade; else it had been upgraded, and fell ill by itself."""


def overlaps(outages: Iterable[Outage]) -> list[Violation]:
    """Two update domains of a zone, or two zones, down at once; told when an upgrade takes the
    later one down. Instances that fall ill by themselves are nobody's doing.
    """
    listed = list(outages)
    return sorted([*_domains_overlap(listed), *_zones_overlap(listed)])


def _domains_overlap(outages: list[Outage]) -> Iterator[Violation]:
    def zone(outage: Outage) -> str:
        return outage.place.zone or ""

    in_domains = [one for one in outages if one.place.domain]
    for _, in_zone in groupby(sorted(in_domains, key=zone), key=zone):
        yield from _overlap(in_zone, "update domains", lambda place: place.domain or "")


def _zones_overlap(outages: list[Outage]) -> Iterator[Violation]:
    zonal = (one for one in outages if one.place.zone)
    yield from _overlap(zonal, "zones", lambda place: place.zone or "")


def _overlap(
    outages: Iterable[Outage], kind: str, group_of: Callable[[Place], str]
) -> Iterator[Violation]:
    """One violation for each instant at which instances go down while another group is down."""
    listed = list(outages)
    begins = sorted(
        ((one.interval.start, group_of(one.place), one) for one in listed),
        key=lambda begin: (begin[0], begin[1], begin[2].instance_id),
    )
    ends = sorted((one.interval.end, group_of(one.place)) for one in listed)
    down: Counter[str] = Counter()
    ended = 0
    for at, beginning in groupby(begins, key=lambda begin: begin[0]):
        while ends[ended][0] <= at:
            down[ends[ended][1]] -= 1
            ended += 1
        new = list(beginning)
        down.update(group for _, group, _ in new)
        groups = sorted(+down)
        taken = [one.instance_id for _, _, one in new if one.upgraded]
        if len(groups) > 1 and taken:
            yield Violation(at, f"two {kind} down at once", _evidence(groups, taken))


def _evidence(groups: list[str], ids: list[str]) -> str:
    """Which groups are down, and which instances just went down."""
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    going = f"instances {', '.join(ids[:_SHOWN])}{more} went down"
    return f"{', '.join(groups)}; {going}"
