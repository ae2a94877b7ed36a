"""The simulated logs, as their real SDK sees them; and whose a token is."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import World
from azure.core.exceptions import HttpResponseError
from azure.mgmt.alertsmanagement import AlertsManagementClient
from azure.monitor.query import LogsQueryClient, LogsQueryPartialResult, LogsQueryResult
from azure.monitor.querymetrics import MetricsClient
from monitored import (
    BALANCER,
    CPU,
    INSIGHTS,
    MINUTE,
    NETWORK,
    RATE,
    WORKSPACE,
    Connect,
    answer,
    fire,
    measure,
)

from local.arm.base.ids import SUBSCRIPTION
from local.arm.model.fault import Denied, Throttle


@pytest.fixture
def logs(world: World, connect: Connect) -> LogsQueryClient:
    return connect(LogsQueryClient, endpoint=world.url)


def test_a_query_is_answered_with_the_table_that_was_declared(
    world: World, logs: LogsQueryClient
) -> None:
    answer(world, target=WORKSPACE, table=RATE)
    answer(world, target=WORKSPACE, query="exceptions", table={**RATE, "rows": [[9, 1]]})
    found = logs.query_workspace(WORKSPACE, "requests | take 1", timespan=MINUTE)
    assert isinstance(found, LogsQueryResult)
    assert found.tables[0].rows[0]["rate"] == 0.2
    other = logs.query_workspace(WORKSPACE, "Exceptions | take 1", timespan=MINUTE)
    assert isinstance(other, LogsQueryResult)
    assert other.tables[0].rows[0]["rate"] == 9
    none = logs.query_resource(INSIGHTS, "requests", timespan=MINUTE)
    assert isinstance(none, LogsQueryResult)
    assert none.tables[0].rows == []


def test_a_resource_is_asked_by_its_id(world: World, logs: LogsQueryClient) -> None:
    answer(world, target=INSIGHTS, table=RATE)
    found = logs.query_resource(INSIGHTS, "requests", timespan=MINUTE)
    assert isinstance(found, LogsQueryResult)
    assert found.tables[0].rows[0]["n"] == 4000


def test_a_query_fails_in_part_or_wholly(world: World, logs: LogsQueryClient) -> None:
    answer(world, error="QueryTimeout", message="too much", partial=True, table=RATE)
    part = logs.query_workspace(WORKSPACE, "requests", timespan=MINUTE)
    assert isinstance(part, LogsQueryPartialResult)
    assert part.partial_error
    assert (part.partial_error.code, part.partial_error.message) == ("PartialError", "too much")
    answer(world, error="BadArgumentError", message="no such table")
    with pytest.raises(HttpResponseError) as raised:
        logs.query_workspace(WORKSPACE, "requests", timespan=MINUTE)
    assert (raised.value.status_code, "no such table" in str(raised.value)) == (400, True)
    assert len(world.http.get("/_sim/logs").json()) == 1


def test_an_answer_is_taken_away(world: World) -> None:
    answer(world, target=WORKSPACE, table=RATE)
    answer(world, query="exceptions", table=RATE)
    [first, second] = world.http.get("/_sim/logs").json()
    assert world.http.delete(f"/_sim/logs/{first['id']}").status_code == 204
    assert world.http.get("/_sim/logs").json() == [second]
    refused = world.http.delete(f"/_sim/logs/{first['id']}")
    assert (refused.status_code, "GET /_sim/logs" in refused.text) == (404, True)


def test_what_monitor_has_is_shown_with_everything_else(world: World) -> None:
    fire(world)
    measure(world, 40)
    answer(world, table=RATE)
    shown = world.http.get("/_sim").json()
    for name in ("alerts", "metrics", "logs"):
        assert shown[name] == world.http.get(f"/_sim/{name}").json() != []


def test_an_identity_without_rights_is_told_so_as_recorded(
    world: World, logs: LogsQueryClient
) -> None:
    world.fault(Denied())
    with pytest.raises(HttpResponseError, match="InsufficientAccessError") as raised:
        logs.query_workspace(WORKSPACE, "requests", timespan=MINUTE)
    assert raised.value.status_code == 403


def test_azure_monitor_throttles(world: World, logs: LogsQueryClient) -> None:
    world.fault(Throttle(retry_after=7))
    with pytest.raises(HttpResponseError) as raised:
        logs.query_workspace(WORKSPACE, "requests", timespan=MINUTE)
    assert raised.value.status_code == 429
    response: Any = raised.value.response
    assert response.headers["Retry-After"] == "7"


TOKENS = {
    "logs": "https://api.loganalytics.io",
    "metrics": "https://metrics.monitor.azure.com",
    "arm": "https://management.azure.com",
}


@pytest.mark.parametrize("whose", TOKENS)
def test_a_token_opens_its_own_part_of_azure_only(
    world: World, connect: Connect, whose: str
) -> None:
    given = world.http.get(
        "/msi/token", params={"resource": TOKENS[whose]}, headers={"X-IDENTITY-HEADER": "x"}
    )
    token = given.json()["access_token"]
    measure(world, 1)
    logs = connect(LogsQueryClient, token, endpoint=world.url)
    metrics = connect(MetricsClient, token, endpoint=world.url)
    arm = connect(AlertsManagementClient, token, subscription_id=SUBSCRIPTION, base_url=world.url)
    calls: dict[str, Callable[[], object]] = {
        "logs": lambda: logs.query_workspace(WORKSPACE, "requests", timespan=MINUTE),
        "metrics": lambda: metrics.query_resources(
            resource_ids=[BALANCER], metric_namespace=NETWORK, metric_names=[CPU]
        ),
        "arm": lambda: list(arm.alerts.get_all()),
    }
    calls.pop(whose)()
    for call in calls.values():
        with pytest.raises(HttpResponseError) as raised:
            call()
        assert raised.value.status_code == 401


def test_what_was_declared_is_shown_and_forgotten(world: World) -> None:
    fire(world)
    measure(world, 1)
    answer(world, table=RATE)
    for kind in ("alerts", "metrics", "logs"):
        assert len(world.http.get(f"/_sim/{kind}").json()) == 1
        world.http.delete(f"/_sim/{kind}")
        assert world.http.get(f"/_sim/{kind}").json() == []
