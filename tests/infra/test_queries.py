"""Alerts and the workbook ask for what the app writes, and show what they ask for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bicep import INFRA, properties, template

from rollout.base import EventKind, Phase

QUERIES = sorted((INFRA / "queries").glob("*.kql"))
OF_THE_APP = {"exceptions", "failing-functions", "silent-app"}
OF_ROLLOUTS = [one for one in QUERIES if one.stem not in OF_THE_APP]
WORKBOOK = json.loads((INFRA / "workbook.json").read_text())
WRITTEN = {"rolloutId", "scaleSet", "phase", "event", "message"}
"""The custom dimensions of a rollout's log lines."""
STANDS_STILL = "standsStill"
SUSPENDED, RESUMED = "repairsStaySuspended", "repairsEnded"
"""What the app says of a rollout that does not look at its instances, or has left automatic repairs
suspended; no events of the rollout.
"""
SNAPSHOT = json.loads((INFRA.parent / "tests/infra/snapshots/everything.snapshot.json").read_text())


def properties_of(kind: str) -> dict[str, dict[str, Any]]:
    """What would be deployed of one kind (tests/infra/snapshots): properties, by name."""
    found = (one for one in SNAPSHOT["predictedResources"] if one["type"] == kind)
    return {one["name"]: one["properties"] for one in found}


ALERTS = properties_of("Microsoft.Insights/scheduledQueryRules")


def compared(query: str, column: str) -> set[str]:
    """The texts that a column is compared with."""
    tests = re.findall(rf"\b{column} (?:==|in) (\([^)]*\)|'\w+')", query)
    return {text for test in tests for text in re.findall(r"'(\w+)'", test)}


def criterion(alert: str) -> dict[str, Any]:
    (only,) = ALERTS[alert]["criteria"]["allOf"]
    return only


def asked(alert: str) -> str:
    return criterion(alert)["query"]


@pytest.mark.parametrize("query", OF_ROLLOUTS, ids=lambda query: query.stem)
def test_it_asks_for_events_and_phases_that_exist(query: Path) -> None:
    text = query.read_text()
    assert compared(text, "event") <= {*EventKind, STANDS_STILL, SUSPENDED, RESUMED}
    assert compared(text, "phase") <= set(Phase)
    assert "event" in text
    assert set(re.findall(r"\bit\.(\w+)", text)) <= WRITTEN


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_it_says_first_what_it_is_for(query: Path) -> None:
    assert query.read_text().startswith("// ")


def test_a_rollout_that_fails_is_rolled_back_or_leaves_repairs_suspended_is_an_alert() -> None:
    text = asked("vmss-rollout-failed")
    assert compared(text, "phase") == {Phase.FAILED, Phase.ROLLED_BACK}
    assert compared(text, "event") == {EventKind.FINISHED, EventKind.REPAIRS_NOT_RESTORED}


def test_a_rollout_that_stands_still_is_an_alert_until_it_says_something_else() -> None:
    text = asked("vmss-rollout-standing-still")
    latest, _, then = text.partition("arg_max(timestamp, event, message) by rolloutId")
    assert then
    assert compared(latest, "event") == set()
    assert compared(then, "event") == {STANDS_STILL}


@pytest.mark.parametrize("alert", ALERTS)
def test_what_an_alert_is_split_by_is_a_column_of_its_query(alert: str) -> None:
    shown = re.split(r"\| (?:project|summarize) ", asked(alert))[-1]
    split = {one["name"] for one in criterion(alert)["dimensions"]}
    assert split <= set(re.findall(r"\w+", shown))


def test_repairs_that_stay_suspended_are_an_alert_until_they_are_not() -> None:
    latest, _, then = asked("vmss-rollout-repairs-suspended").partition("by rolloutId")
    assert compared(latest, "event") == {SUSPENDED, RESUMED}
    assert compared(then, "event") == {SUSPENDED}


@pytest.mark.parametrize("alert", ["failed", "waiting", "standing-still", "repairs-suspended"])
def test_an_alert_tells_which_rollout_and_which_scale_set(alert: str) -> None:
    split = {one["name"] for one in criterion(f"vmss-rollout-{alert}")["dimensions"]}
    assert split == {"rolloutId", "scaleSet"}


def test_a_failure_is_not_called_resolved_because_time_has_passed() -> None:
    alert = ALERTS["vmss-rollout-failed"]
    assert alert["autoMitigate"] is False
    # A rollout that fails while another is muted is still in the window afterwards.
    assert (alert["muteActionsDuration"], alert["windowSize"]) == ("PT15M", "PT30M")


@pytest.mark.parametrize("alert", ["waiting", "standing-still", "repairs-suspended"])
def test_what_lasts_is_looked_for_as_far_back_as_azure_allows(alert: str) -> None:
    found = ALERTS[f"vmss-rollout-{alert}"]
    assert (found["autoMitigate"], found["windowSize"]) == (True, "P2D")


def test_every_alert_tells_the_same_people() -> None:
    (group,) = properties_of("Microsoft.Insights/actionGroups")
    undelivered = properties_of("Microsoft.Insights/metricAlerts")[
        "vmss-rollout-events-undelivered"
    ]
    told = [alert["actions"]["actionGroups"] for alert in ALERTS.values()]
    told.append([one["actionGroupId"] for one in undelivered["actions"]])
    assert {one.rpartition("/")[2] for groups in told for one in groups} == {group}
    assert all(told)


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
