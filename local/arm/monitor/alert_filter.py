"""Which alerts a list has: Microsoft.AlertsManagement's filters, version 2019-05-05-preview."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from local.arm.base import bad_request
from local.arm.monitor.alert import Alert

_RANGES = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_BY_START = "startdatetime"
_MOST = 250


class AlertFilter:
    """The query of a list. That a range counts from when an alert last changed is assumed; so are
    the texts of what is refused.
    """

    def __init__(self, query: Mapping[str, str], now: datetime) -> None:
        self._asked = {name.lower(): value for name, value in query.items()}
        self._now = now
        self._since = now - self._range()
        self.page_size = self._page_size()

    def apply(self, alerts: Iterable[Alert]) -> list[Alert]:
        """The latest first, unless another order was asked for."""
        found = [alert for alert in alerts if self._has(alert)]
        by_start = self._asked.get("sortby", "").lower() == _BY_START
        ascending = self._asked.get("sortorder", "desc").lower() == "asc"
        return sorted(
            found,
            key=lambda alert: (alert.fired_at if by_start else alert.changed_at, alert.id),
            reverse=not ascending,
        )

    def _has(self, alert: Alert) -> bool:
        group = alert.spec.resource.lower().partition("/resourcegroups/")[2].partition("/")[0]
        return (
            self._since <= alert.changed_at
            and alert.fired_at <= self._now
            and self._is("monitorcondition", alert.condition())
            and self._is("severity", alert.spec.severity)
            and self._is("alertstate", alert.spec.alert_state)
            and self._is("targetresource", alert.spec.resource)
            and self._is("targetresourcegroup", group)
            and self._is("alertrule", alert.spec.rule)
        )

    def _is(self, name: str, value: str) -> bool:
        wanted = self._asked.get(name, "").strip("/").lower()
        return not wanted or wanted == value.strip("/").lower()

    def _range(self) -> timedelta:
        text = self._asked.get("timerange", "1d")
        if text not in _RANGES:
            raise bad_request(f"The time range '{text}' is not valid: {', '.join(_RANGES)}.")
        return _RANGES[text]

    def _page_size(self) -> int:
        text = self._asked.get("pagecount", "25")
        if not text.isdecimal() or not 1 <= int(text) <= _MOST:
            raise bad_request(f"The page count '{text}' is not valid: from 1 to {_MOST}.")
        return int(text)
