"""A query of metrics, read: POST /subscriptions/{id}/metrics:getBatch, version 2024-02-01."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from local.arm.base import bad_request
from local.arm.monitor.series import Series

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_CONDITION = re.compile(r"\s*(?P<name>.+?)\s+eq\s+'(?P<value>[^']*)'\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:and|or)\s+", re.IGNORECASE)
_MOMENT, _DURATION = TypeAdapter(datetime), TypeAdapter(timedelta)
_FULL = "FULL"
_ANY = "*"


@dataclass(frozen=True)
class Point:
    """The values of one interval: of each series, each minute."""

    at: datetime
    values: tuple[float, ...]


@dataclass(frozen=True)
class TimeSeries:
    """The points of the series that have the same values of the dimensions that were asked for."""

    dimensions: Mapping[str, str]
    points: tuple[Point, ...]


class MetricQuery:
    """Raises ArmError for what cannot be read; the texts are ours."""

    def __init__(self, query: Mapping[str, str], now: datetime) -> None:
        asked = {name.lower(): value for name, value in query.items()}
        self.names = [name for name in asked.get("metricnames", "").split(",") if name]
        self.namespace = asked.get("metricnamespace", "")
        if not self.names or not self.namespace:
            raise bad_request("The query parameters metricnames and metricnamespace are required.")
        self.interval = asked.get("interval", "PT1M")
        self.aggregations = asked.get("aggregation", "average").lower().split(",")
        self.end = _moment(asked.get("endtime")) or now
        self.start = _moment(asked.get("starttime")) or self.end - _HOUR
        self._conditions = _conditions(asked.get("filter", ""))
        self._most = int(asked.get("top", "10"))
        self._now = now

    def answer(self, found: Iterable[Series]) -> list[TimeSeries]:
        """As documented, without a filter all is one series; with one, there is one series for each
        combination of the values of its dimensions, at most `top` of them.
        """
        if not self._conditions:
            return [TimeSeries({}, self._points([*found]))]
        groups: dict[tuple[str, ...], list[Series]] = {}
        for series in found:
            if (values := self._values(series)) is not None:
                groups.setdefault(values, []).append(series)
        names = [*self._conditions]
        return [
            TimeSeries(dict(zip(names, values, strict=True)), self._points(group))
            for values, group in [*groups.items()][: self._most]
        ]

    def _values(self, series: Series) -> tuple[str, ...] | None:
        """Its values of the dimensions in the filter; None if the filter leaves it out."""
        values: list[str] = []
        for name, wanted in self._conditions.items():
            value = series.dimension(name)
            if value is None or (_ANY not in wanted and value.lower() not in wanted):
                return None
            values.append(value)
        return tuple(values)

    def _points(self, group: list[Series]) -> tuple[Point, ...]:
        return tuple(
            Point(begin, tuple(self._measured(group, begin, begin + step)))
            for begin, step in self._intervals()
        )

    def _intervals(self) -> Iterator[tuple[datetime, timedelta]]:
        if self.interval.upper() == _FULL:
            yield self.start, self.end - self.start
            return
        step = _duration(self.interval)
        begin = self.start.replace(second=0, microsecond=0)
        while begin < self.end:
            yield begin, step
            begin += step

    def _measured(self, group: list[Series], begin: datetime, end: datetime) -> Iterator[float]:
        minute = begin.replace(second=0, microsecond=0)
        while minute < min(end, self._now):
            for series in group:
                value = series.at(minute, self._now)
                if value is not None:
                    yield value
            minute += _MINUTE


def _moment(text: str | None) -> datetime | None:
    try:
        read = _MOMENT.validate_python(text) if text else None
    except ValidationError as error:
        raise bad_request(f"'{text}' is not a time.") from error
    return read.replace(tzinfo=read.tzinfo or UTC) if read else None


def _duration(text: str) -> timedelta:
    try:
        read = _DURATION.validate_python(text)
    except ValidationError as error:
        raise bad_request(f"The interval '{text}' is not a duration.") from error
    if read < _MINUTE:
        raise bad_request(f"The interval '{text}' is below PT1M.")
    return read


def _conditions(text: str) -> dict[str, set[str]]:
    """The wanted values of each dimension, in lower case."""
    wanted: dict[str, set[str]] = {}
    for part in _BETWEEN.split(text) if text.strip() else ():
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise bad_request(f"The filter '{text}' is not valid.")
        wanted.setdefault(match["name"].lower(), set()).add(match["value"].lower())
    return wanted
