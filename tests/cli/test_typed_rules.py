"""The policy as it is typed: gates and windows beside preset, file and single fields."""

import json
from pathlib import Path

import pytest
from answering import ALLOWS_LOOPBACK, YES, answering
from command import Person
from story import NEW, System
from windows import HOUR, window

from vmss_rollout import rules
from vmss_rollout.command_error import UsageError

WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
URL = "https://checks.example.com/web"


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("mon-fri 22:00-05:00 Europe/Berlin", WEEK[:5]),
        ("  sat,sun   22:00-05:00  Europe/Berlin ", WEEK[5:]),
        ("fri-mon,wed 22:00-05:00 Europe/Berlin", ["mon", "wed", "fri", "sat", "sun"]),
        ("tue 22:00-05:00 Europe/Berlin", ["tue"]),
        ("22:00-05:00 Europe/Berlin", WEEK),
    ],
)
def test_a_window_is_days_times_and_a_zone(typed: str, days: list[str]) -> None:
    there = {"from": "22:00", "to": "05:00", "timeZone": "Europe/Berlin"}
    assert rules.window(typed) == {"days": days, **there}


@pytest.mark.parametrize(
    "typed",
    ["", "at night", "22:00 Europe/Berlin", "mon-fri 22:00-05:00", "mo-fr 22:00-05:00 UTC",
     "mon-fri- 22:00-05:00 UTC", "mon fri 22:00-05:00 UTC", "22:00-5:00 UTC"],
)  # fmt: skip
def test_what_is_no_window_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is no window"):
        rules.window(typed)


@pytest.mark.parametrize(
    ("typed", "place", "condition"),
    [
        (URL, "afterBatch", None),
        (f"{URL} errorRate < `0.01`", "afterBatch", "errorRate < `0.01`"),
        (f"end {URL} ok", "end", "ok"),
        (f"beforeBatch {URL}", "beforeBatch", None),
    ],
)
def test_a_gate_is_a_url_and_a_condition(typed: str, place: str, condition: str | None) -> None:
    check = {"kind": "http", "url": URL} | ({"condition": condition} if condition else {})
    assert rules.gate(typed, []) == {"name": "check", "place": place, "check": check}


def test_each_gate_has_a_name_of_its_own() -> None:
    assert rules.gate(URL, ["check", "check 2", "errors"])["name"] == "check 3"


@pytest.mark.parametrize("typed", ["", "checks.example.com", "ok https://", "a b https://c.d/e"])
def test_what_is_no_gate_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is no URL with a condition"):
        rules.gate(typed, [])


def test_the_options_of_a_plan_start_the_same(
    system: System, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gates and windows are added to those of the file, and of several windows one is enough."""
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    opens, file = window(system, 2 * HOUR, 5 * HOUR), tmp_path / "policy.yaml"
    file.write_text(json.dumps({"windows": [opens], "deadline": "P7D"}), encoding="utf-8")
    typed = f"{opens['from']}-{opens['to']} UTC"
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    with answering() as host:
        options = ["--policy", str(file), "--gate", f"{host.says('/g', YES)} ok"]
        words = [scale_set, NEW, *options, "--window", typed]
        planned = person.says("plan", *words)
        assert planned.code == 0, planned.err
        assert "would pass now" in planned.out
        assert "The first batch waits until" in " ".join(planned.out.split())
        assert f"--window '{typed}'" in planned.out
        started = person.says("start", *words, "--id", "ruled", "--yes")
        assert started.code == 0, started.err
        view = system.view("ruled")
        assert len(view["policy"]["windows"]) == 2
        assert [each["name"] for each in view["policy"]["gates"]] == ["check"]
        assert system.finish("ruled")["phase"] == "Succeeded"
        shown = person.says("show", "ruled")
        assert "check (http, afterBatch, required) passes: GET" in " ".join(shown.out.split())
