"""Tokens leave for their own part of Azure only, and with reads only."""

from asyncio import run
from collections.abc import Callable
from typing import Any

import pytest
from arm_world import World
from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.rest import HttpRequest
from monitored import BALANCER, CPU, RATE, WORKSPACE, answer, measure

from monitor import ask_alerts, ask_logs, ask_metrics
from monitor.client import alerts_client, logs_client, metrics_client
from monitor.reads_policy import ReadsPolicy
from rollout.base import ArmFailure, SettingError
from rollout.gates import AlertGate, GateQuestion, GateVerdict, MetricGate, QueryGate
from settings import read_settings
from settings.cloud import Cloud


def test_each_part_is_asked_with_a_token_of_its_own(
    world: World, question: Callable[..., GateQuestion]
) -> None:
    measure(world, 1, BALANCER)
    answer(world, table=RATE)
    alert = AlertGate.from_request({"kind": "alert"})
    metric = MetricGate.from_request(
        {"kind": "metric", "name": CPU, "condition": "< 80", "resource": BALANCER}
    )
    query = QueryGate.from_request(
        {"kind": "query", "workspace": WORKSPACE, "query": "x", "column": "rate",
         "condition": "< 1"}
    )  # fmt: skip
    answers = [
        run(ask_alerts(alert, question(alert))),
        run(ask_metrics(metric, question(metric))),
        run(ask_logs(query, question(query))),
    ]
    assert [each.verdict for each in answers] == [GateVerdict.PASSED] * 3
    assert set(world.azure.tokens) == {
        "https://management.azure.com",
        "https://metrics.monitor.azure.com",
        "https://api.loganalytics.io",
    }


def endpoints(monkeypatch: pytest.MonkeyPatch, cloud: str) -> list[str]:
    monkeypatch.setenv("AZURE_ENVIRONMENT", cloud)
    clients: list[Any] = [alerts_client("s"), metrics_client("westus"), logs_client()]
    return [
        clients[0]._client._base_url,
        *(each._config.endpoint for each in clients[1:]),
        *(each._config.credential_scopes[0] for each in clients),
    ]


def test_each_cloud_has_its_own_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ARM_ENDPOINT", "MONITOR_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    assert endpoints(monkeypatch, "AzureCloud") == [
        "https://management.azure.com",
        "https://westus.metrics.monitor.azure.com",
        "https://api.loganalytics.io",
        "https://management.azure.com/.default",
        "https://metrics.monitor.azure.com/.default",
        "https://api.loganalytics.io/.default",
    ]
    assert endpoints(monkeypatch, "AzureUSGovernment")[1:3] == [
        "https://westus.metrics.monitor.azure.us",
        "https://api.loganalytics.us",
    ]


@pytest.mark.parametrize("region", ["", "evil.example/", "a@b", "a.b", "west us", "x#", "WESTUS"])
def test_what_is_no_region_is_no_host(region: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a region"):
        Cloud.PUBLIC.metrics_endpoint(region)


@pytest.mark.parametrize("endpoint", ["http://monitor.azure.com", "http://127.0.0.1.evil.com", "x"])
def test_plain_http_is_for_loopback_only(endpoint: str) -> None:
    with pytest.raises(SettingError, match="MONITOR_ENDPOINT"):
        read_settings({"MONITOR_ENDPOINT": endpoint})
    assert read_settings({"MONITOR_ENDPOINT": "http://127.0.0.1:1/"}).insecure_monitor


SUBSCRIPTION = "/subscriptions/s-1"
INSIGHTS = f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Insights/components/shop"


def send(method: str, path: str) -> None:
    request = HttpRequest(method, f"https://x.example{path}")
    ReadsPolicy().on_request(PipelineRequest(request, PipelineContext(None)))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts?x=y"),
        ("POST", f"{SUBSCRIPTION}/metrics:getBatch?x=y"),
        ("POST", f"/v1/workspaces/{WORKSPACE}/query"),
        ("POST", f"/v1{INSIGHTS}/query"),
    ],
)
def test_reads_pass(method: str, path: str) -> None:
    send(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/register"),
        ("POST", f"{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts"),
        ("GET", f"{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts/1"),
        ("GET", f"{SUBSCRIPTION}/metrics:getBatch"),
        ("POST", "/v1/$batch"),
        ("POST", f"/v1/workspaces/../..{SUBSCRIPTION}/query"),
        ("POST", "/v1/workspaces/%2e%2e/query"),
        ("POST", f"/v1{INSIGHTS}/../x/query"),
        ("DELETE", f"/v1{INSIGHTS}/query"),
    ],
)
def test_nothing_else_passes(method: str, path: str) -> None:
    with pytest.raises(ArmFailure) as raised:
        send(method, path)
    assert raised.value.error.code == "OutOfScope"
