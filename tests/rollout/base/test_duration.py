from datetime import timedelta
from typing import Any

import pytest
from builders import policy
from pydantic import ValidationError

from rollout.base import field_errors, spoken
from rollout.plan import Policy

NOT_ISO = 'must be an ISO 8601 duration such as "PT15M" or "P1D"'


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        pytest.param("PT15M", timedelta(minutes=15), id="minutes"),
        pytest.param("PT1H30M", timedelta(minutes=90), id="hours and minutes"),
        pytest.param("P1DT2H", timedelta(hours=26), id="a day and hours"),
        pytest.param("P2W", timedelta(days=14), id="weeks"),
        pytest.param("PT0.5S", timedelta(milliseconds=500), id="half a second"),
    ],
)
def test_a_duration_is_iso_8601_text(text: str, duration: timedelta) -> None:
    canary = policy(canary={"bake": text}, deadline="P360D").canary
    assert canary is not None
    assert canary.bake == duration


@pytest.mark.parametrize("text", ["PT0S", "PT15M", "P1D", "P1DT2H", "PT0.5S"])
def test_a_duration_is_written_as_it_was_read(text: str) -> None:
    assert policy(pauseBetweenBatches=text).to_json()["pauseBetweenBatches"] == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param("15", NOT_ISO, id="a number as text"),
        pytest.param(900, NOT_ISO, id="a number of seconds"),
        pytest.param("", NOT_ISO, id="empty text"),
        pytest.param("P", NOT_ISO, id="a P alone"),
        pytest.param("PT", NOT_ISO, id="a PT alone"),
        pytest.param("P1DT", NOT_ISO, id="a T with nothing behind it"),
        pytest.param("15:00", NOT_ISO, id="a time of day"),
        pytest.param("-PT5M", "must not be negative", id="a negative duration"),
    ],
)
def test_no_duration_is(value: object, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.from_request({"pauseBetweenBatches": value})
    (error,) = field_errors(refused.value)
    assert (error.path, error.message) == ("pauseBetweenBatches", message)


@pytest.mark.parametrize("text", ["PT-5M", "P-1D", "PT15M ", "PT5X", "P1D5"])
def test_what_only_looks_like_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Policy.from_request({"pauseBetweenBatches": text})


def test_a_duration_may_be_a_year() -> None:
    assert policy(deadline="P366D").deadline == timedelta(days=366)


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P1Y2M", "P1MT5M"])
def test_a_duration_in_months_or_years_is_refused(text: str) -> None:
    """Who writes P1M may mean a minute."""
    with pytest.raises(ValidationError, match="must not count years or months"):
        Policy.from_request({"deadline": text})


@pytest.mark.parametrize("text", ["P366DT1S", "P999999999D"])
def test_a_duration_longer_than_a_year_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="must not be longer than a year"):
        Policy.from_request({"deadline": text})


def _pauses(text: str) -> list[dict[str, Any]]:
    return [{"pauseBetweenBatches": text}, {"health": {"interval": text}}]


@pytest.mark.parametrize("fields", _pauses("P6D"))
def test_a_pause_may_be_as_long_as_one_durable_timer(fields: dict[str, Any]) -> None:
    assert policy(**fields)


@pytest.mark.parametrize("fields", _pauses("P6DT1S"))
def test_a_pause_longer_than_one_durable_timer_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="must not be longer than six days"):
        Policy.from_request(fields)


def test_times_that_must_pass_are_longer_than_zero() -> None:
    with pytest.raises(ValidationError, match="must be longer than zero"):
        Policy.from_request({"health": {"stable": "PT0S", "timeout": "PT0S"}})


@pytest.mark.parametrize("text", ["PT0S", "PT0.9S"])
def test_nobody_looks_more_often_than_every_second(text: str) -> None:
    assert policy(health={"interval": "PT1S"})
    with pytest.raises(ValidationError, match="at least a second"):
        Policy.from_request({"health": {"interval": text}})


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=0.4), "0 s"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(seconds=59.6), "1 min"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(seconds=90), "1 min 30 s"),
        (timedelta(minutes=65), "1 h 5 min"),
        (timedelta(hours=1, minutes=5, seconds=30), "1 h 5 min"),
        (timedelta(hours=24, minutes=45), "1 d 45 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(hours=116, minutes=8), "4 d 20 h"),
    ],
)
def test_a_duration_is_spoken_in_its_two_largest_units(duration: timedelta, words: str) -> None:
    assert spoken(duration) == words
