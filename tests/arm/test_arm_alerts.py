"""The simulated alerts, as their real SDK sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import World
from azure.core.exceptions import HttpResponseError
from azure.mgmt.alertsmanagement import AlertsManagementClient
from monitored import BALANCER, INSIGHTS, RULE, Connect, fire

from local.arm.base.ids import SUBSCRIPTION


@pytest.fixture
def alerts(world: World, connect: Connect) -> Callable[..., list[Any]]:
    client = connect(AlertsManagementClient, subscription_id=SUBSCRIPTION, base_url=world.url)

    def ask(**asked: Any) -> list[Any]:
        return list(client.alerts.get_all(**asked))

    return ask


def test_an_alert_that_fired_is_listed_as_documented(
    world: World, alerts: Callable[..., list[Any]]
) -> None:
    fire(world, description="errors")
    [alert] = alerts(monitor_condition="Fired")
    found = alert.properties.essentials
    assert (found.severity, found.monitor_condition) == ("Sev1", "Fired")
    assert (found.target_resource, found.alert_rule) == (BALANCER, RULE)
    assert found.start_date_time == world.azure.clock.now()
    assert found.target_resource_type == "microsoft.network/loadbalancers"
    assert found.target_resource_group == "demo"


def test_a_resolved_alert_is_resolved_and_stays(
    world: World, alerts: Callable[..., list[Any]]
) -> None:
    name = fire(world)
    world.pass_time(60)
    assert world.http.put(f"/_sim/alerts/{name}", json={"condition": "Resolved"}).is_success
    assert alerts(monitor_condition="Fired") == []
    [alert] = alerts()
    assert alert.properties.essentials.monitor_condition == "Resolved"
    assert world.http.delete("/_sim/alerts/none").status_code == 404
    world.http.delete("/_sim/alerts")
    assert alerts() == []


def test_an_alert_fires_when_it_is_said_to(world: World, alerts: Callable[..., list[Any]]) -> None:
    fire(world, after="PT1M")
    assert alerts() == []
    world.pass_time(60)
    assert len(alerts()) == 1
    never = fire(world, after="PT1M")
    world.http.delete(f"/_sim/alerts/{never}")
    world.pass_time(60)
    assert len(alerts()) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"severity": "Sev1"}, 1),
        ({"severity": "Sev2"}, 0),
        ({"target_resource": BALANCER.upper()}, 1),
        ({"target_resource": INSIGHTS}, 0),
        ({"target_resource_group": "demo"}, 1),
        ({"alert_rule": RULE}, 1),
        ({"alert_rule": "other"}, 0),
        ({"alert_state": "Closed"}, 0),
        ({"time_range": "1h"}, 0),
        ({"time_range": "1d"}, 1),
    ],
)
def test_alerts_are_filtered(
    world: World, alerts: Callable[..., list[Any]], asked: dict[str, str], found: int
) -> None:
    fire(world)
    world.pass_time(2 * 3600)
    assert len(alerts(**asked)) == found


def test_a_range_that_azure_does_not_have_is_refused(alerts: Callable[..., list[Any]]) -> None:
    with pytest.raises(HttpResponseError) as raised:
        alerts(time_range="2d")
    assert raised.value.status_code == 400
    with pytest.raises(HttpResponseError):
        alerts(page_count=500)


def test_a_long_list_of_alerts_comes_in_pages(
    world: World, alerts: Callable[..., list[Any]]
) -> None:
    for _ in range(5):
        fire(world)
        world.pass_time(1)
    found = alerts(page_count=2, sort_by="startDateTime")
    starts = [alert.properties.essentials.start_date_time for alert in found]
    assert starts == sorted(starts, reverse=True)
    assert len({alert.id for alert in found}) == 5
    asked = [each for each in world.azure.requests.all() if each.path.endswith("/alerts")]
    assert len(asked) == 3
