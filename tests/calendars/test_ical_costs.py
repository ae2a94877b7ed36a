"""What in an iCalendar file would cost too much, or hides: it is refused, however it is written."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from frozen import ASKED, MINE, source, spans
from ical import event, ics

from activities.ical import MOST_FREEZES, freezes_in
from activities.ical_lines import harmless
from activities.ical_rules import NoCalendarError, repeated
from rollout.windows import Span

BOMBS = [
    "FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=10", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;BYHOUR=0,1,2,3", "FREQ=DAILY;COUNT=99999999", "FREQ=DAILY;RSCALE=CHINESE",
    f"FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 300)))}",
]  # fmt: skip


@pytest.mark.parametrize("rule", BOMBS)
def test_a_rule_without_an_end_in_sight_is_refused_wherever_it_stands(rule: str) -> None:
    bomb = event("DTSTART:19700101T000000Z", "DURATION:PT1S", f"RRULE:{rule}")
    zone = MINE.format(summer=2, winter=1).replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", rule)
    for text in (bomb, zone):
        with pytest.raises(NoCalendarError, match="a rule repeats by"):
            freezes_in(ics(text), source(), ASKED)


ELSEWHERE = [
    "RRULE:FR\n EQ=SECONDLY", "RR ULE:FREQ=SECONDLY", "RRUL\n\n E:FREQ=SECONDLY",
    'RRULE;X=":UNTIL=Y":FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30', "rrule:FREQ=SECONDLY",
]  # fmt: skip


@pytest.mark.parametrize("spelling", ELSEWHERE)
def test_a_rule_is_found_however_it_is_spelled(spelling: str) -> None:
    bomb = event("DTSTART:19700101T000000Z", "DURATION:PT1S", spelling)
    zone = MINE.format(summer=2, winter=1)
    zone = zone.replace("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", spelling)
    for text in (bomb, zone):
        with pytest.raises(NoCalendarError, match="a rule repeats by FREQ=SECONDLY"):
            freezes_in(ics(text), source(), ASKED)


BREAKS = ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r"]


@pytest.mark.parametrize("name", ["TZID", "TZNAME"])
@pytest.mark.parametrize("line_break", BREAKS)
def test_no_rule_hides_behind_what_is_a_line_break_to_some(line_break: str, name: str) -> None:
    bomb = f"{name}:Office{line_break}RRULE:FREQ=SECONDLY"
    zone = MINE.format(summer=2, winter=1).replace("BEGIN:STANDARD", f"{bomb}\nBEGIN:STANDARD")
    read = harmless(ics(zone)).splitlines()
    assert "BEGIN:STANDARD" in read
    assert not [line for line in read if line.startswith("RRULE:FREQ=SECONDLY")]


ODD_ZONES = [
    "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;BYDAY=SU",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
    "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYDAY=XX",
]  # fmt: skip


@pytest.mark.parametrize("rule", ODD_ZONES)
def test_a_zone_that_changes_all_the_time_or_never_is_refused(rule: str) -> None:
    zone = MINE.format(summer=2, winter=1).replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", rule)
    with pytest.raises(NoCalendarError, match="a time zone changes once or twice a year"):
        freezes_in(ics(zone), source(), ASKED)


@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;COUNT=2",
             "FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;UNTIL=19800101T000000Z"],
)  # fmt: skip
def test_rules_that_time_zones_have_are_read(rule: str) -> None:
    zone = MINE.format(summer=2, winter=1).replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", rule)
    says = event("DTSTART;TZID=Office:20261220T180000", "DURATION:PT1H")
    assert len(spans(ics(zone, says))) == 1


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=MO"]
)
def test_a_rule_that_never_comes_true_is_followed_for_some_hundred_years_only(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def seen(text: str, *, dtstart: datetime) -> Any:
        asked.append(dtstart)
        return rrulestr(text, dtstart=dtstart)

    monkeypatch.setattr("activities.ical_rules.rrulestr", seen)
    assert list(repeated(rule, datetime(2026, 1, 6), datetime(2027, 1, 1))) == []  # noqa: DTZ001
    assert [each.isoformat() for each in asked] == ["9626-01-06T00:00:00"]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=SA,SU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY",
     "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29"],
)  # fmt: skip
@pytest.mark.parametrize("year", [1904, 1999, 2000, 2024])
def test_a_rule_means_the_same_in_every_year_that_it_is_asked_as_of(rule: str, year: int) -> None:
    begins, last = datetime(year, 2, 28, 9), datetime(2030, 6, 1)  # noqa: DTZ001
    plain = rrulestr(rule, dtstart=begins).between(begins, last, inc=True)
    assert list(repeated(rule, begins, last)) == plain


def test_what_begins_later_than_anybody_asks_does_not_repeat_before() -> None:
    late = event("DTSTART:24000229T000000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY")
    assert spans(ics(late)) == []


@pytest.mark.parametrize(
    "line",
    ["DTEND;TZID:20270106T060000", "RDATE;VALUE=DATE:20261220,\n20261227", "BEGIN:VALARM ", "x"],
)
def test_a_line_that_cannot_be_split_is_never_passed_over(line: str) -> None:
    with pytest.raises(NoCalendarError, match="cannot be split into a name and a value"):
        freezes_in(ics(event("DTSTART:20261220T180000Z", line)), source(), ASKED)


def test_too_many_of_anything_are_refused() -> None:
    daily = event("DTSTART:20261201T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    long = Span(ASKED.begins, ASKED.begins + timedelta(days=MOST_FREEZES + 2))
    with pytest.raises(NoCalendarError, match="more than 200 freezes until 2027-06-20"):
        freezes_in(ics(daily), source(), long)
    with pytest.raises(NoCalendarError, match="it has 301 of RRULE, and at most 300 are read"):
        freezes_in(ics(*[daily] * 301), source(), ASKED)
    old = event("DTSTART:19010101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    with pytest.raises(NoCalendarError, match="began too long ago"):
        freezes_in(ics(old), source(), ASKED)


def test_rules_that_never_come_true_do_not_hold_up_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = event("DTSTART:20261201T000000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert len(spans(ics(never))) == 0
    assert len(spans(ics(event("DTSTART:20261201T000000Z")))) == 0
    monkeypatch.setattr("activities.ical._SECONDS", 0.0)
    for text in (never, event("DTSTART:20261201T000000Z")):
        with pytest.raises(NoCalendarError, match="take too long to read"):
            spans(ics(text))
