"""What docs/windows.md shows is what the app takes."""

import json
import re
from typing import Any

import pytest
from pages import ROOT
from story import System

from settings import read_calendar

PAGE = (ROOT / "docs/windows.md").read_text(encoding="utf-8")
POLICIES: list[dict[str, Any]] = [
    json.loads(block)
    for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    if '"calendar"' not in block  # test_calendar_stories.py has a calendar to read
]
SETTINGS = dict(re.findall(r"'(ROLLOUT_\w+)=(.*)'", PAGE))


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: next(iter(policy)))
def test_each_policy_on_the_page_can_be_planned(system: System, policy: dict[str, Any]) -> None:
    plan = system.plan(system.scale_set(capacity=2), policy=policy)
    assert plan["opening"]["message"].startswith("The first batch ")


def test_the_page_has_both() -> None:
    assert [next(iter(policy)) for policy in POLICIES] == ["windows", "freezes"]
    assert set(SETTINGS) == {"ROLLOUT_WINDOWS", "ROLLOUT_FREEZES"}


def test_the_settings_on_the_page_can_be_read() -> None:
    calendar = read_calendar(SETTINGS)
    assert [len(calendar.windows), len(calendar.freezes)] == [1, 1]
