"""Time zones by their IANA names, and what a clock in one shows."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, StrictStr

from rollout.windows.span import Span

_NAME = re.compile(r"(?!posix/|right/)[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)+|UTC")
"""An area and a city. What has no slash is old, or means whatever the host is set to."""
_SECOND = timedelta(seconds=1)


@cache
def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ValueError if there is none."""
    if not _NAME.fullmatch(name):
        raise ValueError(_advice(name))
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(_advice(name)) from error


def _advice(name: str) -> str:
    return f'{name!r} is not known: give the IANA name of a time zone, such as "Europe/Berlin"'


def _known(name: str) -> str:
    return zone_named(name).key


Zone = Annotated[StrictStr, AfterValidator(_known)]


def spoken_in(zone: str, moment: datetime) -> str:
    """A moment as a clock in that zone shows it, and in UTC: what it shows twice is told apart."""
    shown = f"{moment.astimezone(zone_named(zone)):%a %Y-%m-%d %H:%M} {zone}"
    return shown if zone == "UTC" else f"{shown} ({moment.astimezone(UTC):%H:%M} UTC)"


def shown_between(zone: ZoneInfo, begins: datetime, ends: datetime) -> list[Span]:
    """When a clock in that zone shows a time from `begins` to `ends` (both without a zone, at most
    some days apart): an hour that exists twice is in it twice, one that never exists is not.
    """
    first, last = first_shown(zone, begins), last_shown(zone, ends)
    if last <= first:
        return []
    change = _change(zone, first, last)
    pieces = [(first, last)] if change is None else [(first, change), (change, last)]
    shown = [_within(zone, piece, begins, ends) for piece in pieces]
    return [span for span in shown if span]


def _within(
    zone: ZoneInfo, piece: tuple[datetime, datetime], begins: datetime, ends: datetime
) -> Span | None:
    """The same, of a time in which the zone's offset does not change."""
    offset = _offset(zone, piece[0])
    begun, ended = ((shown - offset).replace(tzinfo=UTC) for shown in (begins, ends))
    span = Span(max(piece[0], begun), min(piece[1], ended))
    return span if span.begins < span.ends else None


def first_shown(zone: ZoneInfo, shown: datetime) -> datetime:
    """The first moment at which a clock there shows that time, or has jumped over it."""
    return min(_readings(zone, shown))


def last_shown(zone: ZoneInfo, shown: datetime) -> datetime:
    """The last one."""
    return max(_readings(zone, shown))


def _readings(zone: ZoneInfo, shown: datetime) -> list[datetime]:
    both = [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if both[0] <= both[1]:
        return both
    jump = _change(zone, both[1], both[0])
    return both if jump is None else [jump]


def _change(zone: ZoneInfo, begins: datetime, ends: datetime) -> datetime | None:
    """When the zone's offset changes between these moments; None if it does not."""
    before = _offset(zone, begins)
    if _offset(zone, ends - _SECOND) == before:
        return None
    low, high = 0, int((ends - begins).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, begins + middle * _SECOND) == before
        low, high = (middle, high) if same else (low, middle)
    return begins + high * _SECOND


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
