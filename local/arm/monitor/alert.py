"""Alerts: `POST /_sim/alerts`, or declared from Python."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from local.arm.base import Declared, Duration

type Severity = Literal["Sev0", "Sev1", "Sev2", "Sev3", "Sev4"]
type Condition = Literal["Fired", "Resolved"]


class AlertSpec(Declared):
    """One alert that fires. What is left out is as in the documented answers."""

    rule: str = Field(min_length=1)
    """The ARM id of the alert rule; some of Azure's services say a name or an address instead."""
    resource: str = Field(min_length=1)
    """The ARM id of what it is about."""
    severity: Severity = "Sev3"
    after: Duration = timedelta(0)
    """How long after now it fires."""
    monitor_service: str = "Platform"
    signal_type: Literal["Metric", "Log", "Unknown"] = "Metric"
    alert_state: Literal["New", "Acknowledged", "Closed"] = "New"
    description: str = ""


@dataclass
class Alert:
    """An alert that has fired, or will."""

    id: str
    spec: AlertSpec
    fired_at: datetime
    resolved_at: datetime | None = None

    def condition(self) -> Condition:
        return "Fired" if self.resolved_at is None else "Resolved"

    @property
    def changed_at(self) -> datetime:
        return self.resolved_at or self.fired_at
