"""What would be deployed is what is meant.

`make bicep` holds the snapshots against the templates.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bicep import INFRA

SNAPSHOTS = Path(__file__).parent / "snapshots"
PARAMETERS = sorted(SNAPSHOTS.glob("*.bicepparam"))
WEB = "/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/web"
APP = "/subscriptions/00000000-0000-0000-0000-000000000000"


def deployed(name: str) -> list[dict[str, Any]]:
    """The resources of one snapshot."""
    return json.loads((SNAPSHOTS / f"{name}.snapshot.json").read_text())["predictedResources"]


def of_kind(name: str, kind: str) -> list[dict[str, Any]]:
    return [one for one in deployed(name) if one["type"] == kind]


def assigned(name: str) -> list[str]:
    """Where the app gets roles outside of its own resource group: what their names are made of."""
    names = [one["name"] for one in of_kind(name, "Microsoft.Authorization/roleAssignments")]
    where = [one.partition("[guid('")[2].partition("'")[0].lower() for one in names]
    assert all(where)
    return sorted(one for one in where if "/rg-prod/" not in one)


def test_each_parameter_file_has_its_snapshot() -> None:
    assert PARAMETERS
    assert {one.stem for one in PARAMETERS} == {
        one.name.removesuffix(".snapshot.json") for one in SNAPSHOTS.glob("*.snapshot.json")
    }


def test_everything_that_is_deployed_by_itself_has_a_snapshot() -> None:
    used = {one.read_text().partition("/infra/")[2].partition("'")[0] for one in PARAMETERS}
    assert used == {one.name for one in INFRA.glob("*.bicep")}


@pytest.mark.parametrize("name", [one.stem for one in PARAMETERS])
def test_nothing_is_deployed_twice(name: str) -> None:
    times = Counter(one["id"].lower() for one in deployed(name))
    assert [one for one, count in times.items() if count > 1] == []


@pytest.mark.parametrize("name", [one.stem for one in PARAMETERS])
def test_what_would_be_deployed_is_known_but_for_assignments(name: str) -> None:
    """An id that only the deployment itself can tell is not shown by a preview."""
    unknown = {one["type"] for one in deployed(name) if one["id"].startswith("[")}
    assert unknown <= {"Microsoft.Authorization/roleAssignments"}


def test_a_scope_counts_once_however_it_is_written() -> None:
    roles = of_kind("scopes", "Microsoft.Authorization/roleDefinitions")
    named = [APP, APP.replace("0", "1"), APP.replace("0", "3")]
    assert [one["properties"]["assignableScopes"] for one in roles] == [named, named]
    assert assigned("scopes") == [named[1], WEB, f"{named[2]}/resourcegroups/golden"]


def test_events_that_are_not_kept_need_no_identity_and_are_watched_all_the_same() -> None:
    (topic,) = of_kind("scopes", "Microsoft.EventGrid/systemTopics")
    (alert,) = of_kind("scopes", "Microsoft.Insights/metricAlerts")
    assert topic["identity"] == {"type": "None"}
    (watched,) = alert["properties"]["criteria"]["allOf"]
    assert watched["metricName"] == "DroppedEventCount"


def test_events_that_are_kept_are_written_as_the_topic() -> None:
    (topic,) = of_kind("everything", "Microsoft.EventGrid/systemTopics")
    (alert,) = of_kind("everything", "Microsoft.Insights/metricAlerts")
    assert topic["identity"] == {"type": "SystemAssigned"}
    (watched,) = alert["properties"]["criteria"]["allOf"]
    assert watched["metricName"] == "DeadLetteredCount"


def test_a_subscription_without_a_place_for_dead_letters_has_none() -> None:
    (one,) = deployed("event-subscription-dropping")
    assert one["properties"]["deadLetterWithResourceIdentity"] is None


def test_no_events_no_alert_on_them() -> None:
    assert of_kind("default", "Microsoft.Insights/metricAlerts") == []


def test_under_a_management_group_everywhere_is_said_and_nothing_assigned_here() -> None:
    sites = of_kind("under-a-management-group", "Microsoft.Web/sites/config")
    settings = next(one for one in sites if one["name"].endswith("/appsettings"))
    assert settings["properties"]["ROLLOUT_SCOPES"] == "everywhere"
    assert assigned("under-a-management-group") == []


def test_an_app_that_may_only_plan_has_no_action_but_those_that_read() -> None:
    actions = [action for role in actions_of("plan-only") for action in role]
    assert len(actions) > 10
    assert [action for action in actions if not action.endswith("/read")] == []
    writing = [action for role in actions_of("scopes") for action in role]
    assert {each for each in writing if each.endswith("/read")} == {*actions}
    assert len(set(writing) - set(actions)) == 3


def test_alerts_and_metrics_are_read_only_where_that_is_asked_for() -> None:
    more = {"Microsoft.AlertsManagement/alerts/read", "Microsoft.Insights/metrics/read"}
    assert more <= {action for role in actions_of("everything") for action in role}
    assert not more & {action for role in actions_of("default") for action in role}


def actions_of(name: str) -> list[list[str]]:
    roles = of_kind(name, "Microsoft.Authorization/roleDefinitions")
    return [role["properties"]["permissions"][0]["actions"] for role in roles]
