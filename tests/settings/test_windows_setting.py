"""The app's own windows and freezes, and what is wrong with them."""

import json

import pytest

from rollout.base import SettingError
from rollout.windows import Calendar
from settings import read_calendar

WINDOW = {"days": ["sat"], "from": "22:00", "to": "05:00", "timeZone": "Europe/Berlin"}
FREEZE = {"from": "2026-12-20", "to": "2027-01-06", "timeZone": "UTC", "reason": "Year's end"}


def test_they_are_read_as_in_a_request() -> None:
    said = {"ROLLOUT_WINDOWS": json.dumps([WINDOW]), "ROLLOUT_FREEZES": json.dumps([FREEZE])}
    assert read_calendar(said).to_json() == {"windows": [[WINDOW]], "freezes": [FREEZE]}


@pytest.mark.parametrize("text", ["", "[]"])
def test_without_them_anything_may_run_at_any_time(text: str) -> None:
    assert read_calendar({"ROLLOUT_WINDOWS": text, "ROLLOUT_FREEZES": text}) == Calendar()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("ROLLOUT_WINDOWS", "sat 22:00", "ROLLOUT_WINDOWS is not valid: Expecting value"),
        ("ROLLOUT_WINDOWS", "{}", "ROLLOUT_WINDOWS is not valid: $ must be a JSON array"),
        (
            "ROLLOUT_WINDOWS",
            json.dumps([WINDOW, {**WINDOW, "timeZone": "CET"}]),
            "ROLLOUT_WINDOWS is not valid: [1].timeZone 'CET' is not known: give the IANA name",
        ),
        (
            "ROLLOUT_FREEZES",
            json.dumps([{**FREEZE, "to": "2026-12-01"}]),
            "ROLLOUT_FREEZES is not valid: [0] has no length",
        ),
    ],
)
def test_a_wrong_one_is_said_in_a_sentence(name: str, text: str, message: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_calendar({name: text})
    [error] = refused.value.errors
    assert error.path == name
    assert error.message.startswith(message)
