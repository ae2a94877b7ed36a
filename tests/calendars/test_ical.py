"""Which freezes an iCalendar file says, and what is no such file."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from frozen import ASKED, MINE, source, spans
from ical import event, ics

from activities.ical import freezes_in
from activities.ical_rules import NoCalendarError
from rollout.windows import Freeze, Span

BERLIN = "TZID=Europe/Berlin"


def shown(text: str, asked: Span = ASKED, **more: Any) -> list[str]:
    """The freezes of a file: from, to, time zone and reason."""
    found = freezes_in(text, source(**more), asked)
    return [f"{each.begins} {each.ends} {each.time_zone}: {each.reason}" for each in found]


def test_an_event_is_a_freeze_and_what_it_says_is_the_reason() -> None:
    text = ics(
        event(
            f"DTSTART;{BERLIN}:20261220T180000",
            f"DTEND;{BERLIN}:20270106T060000",
            "SUMMARY:Year's end\\, nothing\n  moves",
        )
    )
    [found] = shown(text)
    assert found == (
        "2026-12-20T18:00:00 2027-01-06T06:00:00 Europe/Berlin: Year's end, nothing moves"
    )
    [found] = shown(text, reason="Change board")
    assert found.endswith(": Change board: Year's end, nothing moves")


@pytest.mark.parametrize(
    ("lines", "begins", "ends"),
    [
        (["DTSTART:20261220T180000Z", "DTEND:20261221T060000Z"], "12-20 18:00", "12-21 06:00"),
        (["DTSTART:20261220T180000Z", "DURATION:P1DT2H"], "12-20 18:00", "12-21 20:00"),
        ([f"DTSTART;{BERLIN}:20261220T180000", "DURATION:PT1H"], "12-20 17:00", "12-20 18:00"),
        (
            ["DTSTART;TZID=W. Europe Standard Time:20261220T180000", "DURATION:PT1H"],
            "12-20 17:00",
            "12-20 18:00",
        ),
        (
            [f"DTSTART;{BERLIN}:20261220T180000", "DTEND;TZID=America/New_York:20261220T180000"],
            "12-20 17:00",
            "12-20 23:00",
        ),
        (["DTSTART:20261101T180000Z", "DTEND:20270301T060000Z"], "11-01 18:00", "03-01 06:00"),
    ],
)
def test_times_of_any_kind_are_read(lines: list[str], begins: str, ends: str) -> None:
    assert spans(ics(event(*lines))) == [f"{begins} {ends}"]


def test_days_and_times_without_a_zone_are_those_of_the_calendar_or_of_the_entry() -> None:
    days = event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227")
    assert spans(ics("X-WR-TIMEZONE:Europe/Berlin", days)) == ["12-23 23:00 12-26 23:00"]
    assert spans(ics(days), timeZone="America/New_York") == ["12-24 05:00 12-27 05:00"]
    a_time = event("DTSTART:20261224T120000", "DTEND:20261224T130000")
    assert spans(ics(a_time), timeZone="Europe/Berlin") == ["12-24 11:00 12-24 12:00"]


@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20261224", "DURATION:P1D", "SUMMARY:No end"])
def test_a_day_that_ends_on_itself_is_that_day(end: str) -> None:
    text = ics(event("DTSTART;VALUE=DATE:20261224", end))
    assert spans(text, timeZone="Europe/Berlin") == ["12-23 23:00 12-24 23:00"]
    assert spans(text) == ["12-23 10:00 12-25 12:00"]


def test_without_a_zone_a_day_is_all_that_it_may_mean_anywhere() -> None:
    one_day = ics(event("DTSTART;VALUE=DATE:20261224"))
    assert spans(one_day) == ["12-23 10:00 12-25 12:00"]


def test_an_hour_that_exists_twice_is_frozen_twice() -> None:
    text = ics(event(f"DTSTART;{BERLIN}:20261025T023000", f"DTEND;{BERLIN}:20261025T024500"))
    october = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    assert spans(text, october) == ["10-25 00:30 10-25 01:45"]


@pytest.mark.parametrize("zone", ["GMT", "CET", "Japan", "EST5EDT"])
def test_a_zone_whose_name_is_old_is_spoken_of_in_utc(zone: str) -> None:
    days = event("DTSTART;VALUE=DATE:20261224")
    timed = event(f"DTSTART;TZID={zone}:20261220T180000", "DURATION:PT1H")
    [first, second] = freezes_in(ics(f"X-WR-TIMEZONE:{zone}", days, timed), source(), ASKED)
    assert (first.time_zone, second.time_zone) == ("UTC", "UTC")
    assert first.span.begins == datetime(2026, 12, 20, 18, tzinfo=ZoneInfo(zone))
    assert second.span.begins == datetime(2026, 12, 24, tzinfo=ZoneInfo(zone))
    assert second.span.ends == datetime(2026, 12, 25, tzinfo=ZoneInfo(zone))


def test_a_freeze_whose_end_a_clock_shows_before_its_beginning_is_spoken_of_in_utc() -> None:
    begins = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    hour = Span(begins, begins + timedelta(minutes=25))
    freeze = Freeze.lasting(hour, "Europe/Berlin", "Peak")
    assert (freeze.span, freeze.time_zone) == (hour, "UTC")
    instant = event(f"DTSTART;{BERLIN}:20261025T023000")
    assert spans(ics(instant), Span(begins - timedelta(days=1), begins + timedelta(days=1))) == []


def test_a_zone_that_the_file_defines_is_that_of_the_file_only() -> None:
    says = event("DTSTART;TZID=Office:20261220T180000", "DURATION:PT1H")
    assert spans(ics(MINE.format(summer=2, winter=1), says)) == ["12-20 17:00 12-20 18:00"]
    assert spans(ics(MINE.format(summer=6, winter=5), says)) == ["12-20 13:00 12-20 14:00"]
    with pytest.raises(NoCalendarError, match="the time zone Office is not known"):
        spans(ics(says))


def test_what_repeats_is_expanded_over_the_time_that_is_asked_for_only() -> None:
    every = event(
        f"DTSTART;{BERLIN}:20200103T200000",
        f"DTEND;{BERLIN}:20200104T020000",
        "RRULE:FREQ=WEEKLY;BYDAY=FR;INTERVAL=2",
        f"EXDATE;{BERLIN}:20261211T200000",
        f"RDATE;{BERLIN}:20261216T200000",
    )
    assert spans(ics(every), Span(ASKED.begins, ASKED.begins + timedelta(days=30))) == [
        "12-16 19:00 12-17 01:00",
        "12-25 19:00 12-26 01:00",
    ]


@pytest.mark.parametrize(
    ("rule", "count"),
    [("FREQ=DAILY;COUNT=3", 3), ("FREQ=DAILY;UNTIL=20261203T110000Z", 3), ("FREQ=YEARLY", 1)],
)
def test_a_rule_ends_when_it_says(rule: str, count: int) -> None:
    text = ics(event(f"DTSTART;{BERLIN}:20261201T120000", "DURATION:PT1H", f"RRULE:{rule}"))
    assert len(spans(text)) == count


def test_whole_days_repeat_and_are_left_out() -> None:
    text = ics(
        "X-WR-TIMEZONE:UTC",
        event(
            "DTSTART;VALUE=DATE:20261201",
            "RRULE:FREQ=DAILY;UNTIL=20261204",
            "EXDATE;VALUE=DATE:20261202",
        ),
    )
    assert spans(text) == [
        "12-01 00:00 12-02 00:00", "12-03 00:00 12-04 00:00", "12-04 00:00 12-05 00:00",
    ]  # fmt: skip


def test_a_time_of_a_series_that_was_moved_is_where_it_was_moved() -> None:
    series = event("UID:a", "DTSTART:20261201T120000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")
    moved = event(
        "UID:a", "RECURRENCE-ID:20261202T120000Z", "DTSTART:20261202T180000Z", "DURATION:PT2H"
    )
    gone = event(
        "UID:a", "RECURRENCE-ID:20261203T120000Z", "DTSTART:20261203T120000Z", "DURATION:PT1H",
        "STATUS:CANCELLED",
    )  # fmt: skip
    assert spans(ics(series, moved, gone)) == [
        "12-01 12:00 12-01 13:00", "12-02 18:00 12-02 20:00",
    ]  # fmt: skip


def test_what_is_cancelled_is_no_freeze_and_what_is_free_or_tentative_is() -> None:
    at = ("DTSTART:20261220T180000Z", "DURATION:PT1H")
    assert spans(ics(event(*at, "STATUS:CANCELLED"))) == []
    for said in ("TRANSP:TRANSPARENT", "STATUS:TENTATIVE"):
        assert len(spans(ics(event(*at, said)))) == 1


def test_an_event_of_no_length_and_one_at_another_time_are_no_freezes() -> None:
    instant = event("DTSTART:20261220T180000Z")
    past = event("DTSTART:20201220T180000Z", "DURATION:PT1H")
    later = event("DTSTART:20281220T180000Z", "DURATION:PT1H")
    assert spans(ics(instant, past, later)) == []
    assert shown(ics()) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html>Sign in</html>", "it is no iCalendar file"),
        ("", "it is no iCalendar file"),
        (ics(event("SUMMARY:Peak")), 'the event "Peak" cannot be read (it has no DTSTART)'),
        (ics(event("DTSTART:soon", "SUMMARY:Peak")), 'the event "Peak" cannot be read (DTSTART'),
        (ics(event("DTSTART:20261201T000000Z", "DTEND:20261101T000000Z")), "ends before it begins"),
        (ics(event("DTSTART;TZID=Mars/Base:20261220T180000")), "time zone Mars/Base is not known"),
        (ics("X-WR-TIMEZONE:Mars"), "its time zone Mars is not known: give timeZone beside"),
        (
            ics(event("DTSTART:20261201T000000Z", *["RECURRENCE-ID:20261201T000000Z"] * 2)),
            "RECURRENCE-ID with RANGE, or twice, is not read",
        ),
        (
            ics(
                "BEGIN:VTIMEZONE", "TZID:A", *["BEGIN:X"] * 5000, *["END:X"] * 5000, "END:VTIMEZONE"
            ),
            "it is no iCalendar file (maximum recursion depth",
        ),
        (
            ics(event("DTSTART:20261201T000000Z", "RDATE;VALUE=PERIOD:20261220T180000Z/PT5H")),
            "RDATE with periods is not read",
        ),
        (
            ics(
                event(
                    "DTSTART:20261201T000000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T0000Z"
                )
            ),
            "cannot be read (RECURRENCE-ID",
        ),
    ],
)
def test_what_cannot_be_understood_is_never_no_freeze(text: str, why: str) -> None:
    with pytest.raises(NoCalendarError) as refused:
        freezes_in(text, source(), ASKED)
    assert why in str(refused.value)


def test_no_secret_of_a_calendar_is_told() -> None:
    [found] = shown(ics(event("DTSTART:20261220T180000Z", "DURATION:PT1H", "SUMMARY:pw key=abc")))
    assert found.endswith("pw key (hidden)")
