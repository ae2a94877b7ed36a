"""Azure Monitor's answers, and what was declared as the controls show it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from statistics import fmean

from local.arm.base import Json, instant, without_none
from local.arm.monitor import Alert, LogAnswer, MetricQuery, Point, Series, Table, TimeSeries

_AGGREGATIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "average": fmean,
    "minimum": min,
    "maximum": max,
    "total": sum,
    "count": len,
}


def alert_body(alert: Alert, subscription: str) -> Json:
    """As documented (Alerts_List.json of version 2019-05-05-preview)."""
    spec = alert.spec
    parts = spec.resource.strip("/").split("/")
    essentials = {
        "severity": spec.severity,
        "signalType": spec.signal_type,
        "alertState": spec.alert_state,
        "monitorCondition": alert.condition(),
        "monitorService": spec.monitor_service,
        "targetResource": spec.resource,
        "targetResourceName": parts[-1],
        "targetResourceGroup": spec.resource.lower().partition("/resourcegroups/")[2].split("/")[0],
        "targetResourceType": "/".join(parts[-3:-1]).lower(),
        "alertRule": spec.rule,
        "startDateTime": _utc(alert.fired_at),
        "lastModifiedDateTime": _utc(alert.changed_at),
        "lastModifiedUserName": "System",
        "monitorConditionResolvedDateTime": _utc(alert.resolved_at),
        "actionStatus": {"isSuppressed": False},
        "description": spec.description,
    }
    return {
        "properties": {"essentials": without_none(essentials), "egressConfig": {}, "context": {}},
        "id": f"/subscriptions/{subscription}/providers/Microsoft.AlertsManagement/alerts/"
        f"{alert.id}",
        "type": "Microsoft.AlertsManagement/alerts",
        "name": spec.rule.rsplit("/", 1)[-1],
    }


def shown_alert(alert: Alert) -> Json:
    return {
        "id": alert.id,
        "condition": alert.condition(),
        "firedAt": instant(alert.fired_at),
        "resolvedAt": instant(alert.resolved_at) if alert.resolved_at else None,
        **alert.spec.model_dump(mode="json", by_alias=True),
    }


def shown_series(series: Series) -> Json:
    """`value` is the latest that was said."""
    said = series.spec.model_dump(mode="json", by_alias=True, exclude={"since"})
    return {"id": series.id, **said}


def shown_answer(answer: LogAnswer) -> Json:
    return {"id": answer.id, **answer.model_dump(mode="json", by_alias=True)}


def metrics_body(
    query: MetricQuery, resource: str, found: Iterable[tuple[str, list[Series], list[TimeSeries]]]
) -> Json:
    """What one resource's metrics are: for each, its name, its series and the answer. As documented
    (MetricBatchExample.json of version 2024-02-01).
    """
    metrics = [_metric(query, resource, *each) for each in found]
    return {
        "starttime": _utc(query.start),
        "endtime": _utc(query.end),
        "interval": query.interval,
        "value": metrics,
        "namespace": query.namespace.lower(),
        "resourceregion": "westus",
        "resourceid": resource,
    }


def _metric(
    query: MetricQuery, resource: str, name: str, series: list[Series], answer: list[TimeSeries]
) -> Json:
    named = {"value": name, "localizedValue": name}
    return {
        "id": f"{resource}/providers/Microsoft.Insights/metrics/{name}",
        "type": "Microsoft.Insights/metrics",
        "name": named,
        "displayDescription": name,
        "unit": series[0].spec.unit if series else "Unspecified",
        "timeseries": [_time_series(query, each) for each in answer],
        "errorCode": "Success",
    }


def _time_series(query: MetricQuery, series: TimeSeries) -> Json:
    """The names of dimensions are in lower case, as documented."""
    named = [
        {"name": {"value": name, "localizedValue": name}, "value": value}
        for name, value in series.dimensions.items()
    ]
    data = [_point(point, query.aggregations) for point in series.points]
    return {"metadatavalues": named, "data": data}


def _point(point: Point, aggregations: Iterable[str]) -> Json:
    """An interval without values has only its time, as documented."""
    values = {
        name: _AGGREGATIONS[name](point.values)
        for name in aggregations
        if name in _AGGREGATIONS and point.values
    }
    return {"timeStamp": _utc(point.at), **values}


def log_body(answer: LogAnswer) -> Json:
    """As documented (la-post-example.json); a partial error comes with the table."""
    body: Json = {"tables": [_table(answer.table)]}
    return body | log_error(answer) if answer.partial else body


def log_error(answer: LogAnswer) -> Json:
    code = "PartialError" if answer.partial else answer.error
    inner = {"code": answer.error, "message": answer.message}
    return {"error": {"code": code, "message": answer.message, "innererror": inner}}


def _table(table: Table) -> Json:
    columns = [{"name": name, "type": kind} for name, kind in table.columns.items()]
    return {"name": table.name, "columns": columns, "rows": table.rows}


def _utc(moment: datetime | None) -> str | None:
    """As Azure Monitor writes instants: "2023-02-01T20:00:00.123Z"."""
    if moment is None:
        return None
    at = moment.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
