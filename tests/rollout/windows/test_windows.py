"""Weekly windows and freezes: what they mean, and what is wrong with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from rollout.base import Proceed, field_errors
from rollout.windows import (
    Calendar,
    Closed,
    Freeze,
    Length,
    Window,
    may_begin_at,
    schedule,
    until_when,
)
from rollout.windows.span import Span

BERLIN = "Europe/Berlin"
NIGHT: dict[str, Any] = {"days": ["mon"], "from": "22:00", "to": "05:00", "timeZone": BERLIN}
QUARTER = Length(timedelta(minutes=15))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendar(*windows: dict[str, Any], freezes: tuple[dict[str, Any], ...] = ()) -> Calendar:
    return Calendar(
        windows=[[Window.from_request(each) for each in windows]],
        freezes=[Freeze.from_request(each) for each in freezes],
    )


def daily(begins: str, ends: str, zone: str = BERLIN) -> dict[str, Any]:
    return {"from": begins, "to": ends, "timeZone": zone}


def closed(found: object) -> Closed:
    assert isinstance(found, Closed)
    return found


def test_a_window_may_pass_midnight_and_belongs_to_the_day_on_which_it_begins() -> None:
    night = calendar(NIGHT)
    monday, tuesday = "2026-11-30", "2026-12-01"
    assert isinstance(may_begin_at(night, at(f"{monday}T21:00"), QUARTER), Proceed)
    assert isinstance(may_begin_at(night, at(f"{tuesday}T03:30"), QUARTER), Proceed)
    assert isinstance(may_begin_at(night, at(f"{tuesday}T21:00"), QUARTER), Closed)
    assert isinstance(may_begin_at(night, at(f"{monday}T03:30"), QUARTER), Closed)


def test_it_says_until_when_in_local_time_and_why() -> None:
    night = calendar(NIGHT)
    found = closed(may_begin_at(night, at("2026-11-30T12:00"), QUARTER))
    assert found.until == at("2026-11-30T21:00")
    assert until_when(night, found) == (
        "until Mon 2026-11-30 22:00 Europe/Berlin (21:00 UTC), because no window is open "
        "(mon 22:00-05:00 Europe/Berlin)"
    )


def test_a_batch_that_could_not_end_in_the_window_waits_for_the_next() -> None:
    night = calendar(NIGHT)
    found = closed(may_begin_at(night, at("2026-12-01T03:50"), QUARTER))
    assert found.until == at("2026-12-07T21:00")
    assert found.reason == (
        "the window closes at Tue 2026-12-01 05:00 Europe/Berlin (04:00 UTC), in 10 min, and a "
        "batch takes 15 min at worst"
    )


def test_what_was_learned_counts_if_it_is_longer_than_the_policy_allows_for() -> None:
    slow = Length(timedelta(minutes=15), timedelta(minutes=40))
    found = closed(may_begin_at(calendar(NIGHT), at("2026-12-01T03:30"), slow))
    assert found.reason.endswith("in 30 min, and a batch takes 15 min at worst (likely 40 min)")


def test_the_last_moment_at_which_it_may_begin_is_said() -> None:
    found = may_begin_at(calendar(NIGHT), at("2026-12-01T00:00"), QUARTER)
    assert found == Proceed(at("2026-12-01T03:45"))


def test_a_freeze_holds_and_says_its_reason() -> None:
    freeze = {"from": "2026-12-20", "to": "2026-12-27", "timeZone": BERLIN, "reason": "Peak sales"}
    found = closed(may_begin_at(calendar(freezes=(freeze,)), at("2026-12-24T12:00"), QUARTER))
    assert found.until == at("2026-12-27T23:00")
    until = "Mon 2026-12-28 00:00 Europe/Berlin (23:00 UTC)"
    assert found.reason == f"everything is frozen until {until}: Peak sales"


def test_a_batch_does_not_begin_just_before_a_freeze() -> None:
    freeze = {"from": "2026-12-20T18:00", "to": "2026-12-21", "timeZone": "UTC", "reason": "Audit"}
    frozen = calendar(freezes=(freeze,))
    found = closed(may_begin_at(frozen, at("2026-12-20T17:50"), QUARTER))
    assert found.until == at("2026-12-22T00:00")
    assert found.reason == "a freeze begins in 10 min, and a batch takes 15 min at worst: Audit"
    assert may_begin_at(frozen, at("2026-12-20T17:45"), QUARTER) == Proceed(at("2026-12-20T17:45"))


def test_windows_that_touch_are_one() -> None:
    both = calendar(daily("22:00", "24:00"), daily("00:00", "04:00"))
    found = may_begin_at(both, at("2026-11-30T22:55"), Length(timedelta(hours=3)))
    assert isinstance(found, Proceed)


def test_of_two_lists_both_must_be_open() -> None:
    lists = [[Window.from_request(daily("20:00", "23:00"))], [Window.from_request(NIGHT)]]
    both = Calendar(windows=lists)
    assert both.earliest(at("2026-11-30T12:00"), QUARTER.needed) == at("2026-11-30T21:00")
    assert both.longest(at("2026-11-30T12:00")) == timedelta(hours=1)


def test_what_fits_into_no_window_never_begins() -> None:
    short = calendar(daily("22:00", "22:10"))
    found = closed(may_begin_at(short, at("2026-11-30T12:00"), QUARTER))
    assert found.until is None
    assert short.longest(at("2026-11-30T12:00")) == timedelta(minutes=10)
    assert until_when(short, found).startswith("for more than a year, because no window is open")


def test_an_empty_calendar_holds_nothing_up() -> None:
    assert may_begin_at(Calendar(windows=[[]]), at("2026-11-30T12:00"), QUARTER) == Proceed(None)


def test_batches_are_spread_over_the_windows() -> None:
    hour = calendar(daily("22:00", "23:00", "UTC"))
    thrice = [Length(timedelta(minutes=25))] * 3
    first = at("2026-11-30T22:00")
    expected = [first, first + timedelta(minutes=25), first + timedelta(days=1)]
    assert schedule(hour, at("2026-11-30T12:00"), thrice) == expected
    assert schedule(hour, at("2026-11-30T12:00"), [Length(timedelta(hours=2))]) == []


SUMMER, WINTER = "2026-03-29", "2026-10-25"
"""The hour from 2 to 3 in the morning does not exist, and exists twice."""


@pytest.mark.parametrize(
    ("day", "begins", "ends", "spans"),
    [
        (SUMMER, "01:00", "04:00", [("00:00", "02:00")]),
        (SUMMER, "02:15", "02:45", []),
        (SUMMER, "02:30", "04:00", [("01:00", "02:00")]),
        (SUMMER, "01:00", "02:30", [("00:00", "01:00")]),
        (WINTER, "01:00", "04:00", [("-1:00", "03:00")]),
        (WINTER, "02:15", "02:45", [("00:15", "00:45"), ("01:15", "01:45")]),
        (WINTER, "02:30", "04:00", [("00:30", "01:00"), ("01:30", "03:00")]),
        (WINTER, "01:00", "02:30", [("-1:00", "00:30"), ("01:00", "01:30")]),
    ],
)
def test_an_hour_that_exists_twice_is_open_twice_and_one_that_never_exists_is_not(
    day: str, begins: str, ends: str, spans: list[tuple[str, str]]
) -> None:
    window = {**daily(begins, ends), "days": ["sun"]}
    midnight = at(f"{day}T00:00")
    asked = Span(midnight - timedelta(hours=12), midnight + timedelta(hours=24))
    around = calendar(window).opened(asked)
    assert [tuple(span) for span in around] == [
        tuple(midnight + _clock(each) for each in span) for span in spans
    ]


def _clock(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


@pytest.mark.parametrize(
    ("wrong", "path", "message"),
    [
        ({"timeZone": "Europe/Berln"}, "timeZone", "'Europe/Berln' is not known: give the IANA"),
        ({"timeZone": "CEST"}, "timeZone", "'CEST' is not known"),
        ({"timeZone": "../../etc/passwd"}, "timeZone", "is not known"),
        ({"timeZone": "Europe"}, "timeZone", "'Europe' is not known"),
        ({"to": "22:00"}, "$", "has no length: it begins and ends at 22:00. A whole day is from"),
        ({"from": "24:00"}, "from", "has characters that are not allowed here"),
        ({"to": "5:00"}, "to", "has characters that are not allowed here"),
        ({"to": "25:00"}, "to", "has characters that are not allowed here"),
        ({"days": []}, "days", "must not be empty"),
        ({"days": ["monday"]}, "days[0]", "'mon', 'tue', 'wed'"),
        ({"day": ["mon"]}, "day", "is not a field of this request"),
    ],
)
def test_a_wrong_window_is_refused_with_its_path(
    wrong: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Window.from_request({**NIGHT, **wrong})
    [error] = field_errors(refused.value)
    assert error.path == path
    assert message in error.message


FROZEN = {"from": "2026-12-20", "to": "2026-12-27", "timeZone": BERLIN, "reason": "Peak sales"}


@pytest.mark.parametrize(
    ("wrong", "path", "message"),
    [
        (
            {"to": "2026-12-19"},
            "$",
            "has no length: it begins at 2026-12-20 and ends",
        ),
        ({"to": "2026-12-20T00:00"}, "$", "has no length"),
        ({"from": "2026-02-30"}, "from", "'2026-02-30' is neither a day nor a time of a day"),
        ({"from": "2026-12-20T18:00Z"}, "from", "without an offset"),
        ({"from": "0001-01-01"}, "from", "is neither a day nor a time of a day"),
        ({"reason": ""}, "reason", "must have at least 1 character"),
        ({"timeZone": "Mars/Olympus"}, "timeZone", "'Mars/Olympus' is not known"),
    ],
)
def test_a_wrong_freeze_is_refused_with_its_path(
    wrong: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Freeze.from_request({**FROZEN, **wrong})
    [error] = field_errors(refused.value)
    assert error.path == path
    assert message in error.message


def test_both_have_one_json_form() -> None:
    assert Window.from_request(NIGHT).to_json() == NIGHT
    assert Freeze.from_request(FROZEN).to_json() == FROZEN
    assert Window.from_json(NIGHT) == Window.from_request(NIGHT)
