"""Alerts and the workbook ask for what the app writes, and show what they ask for."""

import json
import re
from pathlib import Path

import pytest
from bicep import INFRA, properties, template

from rollout.base import EventKind, Phase

QUERIES = sorted((INFRA / "queries").glob("*.kql"))
OF_ROLLOUTS = [one for one in QUERIES if one.stem != "exceptions"]
WORKBOOK = json.loads((INFRA / "workbook.json").read_text())
WRITTEN = {"rolloutId", "scaleSet", "phase", "event", "message"}
"""The custom dimensions of a rollout's log lines."""


def compared(query: str, column: str) -> set[str]:
    """The texts that a column is compared with."""
    tests = re.findall(rf"\b{column} (?:==|in) (\([^)]*\)|'\w+')", query)
    return {text for test in tests for text in re.findall(r"'(\w+)'", test)}


@pytest.mark.parametrize("query", OF_ROLLOUTS, ids=lambda query: query.stem)
def test_it_asks_for_events_and_phases_that_exist(query: Path) -> None:
    text = query.read_text()
    assert compared(text, "event") <= set(EventKind)
    assert compared(text, "phase") <= set(Phase)
    assert "event" in text
    assert set(re.findall(r"\bit\.(\w+)", text)) <= WRITTEN


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_it_says_first_what_it_is_for(query: Path) -> None:
    assert query.read_text().startswith("// ")


def test_a_rollout_that_fails_or_is_rolled_back_is_an_alert() -> None:
    text = (INFRA / "queries/failed-rollouts.kql").read_text()
    assert compared(text, "phase") == {Phase.FAILED, Phase.ROLLED_BACK}
    assert compared(text, "event") == {EventKind.FINISHED}


def test_an_alert_tells_which_rollout_and_which_scale_set() -> None:
    """What an alert is split by is a column of its query."""
    alerts = (INFRA / "modules/alerts.bicep").read_text()
    queries = re.findall(r"loadTextContent\('\.\./queries/([\w-]+\.kql)'\)", alerts)
    assert len(queries) == 2
    for name in queries:
        shown = (INFRA / "queries" / name).read_text().partition("| project ")[2]
        assert {"rolloutId", "scaleSet"} <= set(re.findall(r"\w+", shown))


def test_every_part_of_the_workbook_that_asks_has_its_query() -> None:
    asking = {item["name"] for item in WORKBOOK["items"] if item["type"] == 3}
    queries = template(INFRA / "modules/workbook.bicep").all("var")["queries"].value
    assert queries
    assert asking == set(properties(queries))


def test_every_part_of_the_workbook_keeps_to_its_time_range() -> None:
    ranges = [
        item["content"]["timeContextFromParameter"]
        for item in WORKBOOK["items"]
        if item["type"] == 3
    ]
    (parameters,) = (item["content"] for item in WORKBOOK["items"] if item["type"] == 9)
    assert set(ranges) == {one["name"] for one in parameters["parameters"]}
