"""Windows and freezes against a clock on the wall: any zone, any day, above all those on which the
clock is set.

The reference is a minute at a time: it asks what a clock in the zone shows, and nothing else.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nightly import NIGHTLY

from rollout.base import Proceed
from rollout.windows import (
    Calendar,
    Closed,
    Freeze,
    FreezeCalendar,
    FreezeFeed,
    Length,
    Window,
    may_begin_at,
)
from rollout.windows.window import WEEK

EXAMPLES = 10_000 if NIGHTLY else 250
played = settings(max_examples=EXAMPLES, derandomize=not NIGHTLY)
"""By day the same ones each time, at night others."""
pytestmark = pytest.mark.timeout(900 if NIGHTLY else 120)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ODD = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Sao_Paulo",
)
"""Half an hour, two hours, a month of winter in summer, and a day that never was (2011-12-30)."""
NAMES = sorted(name for name in available_timezones() if "/" in name)


ELSEWHERE = FreezeCalendar.from_request({"calendar": "https://c.contoso.com/f.ics"})
"""Some freezes stand in a calendar elsewhere, and were read at the moment in question."""


@cache
def set_days(zone: str, year: int) -> list[date]:
    """The days of that year on which a clock there is set, and some others."""
    midnights = [datetime(year, 1, 1, tzinfo=UTC) + n * DAY for n in range(366)]
    offsets = [(each, each.astimezone(ZoneInfo(zone)).utcoffset()) for each in midnights]
    found = [before.date() for (before, old), (_, new) in pairwise(offsets) if old != new]
    return [*found, *found, date(year, 5, 17)]


zones = st.sampled_from(ODD) | st.sampled_from(NAMES)
years = st.integers(2007, 2037)


@st.composite
def days(draw: st.DrawFn, zone: str) -> date:
    day = draw(st.sampled_from(set_days(zone, draw(years))))
    return day + draw(st.integers(-2, 2)) * DAY


early = st.integers(0, 4 * 60)
minutes = early | st.integers(0, 24 * 60 - 1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def windows(draw: st.DrawFn, zone: str) -> Window:
    begins, ends = draw(minutes), draw(minutes | st.just(24 * 60))
    if begins == ends:
        ends += 1
    chosen = draw(st.lists(st.sampled_from(WEEK), min_size=1, unique=True) | st.just([*WEEK]))
    body = {"days": chosen, "from": clock(begins), "to": clock(ends), "timeZone": zone}
    return Window.from_request(body)


@st.composite
def freezes(draw: st.DrawFn, zone: str, around: date) -> Freeze:
    begins = datetime.combine(around, time(0)) + draw(minutes) * MINUTE
    begins += draw(st.integers(-2, 5)) * DAY
    ends = begins + draw(st.integers(1, 300) | st.integers(1, 6000)) * MINUTE
    said = {"from": begins.isoformat()[:16], "to": ends.isoformat()[:16]}
    return Freeze.from_request({**said, "timeZone": zone, "reason": "no"})


class Case:
    """A calendar, a moment and a length."""

    def __init__(self, calendar: Calendar, now: datetime, length: Length) -> None:
        self.calendar, self.now, self.length = calendar, now, length

    def read_at(self, moment: datetime) -> Calendar:
        """The same calendar, read then."""
        feeds = [feed.read(feed.freezes, moment) for feed in self.calendar.feeds or ()]
        return self.calendar.with_feeds(feeds)

    def __repr__(self) -> str:
        return f"{self.now.isoformat()} {self.length} {self.calendar.to_json()}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(zones)
    day = draw(days(zone))
    other = draw(st.just(zone) | zones)
    lists = [draw(st.lists(windows(zone), max_size=3)), draw(st.lists(windows(other), max_size=2))]
    frozen = draw(st.lists(freezes(other, day), max_size=2))
    begun = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    now = begun + draw(minutes) * MINUTE
    spoken = draw(st.integers(1, 90) | st.integers(1, 600)) * MINUTE
    likely = draw(st.just(timedelta(0)) | st.integers(0, 120).map(lambda each: each * MINUTE))
    written = draw(st.integers(0, len(frozen)))
    feed = FreezeFeed(source=ELSEWHERE).read(frozen[written:], now)
    calendar = Calendar(windows=lists, freezes=frozen[:written]).with_feeds([feed])
    return Case(calendar, now, Length(spoken, likely))


def shown(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def in_window(window: Window, moment: datetime) -> bool:
    at = shown(moment, window.time_zone)
    today, yesterday = WEEK[at.weekday()], WEEK[(at - DAY).weekday()]
    minute = clock(at.hour * 60 + at.minute)
    if window.begins < window.ends:
        return today in window.days and window.begins <= minute < window.ends
    late = today in window.days and minute >= window.begins
    return late or (yesterday in window.days and minute < window.ends)


def read_frozen(freeze: Freeze, moment: datetime) -> bool:
    at = shown(moment, freeze.time_zone)
    begins, ends = datetime.fromisoformat(freeze.begins), datetime.fromisoformat(freeze.ends)
    return begins <= at < ends


def is_frozen(freeze: Freeze, moment: datetime) -> bool:
    """While a clock shows a time of it, and in an hour between two such times."""
    if read_frozen(freeze, moment):
        return True
    before, after = (
        any(read_frozen(freeze, moment + sign * n * MINUTE) for n in range(0, 200, 5))
        for sign in (-1, 1)
    )
    return before and after


def is_open(calendar: Calendar, moment: datetime) -> bool:
    windows_open = all(
        any(in_window(window, moment) for window in windows)
        for windows in calendar.windows
        if windows
    )
    return windows_open and not any(is_frozen(freeze, moment) for freeze in calendar.known)


def all_open(calendar: Calendar, begins: datetime, length: timedelta) -> bool:
    count = length // MINUTE
    return all(is_open(calendar, begins + n * MINUTE) for n in range(count))


@played
@given(case=cases())
def test_no_batch_begins_outside_or_ends_outside_at_worst(case: Case) -> None:
    calendar, now, length = case.calendar, case.now, case.length
    found = may_begin_at(calendar, now, length)
    if isinstance(found, Proceed):
        assert all_open(calendar, now, length.needed)
        if found.value is not None:
            assert all_open(calendar, found.value, length.needed)
    elif found.until is not None:
        assert found.until > now
        assert all_open(calendar, found.until, length.needed)


@played
@given(case=cases(), part=st.floats(0, 1))
def test_it_never_waits_while_it_might_begin(case: Case, part: float) -> None:
    calendar, now, length = case.calendar, case.now, case.length
    found = may_begin_at(calendar, now, length)
    if isinstance(found, Proceed):
        return
    until = found.until or now + 30 * DAY
    waited = (until - now) // MINUTE
    for minute in {0, waited - 1, int(waited * part)} - {waited}:
        assert not all_open(calendar, now + minute * MINUTE, length.needed)


@played
@given(case=cases())
def test_at_the_moment_that_it_says_the_batch_may_begin(case: Case) -> None:
    found = may_begin_at(case.calendar, case.now, case.length)
    if isinstance(found, Closed) and found.until is not None:
        calendar = case.read_at(found.until)
        assert isinstance(may_begin_at(calendar, found.until, case.length), Proceed)
