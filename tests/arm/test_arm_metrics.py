"""The simulated metrics, as their real SDK sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from arm_world import World
from azure.core.exceptions import HttpResponseError
from azure.monitor.querymetrics import MetricsClient
from monitored import BALANCER, CPU, MINUTE, NETWORK, Connect, measure

from local.arm.base.ids import SUBSCRIPTION
from local.arm.model.fault import Denied


@pytest.fixture
def metrics(world: World, connect: Connect) -> Callable[..., list[Any]]:
    """The time series of a metric of the balancer or of what is asked for."""
    client = connect(MetricsClient, endpoint=world.url)

    def ask(resource: str, name: str, namespace: str, minutes: int = 5, **more: Any) -> list[Any]:
        end = world.azure.clock.now()
        [result] = client.query_resources(
            resource_ids=[resource],
            metric_namespace=namespace,
            metric_names=[name],
            timespan=(end - minutes * MINUTE, end),
            **{"aggregations": ["average"], "granularity": MINUTE, **more},
        )
        return result.metrics[0].timeseries

    return ask


def values(series: Any) -> list[float | None]:
    return [point.average for point in series.data]


def test_a_metric_shows_what_was_said_from_then_on(
    world: World, metrics: Callable[..., list[Any]]
) -> None:
    measure(world, 10)
    world.pass_time(180)
    measure(world, 90)
    world.pass_time(120)
    [series] = metrics(BALANCER, CPU, NETWORK)
    assert values(series) == [10, 10, 10, 90, 90]
    assert series.metadata_values == {}


def test_minutes_without_a_value_have_only_their_time(
    world: World, metrics: Callable[..., list[Any]]
) -> None:
    measure(world, None)
    world.pass_time(300)
    measure(world, 1, delay="PT1M", since=(world.azure.clock.now() - 3 * MINUTE).isoformat())
    [series] = metrics(BALANCER, CPU, NETWORK)
    assert values(series) == [None, None, 1, 1, 1]
    measure(world, 1, delay="PT3M", since=(world.azure.clock.now() - 3 * MINUTE).isoformat())
    [series] = metrics(BALANCER, CPU, NETWORK)
    assert values(series) == [None, None, 1, None, None]


def test_series_are_split_by_a_dimension_only_if_that_is_asked(
    world: World, metrics: Callable[..., list[Any]]
) -> None:
    scale_set = world.add("web")
    namespace = "Microsoft.Compute/virtualMachineScaleSets"
    for number in range(12):
        measure(world, number, scale_set, dimensions={"VMName": f"web_{number}"})
    [whole] = metrics(scale_set, CPU, namespace, aggregations=["average", "maximum", "count"])
    assert (whole.data[0].average, whole.data[0].maximum, whole.data[0].count) == (5.5, 11, 12)
    split = metrics(scale_set, CPU, namespace, filter="VMName eq '*'")
    assert [each.metadata_values["vmname"] for each in split][:2] == ["web_0", "web_1"]
    assert len(split) == 10, "Azure's own limit"
    assert len(metrics(scale_set, CPU, namespace, filter="VMName eq '*'", max_results=50)) == 12
    some = "VMName eq 'web_3' or VMName eq 'WEB_4'"
    assert [values(each)[0] for each in metrics(scale_set, CPU, namespace, filter=some)] == [3, 4]
    assert metrics(scale_set, CPU, namespace, filter="Other eq '*'") == []


def test_longer_intervals_are_summed_up(world: World, metrics: Callable[..., list[Any]]) -> None:
    measure(world, 2)
    [series] = metrics(
        BALANCER, CPU, NETWORK, aggregations=["total", "count"], granularity=5 * MINUTE
    )
    assert [(point.total, point.count) for point in series.data] == [(10, 5)]


def test_a_metric_that_the_resource_has_not_is_refused(metrics: Callable[..., list[Any]]) -> None:
    with pytest.raises(HttpResponseError) as raised:
        metrics(BALANCER, "Nothing", NETWORK)
    assert raised.value.status_code == 400
    assert raised.value.error
    assert raised.value.error.message
    assert "Nothing" in raised.value.error.message


def test_metrics_need_a_right_on_the_subscription(
    world: World, metrics: Callable[..., list[Any]]
) -> None:
    measure(world, 1)
    world.fault(Denied())
    with pytest.raises(HttpResponseError) as raised:
        metrics(BALANCER, CPU, NETWORK)
    assert raised.value.error
    assert f"'Microsoft.Insights/metrics/read' over scope '/subscriptions/{SUBSCRIPTION}'" in str(
        raised.value
    )


def test_what_one_metric_shows_is_taken_away(world: World) -> None:
    for number in range(2):
        measure(world, 40, dimensions={"VMName": f"web_{number}"})
    [first, second] = world.http.get("/_sim/metrics").json()
    assert world.http.delete(f"/_sim/metrics/{first['id']}").status_code == 204
    assert world.http.get("/_sim/metrics").json() == [second]
    refused = world.http.delete(f"/_sim/metrics/{first['id']}")
    assert (refused.status_code, "GET /_sim/metrics" in refused.text) == (404, True)
