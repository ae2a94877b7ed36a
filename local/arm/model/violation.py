"""Violations: what a rollout did and must never do."""

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
    """An interval in which one instance was down because of an upgrade."""

    instance_id: str
    place: Place
    interval: Interval
    upgraded: bool = True
    """Whether it went down by an upgrade; else it became unhealthy some time after one."""


def overlaps(outages: Iterable[Outage]) -> list[Violation]:
    """Two update domains of a zone, or two zones, down at once, when an upgrade takes the later
    one down. Instances that become unhealthy by themselves do not count.
    """
    listed = list(outages)
    return sorted([*_domains_overlap(listed), *_zones_overlap(listed)])


def _domains_overlap(outages: list[Outage]) -> Iterator[Violation]:
    def zone(outage: Outage) -> str:
        return outage.place.zone or ""

    in_domains = [outage for outage in outages if outage.place.domain]
    for _, in_zone in groupby(sorted(in_domains, key=zone), key=zone):
        yield from _overlap(in_zone, "update domains", lambda place: place.domain or "")


def _zones_overlap(outages: list[Outage]) -> Iterator[Violation]:
    zonal = (outage for outage in outages if outage.place.zone)
    yield from _overlap(zonal, "zones", lambda place: place.zone or "")


def _overlap(
    outages: Iterable[Outage], kind: str, group_of: Callable[[Place], str]
) -> Iterator[Violation]:
    """One violation for each instant at which instances go down while another group is down."""
    listed = list(outages)
    begins = sorted(
        ((outage.interval.start, group_of(outage.place), outage) for outage in listed),
        key=lambda begin: (begin[0], begin[1], begin[2].instance_id),
    )
    ends = sorted((outage.interval.end, group_of(outage.place)) for outage in listed)
    down: Counter[str] = Counter()
    ended = 0
    for at, beginning in groupby(begins, key=lambda begin: begin[0]):
        while ends[ended][0] <= at:
            down[ends[ended][1]] -= 1
            ended += 1
        new = list(beginning)
        down.update(group for _, group, _ in new)
        groups = sorted(+down)
        taken = [outage.instance_id for _, _, outage in new if outage.upgraded]
        if len(groups) > 1 and taken:
            yield Violation(at, f"two {kind} down at once", _evidence(groups, taken))


def _evidence(groups: list[str], ids: list[str]) -> str:
    """Which groups are down, and which instances just went down."""
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    going = f"instances {', '.join(ids[:_SHOWN])}{more} went down"
    return f"{', '.join(groups)}; {going}"
