"""Asks for a metric: POST https://{region}.metrics.monitor.azure.com/…/metrics:getBatch."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from compute.scale_sets import read_scale_set
from monitor.alerts import begin_of
from monitor.asking import asked
from monitor.client import metrics_client
from rollout.gates import (
    Answered,
    ComparedTo,
    GatePlace,
    GateQuestion,
    MetricGate,
    MetricReading,
    by_instance,
)
from rollout.inventory import ScaleSetId

_MINUTE = timedelta(minutes=1)
_MOST_INSTANCES = 1000
"""Without saying so, Azure answers ten series."""
_UNTOUCHED = {GatePlace.START, GatePlace.BEFORE_BATCH}

type _Span = tuple[datetime, datetime]


async def ask_metrics(gate: MetricGate, question: GateQuestion) -> Answered:
    """One query; one more for what was before the rollout (also when nobody is left to compare
    with), and the first time one for the region of the scale set.
    """
    resource = gate.resource or str(question.scale_set)
    subscription = resource.split("/")[2]

    def read() -> Answered:
        return gate.judged(_reading(gate, question, resource))

    needs = f"the role Monitoring Reader on the whole subscription /subscriptions/{subscription}"
    return await asked(read, f"read {gate.name} of", resource, needs)


def _reading(gate: MetricGate, question: GateQuestion, resource: str) -> MetricReading:
    region = gate.region or region_of_set(question.scale_set)
    span = span_of(gate, question)
    if gate.compared_to is ComparedTo.NOT_UPGRADED:
        series = _by_instance(gate, resource, region, span)
        name = question.scale_set.name
        values = by_instance(series, name, question.instance_ids)
        if question.others:
            others = by_instance(series, name, question.others)
            return MetricReading(values=values, others=others)
        return _beside_before(gate, question, resource, region, values)
    values = _whole(gate, resource, region, span)
    if gate.compared_to is ComparedTo.NUMBER:
        return MetricReading(values=values)
    return _beside_before(gate, question, resource, region, values)


def _beside_before(
    gate: MetricGate, question: GateQuestion, resource: str, region: str, values: list[float]
) -> MetricReading:
    before = (question.began - gate.window, question.began)
    if (
        gate.compared_to is ComparedTo.NOT_UPGRADED
    ):  # each instance alone: a sum of all is no measure
        found = _by_instance(gate, resource, region, before)
        others = [value for series in found.values() for value in series]
    else:
        others = _whole(gate, resource, region, before)
    return MetricReading(values=values, others=others, before=True)


def span_of(gate: MetricGate, question: GateQuestion) -> _Span:
    """The window that ends now. After a batch it begins with the batch at the earliest: what was
    before says nothing about it. (At a plan, nothing has begun.)
    """
    begin, batch = question.now - gate.window, begin_of(question)
    if question.place in _UNTOUCHED or batch == question.now:
        return begin, question.now
    return max(begin, batch), question.now


@cache
def region_of_set(scale_set: ScaleSetId) -> str:
    """It never changes. Raises ArmFailure."""
    return read_scale_set(scale_set).location.replace(" ", "").lower()


def _whole(gate: MetricGate, resource: str, region: str, span: _Span) -> list[float]:
    return [
        value for series in _series(gate, resource, region, span) for value in _of(gate, series)
    ]


def _by_instance(
    gate: MetricGate, resource: str, region: str, span: _Span
) -> dict[str, list[float]]:
    split = {"filter": f"{gate.dimension} eq '*'", "max_results": _MOST_INSTANCES}
    found = _series(gate, resource, region, span, **split)
    return {name: [*_of(gate, each)] for each in found for name in each.metadata_values.values()}


def _series(
    gate: MetricGate, resource: str, region: str, span: _Span, **more: Any
) -> Iterator[Any]:
    if span[1] - span[0] < _MINUTE:
        return
    results = metrics_client(region).query_resources(
        resource_ids=[resource],
        metric_namespace=gate.asked_namespace,
        metric_names=[gate.name],
        timespan=span,
        granularity=_MINUTE,
        aggregations=[gate.aggregation.value],
        **more,
    )
    for result in results:
        for metric in result.metrics:
            yield from metric.timeseries


def _of(gate: MetricGate, series: Any) -> Iterator[float]:
    for point in series.data:
        value = getattr(point, gate.aggregation.value)
        if value is not None:
            yield float(value)
