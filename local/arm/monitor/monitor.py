"""The simulated Azure Monitor. It is given the time; its owner does the locking."""

from dataclasses import dataclass, field
from datetime import datetime

from local.arm.base import guid
from local.arm.monitor.alert import Alert, AlertSpec
from local.arm.monitor.logs import LogAnswer
from local.arm.monitor.series import Series, SeriesSpec


@dataclass
class Monitor:
    """What fired, what is measured, what queries answer."""

    alerts: dict[str, Alert] = field(default_factory=dict[str, Alert])
    series: dict[str, Series] = field(default_factory=dict[str, Series])
    answers: list[LogAnswer] = field(default_factory=list[LogAnswer])
    _count: int = 0

    def fire(self, spec: AlertSpec, now: datetime) -> Alert:
        self._count += 1
        alert = Alert(id=guid("alert", self._count), spec=spec, fired_at=now + spec.after)
        self.alerts[alert.id] = alert
        return alert

    def resolve(self, alert_id: str, now: datetime) -> Alert | None:
        """End an alert; one that has not fired yet never does. None if there is none."""
        alert = self.alerts.get(alert_id.lower())
        if alert is not None and alert.fired_at > now:
            del self.alerts[alert.id]
        if alert is not None:
            alert.resolved_at = alert.resolved_at or now
        return alert

    def measure(self, spec: SeriesSpec, now: datetime) -> None:
        self.series.setdefault(spec.key, Series(spec)).say(spec, now)

    def unmeasure(self, series_id: str) -> bool:
        """Take a series away, as if it had never been: whether there was one."""
        found = [key for key, series in self.series.items() if series.id == series_id]
        for key in found:
            del self.series[key]
        return bool(found)

    def series_of(self, resource: str, name: str, namespace: str) -> list[Series]:
        """Those of one metric of one resource; names have no case."""
        wanted = (resource.strip("/").lower(), name.lower(), namespace.lower())
        return [
            each
            for each in self.series.values()
            if wanted
            == (
                each.spec.resource.strip("/").lower(),
                each.spec.name.lower(),
                each.spec.type.lower(),
            )
        ]

    def declare(self, answer: LogAnswer) -> None:
        """It replaces what was declared for the same target and part of a query."""
        self.withdraw(answer.id)
        self.answers = [*self.answers, answer]

    def withdraw(self, answer_id: str) -> bool:
        """Take an answer to queries away: whether there was one."""
        left = [each for each in self.answers if each.id != answer_id]
        found = len(left) < len(self.answers)
        self.answers = left
        return found

    def answer(self, target: str, query: str) -> LogAnswer | None:
        """The answer to a query; None if none was declared."""
        return next((each for each in reversed(self.answers) if each.answers(target, query)), None)
