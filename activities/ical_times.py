"""When an event of an iCalendar file is: each time that it comes, and all that it may mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from activities.ical_file import event_named, said_of
from activities.ical_rules import NoCalendarError, repeated
from rollout.windows import Span

_MOST_TIMES = 20_000
"""That a rule names, from its beginning on: each day of fifty years."""
_FIRST, _LAST = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")
"""Where a day begins first, and ends last."""
_A_DAY, _A_SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class AskedTime:
    """Which time is asked for; in which zone days are that name none (None: nobody says); by the
    UID of a series, which of its times are events of their own; and whether there is still time.
    """

    span: Span
    zone: tzinfo | None
    changed: Mapping[str, list[Any]]
    in_time: Callable[[], bool]

    @property
    def first(self) -> datetime:
        """What any clock shows before it."""
        return self.span.begins.replace(tzinfo=None) - 2 * _A_DAY

    @property
    def last(self) -> datetime:
        """What any clock shows after it."""
        return self.span.ends.replace(tzinfo=None) + 2 * _A_DAY

    def refuse_if_late(self) -> None:
        """Raises NoCalendarError if there is no time left."""
        if not self.in_time():
            raise NoCalendarError("its events take too long to read: give a smaller calendar")


def changed_times(events: list[Any]) -> dict[str, list[Any]]:
    """By the UID of a series, its times that are events of their own, which may be cancelled."""
    found: dict[str, list[Any]] = {}
    for event in events:
        if (stated := event.get("RECURRENCE-ID")) is not None:
            if isinstance(stated, list) or "RANGE" in stated.params:
                why = "RECURRENCE-ID with RANGE, or twice, is not read: change each time by itself"
                raise NoCalendarError(f"{event_named(event)} cannot be read ({why})")
            found.setdefault(_uid(event), []).append(stated.dt)
    return found


def spans_of(event: Any, asking: AskedTime) -> Iterator[tuple[Span, str]]:
    """When it is, for as long as any of that is in the time asked for; and in which zone people
    plan it. Raises NoCalendarError.
    """
    asking.refuse_if_late()
    try:
        first = _first_time(event, asking.zone)
        for shown in _times(event, first, asking):
            span = first.meant(shown)
            first_end = min(span.ends, asking.span.ends)
            asked = span.begins < first_end and span.ends > asking.span.begins
            if asked and (first.shown or first.exact):
                yield span, getattr(first.zones[0], "key", None) or "UTC"
    except NoCalendarError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise NoCalendarError(f"{event_named(event)} cannot be read ({said_of(error)})") from error


class _Time(NamedTuple):
    """What a clock shows when it begins, how long it is by that clock and in truth, and in which
    zones it begins and ends: two, if nobody says which one is meant.
    """

    begins: datetime
    shown: timedelta
    exact: timedelta
    zones: tuple[tzinfo, tzinfo]

    def meant(self, begins: datetime) -> Span:
        """All that it may mean, begun when a clock shows that: an hour that exists twice or never,
        and its length by that clock or in truth.
        """
        last = max(_readings(begins, self.zones[1])) + self.exact
        by_clock = max(_readings(begins + self.shown, self.zones[1]))
        ends = max(by_clock, last) if self.shown or self.exact else last
        return Span(min(_readings(begins, self.zones[0])), ends)


def _readings(shown: datetime, zone: tzinfo) -> list[datetime]:
    return [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def _first_time(event: Any, zone: tzinfo | None) -> _Time:
    start, end = event["DTSTART"].dt, _end(event)
    if end == start and not isinstance(start, datetime):
        end = start + _A_DAY  # many write a day as ending on itself
    own = _own_zone(event["DTSTART"])
    zones = (own, own) if own else (zone or _FIRST, zone or _LAST)
    begins = _shown(start, zones[0])
    if isinstance(end, timedelta):
        shown = exact = end
    else:
        shown = _shown(end, zones[0]) - begins
        aware = isinstance(end, datetime) and end.tzinfo and own
        exact = end - start if aware else shown
    if max(shown, exact) < timedelta(0):
        raise ValueError("it ends before it begins")
    return _Time(begins, shown, exact, zones)


def _end(event: Any) -> date | timedelta:
    """When it ends, or how long it is: a day, or no time at all, if it says neither."""
    if (stated := event.get("DTEND")) is not None:
        _own_zone(stated)
        return stated.dt
    if (stated := event.get("DURATION")) is not None:
        return stated.dt
    return timedelta(0) if isinstance(event["DTSTART"].dt, datetime) else _A_DAY


def _own_zone(stated: Any) -> tzinfo | None:
    """Its zone; None for a day, and for a time anywhere. Raises ValueError for one not known."""
    moment, zone_name = stated.dt, stated.params.get("TZID")
    if not isinstance(moment, datetime):
        return None
    if moment.tzinfo is None and zone_name:
        raise ValueError(f"the time zone {zone_name} is not known")
    return moment.tzinfo


def _shown(moment: date, zone: tzinfo) -> datetime:
    """What a clock in that zone shows then."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(0))
    return (moment.astimezone(zone) if moment.tzinfo else moment).replace(tzinfo=None)


def _times(event: Any, first: _Time, asking: AskedTime) -> list[datetime]:
    """What a clock shows whenever it begins, about the time asked for."""
    zone, earliest = first.zones[0], asking.first - max(first.shown, first.exact)
    more = [_shown(each, zone) for each in _listed(event, "RDATE")]
    times = {first.begins, *more, *_repeated(event, first, earliest, asking)}
    left_out = {_shown(each, zone) for each in _listed(event, "EXDATE")}
    if event.get("RECURRENCE-ID") is None:
        left_out |= {_shown(each, zone) for each in asking.changed.get(_uid(event), [])}
    return sorted(each for each in times - left_out if earliest <= each <= asking.last)


def _repeated(
    event: Any, first: _Time, earliest: datetime, asking: AskedTime
) -> Iterator[datetime]:
    for rule in _as_list(event.get("RRULE")):
        asking.refuse_if_late()
        last = min([asking.last, *_ends_of(rule, first.zones[0])])
        plain = {name: value for name, value in rule.items() if name.upper() != "UNTIL"}
        text = type(rule)(plain).to_ical().decode()
        for count, moment in enumerate(islice(repeated(text, first.begins, last), _MOST_TIMES)):
            if count == _MOST_TIMES - 1:
                raise ValueError("it began too long ago, and repeats too often")
            if moment >= earliest:
                yield moment


def _ends_of(rule: Any, zone: tzinfo) -> Iterator[datetime]:
    """When a rule ends, if it says so; a day counts as a whole."""
    for said_end in rule.get("UNTIL", []):
        whole = timedelta(0) if isinstance(said_end, datetime) else _A_DAY - _A_SECOND
        yield _shown(said_end, zone) + whole


def _listed(event: Any, name: str) -> Iterator[date]:
    for several in _as_list(event.get(name)):
        for stated in several.dts:
            if not isinstance(stated.dt, date):
                raise ValueError(f"{name} with periods is not read")
            _own_zone(stated)
            yield stated.dt


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return [*value] if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]


def _uid(event: Any) -> str:
    return str(event.get("UID", ""))
