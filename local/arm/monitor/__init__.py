"""What the simulated Azure Monitor has: alerts that fired, metrics, and the answers to queries."""

from local.arm.monitor.alert import Alert, AlertSpec
from local.arm.monitor.alert_filter import AlertFilter
from local.arm.monitor.logs import LogAnswer, Table
from local.arm.monitor.metric_query import MetricQuery, Point, TimeSeries
from local.arm.monitor.monitor import Monitor
from local.arm.monitor.series import Series, SeriesSpec

__all__ = [
    "Alert",
    "AlertFilter",
    "AlertSpec",
    "LogAnswer",
    "MetricQuery",
    "Monitor",
    "Point",
    "Series",
    "SeriesSpec",
    "Table",
    "TimeSeries",
]
